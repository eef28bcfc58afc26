import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, loadForTraining, softmaxCrossEntropy} from '../../lib/index.js';
import type {CenterLossLayer} from '../../lib/index.js';
import {centeredClassifier, makeBatch, valuesOf} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {saveWithOptimizer} from '../support/saving.js';

/** Enough for a power of Adam's betas to be another float32 number than their product. */
const STEPS = 15;

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.1),
  adam: () => tf.train.adam(0.01),
};

/** Saved in memory: what a file would hold. */
async function save(model: tf.LayersModel): Promise<tf.io.IOHandler> {
  const saved = await saveWithOptimizer(model);
  return {load: () => Promise.resolve(saved)};
}

function compileArgs(optimizer: tf.Optimizer, layer: CenterLossLayer) {
  return {optimizer, loss: softmaxCrossEntropy, metrics: [categoricalAccuracy, layer.metric()]};
}

function layerOf(model: tf.LayersModel): CenterLossLayer {
  return model.getLayer('center_loss') as CenterLossLayer;
}

async function train(model: tf.LayersModel, epochs: number): Promise<tf.History['history']> {
  const {x, labels, oneHot} = makeBatch(8);
  const inputs = [x, labels.expandDims(1)];
  const {history} = await model.fit(inputs, oneHot, {batchSize: 8, epochs, shuffle: false, verbose: 0});
  tf.dispose([x, labels, oneHot, inputs]);
  return history;
}

describe('loadForTraining()', () => {
  for (const [name, optimizer] of Object.entries(OPTIMIZERS)) {
    it(`goes on with ${name} as if training had not been interrupted, to the bit`, async () => {
      const whole: Network = centeredClassifier({lossWeight: 0.1});
      whole.model.compile(compileArgs(optimizer(), whole.layer));
      await train(whole.model, STEPS);
      const file = await save(whole.model);
      const expected = await train(whole.model, STEPS);

      const loaded = await loadForTraining(file, (model) => compileArgs(optimizer(), layerOf(model)));
      expect(await train(loaded, STEPS)).toEqual(expected);
      expect(await valuesOf(loaded.getWeights())).toEqual(await valuesOf(whole.model.getWeights()));
    });
  }

  it('leaves no tensors behind but those of model and optimizer', async () => {
    const {model, layer} = centeredClassifier();
    model.compile(compileArgs(tf.train.adam(), layer));
    await train(model, 1);
    const file = await save(model);
    const before = tf.memory().numTensors;
    let optimizer = tf.train.adam();
    const loaded = await loadForTraining(file, (trained) => {
      optimizer = tf.train.adam();
      return compileArgs(optimizer, layerOf(trained));
    });
    await train(loaded, 1);
    loaded.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 2);
  });

  it('loads and compiles a model that was saved without its optimizer', async () => {
    const {model} = centeredClassifier();
    const file = tf.io.fromMemory({modelTopology: model.toJSON(null, false) as object});
    const loaded = await loadForTraining(file, (trained) => compileArgs(tf.train.sgd(0.1), layerOf(trained)));
    expect(Object.keys(await train(loaded, 1))).toEqual(['loss', 'categoricalAccuracy', 'centerLoss']);
  });

  it('refuses another kind of optimizer than the one whose state was saved', async () => {
    const {model, layer} = centeredClassifier();
    model.compile(compileArgs(tf.train.adam(), layer));
    await train(model, 1);
    const file = await save(model);
    await expect(
      loadForTraining(file, (trained) => compileArgs(tf.train.rmsprop(0.1), layerOf(trained))),
    ).rejects.toThrow('loadForTraining(): expected an optimizer Adam, as it was saved, but got RMSProp.');
  });

  it('refuses a place that nothing can be loaded from', async () => {
    await expect(
      loadForTraining('nowhere://model', () => ({optimizer: 'sgd', loss: softmaxCrossEntropy})),
    ).rejects.toThrow(
      'loadForTraining(): expected a URL that TensorFlow.js can load from, or a tf.io.IOHandler with a load method, ' +
        'but got "nowhere://model".',
    );
  });

  it('is needed since tf.loadLayersModel() knows functions by their names alone', async () => {
    const {model, layer} = centeredClassifier();
    model.compile(compileArgs(tf.train.adam(), layer));
    await train(model, 1);
    await expect(tf.loadLayersModel(await save(model))).rejects.toThrow('Unknown');
  });
});
