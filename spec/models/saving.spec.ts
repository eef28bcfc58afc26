import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer, softmaxCrossEntropy} from '../../lib/index.js';
import {centeredClassifier, compile, makeBatch, valuesOf} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {reload, save} from '../support/saving.js';

async function train(network: Network, steps: number, firstStep: number): Promise<void> {
  compile(network);
  for (let step = firstStep; step < firstStep + steps; step++) {
    const {x, labels, oneHot} = makeBatch(8, step);
    await network.model.trainOnBatch([x, labels.expandDims(1)], oneHot);
  }
}

describe('A saved model with a CenterLossLayer', () => {
  it('has the centers among its weights and the configuration in its JSON', async () => {
    const {model} = centeredClassifier({alpha: 0.3, ignoreClass: -1, reduction: 'mean'});
    const artifacts = await save(model);
    expect(artifacts.weightSpecs?.map(({name}) => name)).toContainEqual(expect.stringMatching(/^center_loss\/centers/));
    expect(JSON.stringify(artifacts.modelTopology)).toContain(
      '"num_classes":4,"alpha":0.3,"loss_weight":0.03,"reduction":"mean",' +
        '"centers_initializer":{"class_name":"Zeros","config":{}},"ignore_class":-1',
    );
  });

  it('comes back with its configuration, centers and predictions', async () => {
    const network = centeredClassifier({alpha: 0.3, lossWeight: 0.1, reduction: 'mean', ignoreClass: 99});
    await train(network, 3, 0);
    const {model, layer} = await reload(network.model);
    expect(layer.getConfig()).toEqual(network.layer.getConfig());
    expect(await layer.centers.array()).toEqual(await network.layer.centers.array());
    const {x, labels} = makeBatch(5);
    const inputs = [x, labels.expandDims(1)];
    expect(await (model.predict(inputs) as tf.Tensor).array()).toEqual(
      await (network.model.predict(inputs) as tf.Tensor).array(),
    );
  });

  it('goes on as if it had never been away: 10 steps, save, reload, 10 steps equal 20 steps, to the bit', async () => {
    const uninterrupted = centeredClassifier({lossWeight: 0.05});
    await train(uninterrupted, 20, 0);

    const interrupted = centeredClassifier({lossWeight: 0.05});
    await train(interrupted, 10, 0);
    const resumed = await reload(interrupted.model);
    await train(resumed, 10, 10);

    expect(await valuesOf(resumed.model.getWeights())).toEqual(await valuesOf(uninterrupted.model.getWeights()));
    expect(await resumed.layer.centers.data()).toEqual(await uninterrupted.layer.centers.data());
  });

  it('saves what alpha and lossWeight were set to', async () => {
    const network = centeredClassifier();
    network.layer.alpha = 0.9;
    network.layer.lossWeight = 0.7;
    const {layer} = await reload(network.model);
    expect([layer.alpha, layer.lossWeight]).toEqual([0.9, 0.7]);
  });

  it('can be nested, and used twice', async () => {
    const {model: nested} = centeredClassifier({lossWeight: 0.1});
    const [x, label] = [tf.input({shape: [6]}), tf.input({shape: [1]})];
    const outputs = [nested.apply([x, label]), nested.apply([x, label])] as tf.SymbolicTensor[];
    const model = tf.model({inputs: [x, label], outputs});
    const copy = await tf.loadLayersModel(tf.io.fromMemory(await save(model)));
    const {x: images, labels, oneHot} = makeBatch(4);
    const inputs = [images, labels.expandDims(1)];
    expect(await valuesOf(copy.predict(inputs) as tf.Tensor[])).toEqual(
      await valuesOf(model.predict(inputs) as tf.Tensor[]),
    );
    copy.compile({optimizer: 'sgd', loss: [softmaxCrossEntropy, softmaxCrossEntropy]});
    await expect(copy.trainOnBatch(inputs, [oneHot, oneHot])).resolves.toBeDefined();
  });

  it('keeps a layer that was applied to features alone', async () => {
    const layer = new CenterLossLayer({numClasses: 2, centersInitializer: 'ones', name: 'center_loss'});
    const x = tf.input({shape: [3]});
    const {layer: copy} = await reload(tf.model({inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor}));
    expect(await copy.centers.array()).toEqual(await layer.centers.array());
  });

  it('loads weights into a model built by code', async () => {
    const trained = centeredClassifier();
    await train(trained, 3, 0);
    const fresh = centeredClassifier();
    fresh.model.setWeights(trained.model.getWeights());
    expect(await fresh.layer.centers.array()).toEqual(await trained.layer.centers.array());
  });
});
