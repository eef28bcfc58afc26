import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer, detachCenterLoss, softmaxCrossEntropy} from '../../lib/index.js';
import {centeredClassifier, compile, makeBatch} from '../support/networks.js';
import type {Batch, Network} from '../support/networks.js';
import {save} from '../support/saving.js';

const STEPS = 5;

/** Each way to use a model, as often as one pleases. */
const USES: Record<string, (network: Network, batch: Batch) => void | Promise<void>> = {
  fit: async ({model}, {x, labels, oneHot}) => {
    await model.fit([x, labels], oneHot, {epochs: 2, batchSize: 3, validationSplit: 0.25, verbose: 0});
  },
  fitDataset: async ({model}, {x, labels, oneHot}) => {
    // The dataset disposes what it yields.
    const dataset = tf.data.generator(function* () {
      yield {xs: {x: x.clone(), label: labels.expandDims(1)}, ys: oneHot.clone()};
    });
    await model.fitDataset(dataset, {epochs: 2, verbose: 0});
  },
  trainOnBatch: async ({model}, {x, labels, oneHot}) => {
    const column = labels.expandDims(1);
    await model.trainOnBatch([x, column], oneHot);
    column.dispose();
  },
  'a hand-written loop': ({model}, {x, labels}) => {
    const optimizer = tf.train.sgd(0.1);
    const {value, grads} = tf.variableGrads(() => {
      const logits = model.apply([x, labels], {training: true}) as tf.Tensor;
      return tf.addN<tf.Scalar>([tf.mean<tf.Scalar>(softmaxCrossEntropy(labels, logits)), ...model.calculateLosses()]);
    });
    optimizer.applyGradients(grads);
    tf.dispose([value, grads]);
    optimizer.dispose();
  },
  evaluate: ({model}, {x, labels, oneHot}) => {
    tf.dispose(model.evaluate([x, labels], oneHot, {batchSize: 3}));
  },
  predict: ({model}, {x, labels}) => {
    const column = labels.expandDims(1);
    tf.dispose(model.predict([x, column], {batchSize: 3}));
    column.dispose();
  },
  'eager calls': ({model, layer}, {x, labels, oneHot}) => {
    for (const training of [false, true]) {
      tf.dispose(model.apply([x, labels], {training}) as tf.Tensor);
      const features = model.getLayer('embedding').apply(x) as tf.Tensor;
      tf.dispose([
        layer.apply(features, {training}) as tf.Tensor,
        layer.apply([features, oneHot], {training}) as tf.Tensor,
        features,
      ]);
    }
  },
  'eager calls with their loss': ({model}, {x, labels}) => {
    tf.dispose(model.apply([x, labels], {training: true}) as tf.Tensor);
    tf.dispose(model.calculateLosses());
  },
};

describe('The number of tensors', () => {
  for (const [name, use] of Object.entries(USES)) {
    it(`stays the same over ${name}`, async () => {
      const network = centeredClassifier();
      compile(network);
      const batch = makeBatch(8);
      const before = tf.memory();
      for (let step = 0; step < STEPS; step++) {
        await use(network, batch);
        // Also after the very first use: nothing is made late and kept.
        expect(tf.memory().numTensors).toBe(before.numTensors);
      }
      expect(tf.memory().numBytes).toBe(before.numBytes);
    });
  }

  it('stays the same when passes are abandoned inside a gradient', () => {
    const {layer} = centeredClassifier();
    const x = tf.variable(tf.ones([2, 3]));
    const labels = tf.tensor1d([0, 1]);
    const abandon = () => {
      const {value, grads} = tf.variableGrads(() => {
        layer.apply([x, labels], {training: true});
        return tf.sum(x);
      }, [x]);
      tf.dispose([value, grads]);
    };
    abandon();
    const {numTensors} = tf.memory();
    abandon();
    abandon();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('is back after a model is disposed, trained or abandoned', async () => {
    const batch = makeBatch(8);
    const {numTensors} = tf.memory();
    const network = centeredClassifier();
    const optimizer = tf.train.sgd(0.1);
    network.model.compile({optimizer, loss: softmaxCrossEntropy, metrics: [network.layer.metric()]});
    await network.model.fit([batch.x, batch.labels], batch.oneHot, {verbose: 0});
    const features = tf.ones([2, 3]);
    const variable = tf.variable(features);
    const labels = tf.zeros([2]);
    const abandoned = tf.variableGrads(() => {
      network.layer.apply([variable, labels], {training: true});
      return tf.sum(variable);
    }, [variable]);
    tf.dispose([abandoned.value, abandoned.grads, features, variable, labels]);
    network.model.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('grows by the weights alone when a model is loaded, attached to or detached from', async () => {
    const {model} = centeredClassifier();
    const artifacts = await save(model);
    const {numTensors} = tf.memory();
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    // Four weights of two dense layers; the centers, and the scalar in which the layer remembers its last loss.
    expect(tf.memory().numTensors).toBe(numTensors + 6);
    const classifier = detachCenterLoss(loaded);
    expect(tf.memory().numTensors).toBe(numTensors + 6);
    attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 4});
    expect(tf.memory().numTensors).toBe(numTensors + 8);
  });

  it('does not depend on how often a metric is made', () => {
    const layer = new CenterLossLayer({numClasses: 2});
    tf.dispose(layer.apply(tf.ones([1, 2])) as tf.Tensor);
    const {numTensors} = tf.memory();
    for (let i = 0; i < STEPS; i++) {
      layer.metric();
    }
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
