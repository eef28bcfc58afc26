import * as tf from '@tensorflow/tfjs';
import {centerLoss, CenterLossLayer, softmaxCrossEntropy, updateCenters} from '../../lib/index.js';
import {itWithFloat32} from '../support/it_where.js';
import {
  centeredClassifier,
  compile,
  featuresOf,
  makeBatch,
  NUM_CLASSES,
  valueOf,
  valuesOf,
} from '../support/networks.js';
import type {Batch, Network} from '../support/networks.js';
import {expectClose} from '../support/tolerance.js';

const BATCH_SIZE = 12;

interface Expected {
  softmax: number;
  center: number;
  centers: tf.Tensor2D;
}

/** What one step on this batch has to give, computed apart from model and layer. */
async function expectedStep({model, layer}: Network, {x, labels, oneHot}: Batch): Promise<Expected> {
  const features = featuresOf(model, x);
  const logits = model.predict([x, labels.expandDims(1)]) as tf.Tensor;
  return {
    softmax: await valueOf(tf.losses.softmaxCrossEntropy(oneHot, logits)),
    center: await valueOf(centerLoss(features, labels, layer.centers)),
    centers: updateCenters(layer.centers, features, labels),
  };
}

/** A network with centers off zero, its first batch, and what the first step has to give. */
async function firstStep(): Promise<{network: Network; batch: Batch; expected: Expected}> {
  const network = centeredClassifier({lossWeight: 0.05, centersInitializer: 'ones'});
  compile(network);
  const batch = makeBatch(BATCH_SIZE);
  return {network, batch, expected: await expectedStep(network, batch)};
}

async function expectStep({layer}: Network, loss: number, {softmax, center, centers}: Expected): Promise<void> {
  expectClose(loss, softmax + 0.05 * center, 'total loss');
  expectClose(await layer.centers.data(), await centers.data(), 'centers');
}

describe('Training with CenterLossLayer', () => {
  it('by fit adds lossWeight times the center loss, once, and moves the centers', async () => {
    const {network, batch, expected} = await firstStep();
    const {history} = await network.model.fit([batch.x, batch.labels], batch.oneHot, {
      batchSize: BATCH_SIZE,
      shuffle: false,
      verbose: 0,
    });
    await expectStep(network, Number(history['loss']?.[0]), expected);
    expectClose(Number(history['centerLoss']?.[0]), expected.center, 'metric');
  });

  it('by fit with a label input for the one-hot targets does the same', async () => {
    const network = centeredClassifier({lossWeight: 0.05, centersInitializer: 'ones'}, [NUM_CLASSES]);
    compile(network);
    const batch = makeBatch(BATCH_SIZE);
    const {batch: sameBatch, expected} = await firstStep();
    expect(await batch.x.data()).toEqual(await sameBatch.x.data());
    const {history} = await network.model.fit([batch.x, batch.oneHot], batch.oneHot, {
      batchSize: BATCH_SIZE,
      shuffle: false,
      verbose: 0,
    });
    await expectStep(network, Number(history['loss']?.[0]), expected);
  });

  it('by fitDataset takes one-hot targets and class ids', async () => {
    for (const target of ['oneHot', 'labels'] as const) {
      const {network, batch, expected} = await firstStep();
      const dataset = tf.data.array([{xs: {x: batch.x, label: batch.labels.expandDims(1)}, ys: batch[target].clone()}]);
      const {history} = await network.model.fitDataset(dataset, {
        epochs: 1,
        verbose: 0,
      });
      await expectStep(network, Number(history['loss']?.[0]), expected);
    }
  });

  it('by trainOnBatch', async () => {
    const {network, batch, expected} = await firstStep();
    const logs = await network.model.trainOnBatch([batch.x, batch.labels.expandDims(1)], batch.oneHot);
    await expectStep(network, Number([logs].flat()[0]), expected);
  });

  it('by a hand-written loop', async () => {
    const {network, batch, expected} = await firstStep();
    const {model} = network;
    const optimizer = tf.train.sgd(0.1);
    const {value, grads} = tf.variableGrads(() => {
      const logits = model.apply([batch.x, batch.labels], {training: true}) as tf.Tensor;
      return tf.addN<tf.Scalar>([
        tf.mean<tf.Scalar>(softmaxCrossEntropy(batch.labels, logits)),
        ...model.calculateLosses(),
      ]);
    });
    optimizer.applyGradients(grads);
    await expectStep(network, await valueOf(value), expected);
  });

  it('by every way gives the same weights, to the bit', async () => {
    const {network, batch} = await firstStep();
    const {network: other} = await firstStep();
    await network.model.fit([batch.x, batch.labels], batch.oneHot, {
      batchSize: BATCH_SIZE,
      epochs: 3,
      shuffle: false,
      verbose: 0,
    });
    for (let step = 0; step < 3; step++) {
      await other.model.trainOnBatch([batch.x, batch.labels.expandDims(1)], batch.oneHot);
    }
    expect(await valuesOf(other.model.getWeights())).toEqual(await valuesOf(network.model.getWeights()));
  });

  itWithFloat32('follows the finite differences of the total loss', async () => {
    const {network, batch} = await firstStep();
    const {model, layer} = network;
    layer.alpha = 0;
    const [kernel] = model.getLayer('embedding').trainableWeights;
    const variable = kernel?.read() as tf.Variable<tf.Rank.R2>;
    const total = () => {
      const logits = model.apply([batch.x, batch.labels], {training: true}) as tf.Tensor;
      return tf.addN<tf.Scalar>([
        tf.mean<tf.Scalar>(softmaxCrossEntropy(batch.labels, logits)),
        ...model.calculateLosses(),
      ]);
    };
    const {grads} = tf.variableGrads(total, [variable]);
    const gradient = await (grads[variable.name] as tf.Tensor).data();
    const weights = await variable.data();
    // Central differences over a step that float32 resolves: their own error, not the gradient's, sets the tolerance.
    const h = 1e-2;
    for (let i = 0; i < weights.length; i++) {
      const at = async (value: number) => {
        const moved = Float32Array.from(weights);
        moved[i] = value;
        variable.assign(tf.tensor2d(moved, variable.shape));
        return valueOf(tf.tidy(total));
      };
      const weight = weights[i] ?? NaN;
      const difference = ((await at(weight + h)) - (await at(weight - h))) / (2 * h);
      expect(Math.abs(difference - (gradient[i] ?? NaN))).toBeLessThan(2e-3);
    }
  });

  it('keeps history of centerLoss and val_centerLoss, and validation moves no center', async () => {
    const {network, batch} = await firstStep();
    const {model, layer} = network;
    const {history} = await model.fit([batch.x, batch.labels], batch.oneHot, {
      epochs: 2,
      validationData: [[batch.x, batch.labels], batch.oneHot],
      verbose: 0,
    });
    expect(Object.keys(history).sort()).toEqual([
      'categoricalAccuracy',
      'centerLoss',
      'loss',
      'val_categoricalAccuracy',
      'val_centerLoss',
      'val_loss',
    ]);
    const expected = await valueOf(centerLoss(featuresOf(model, batch.x), batch.labels, layer.centers));
    expectClose(Number(history['val_centerLoss']?.[1]), expected);
  });

  it('learns: the loss falls and features gather around the centers', async () => {
    const {network, batch} = await firstStep();
    const {history} = await network.model.fit([batch.x, batch.labels], batch.oneHot, {epochs: 60, verbose: 0});
    const losses = (history['loss'] ?? []).map(Number);
    const centerLosses = (history['centerLoss'] ?? []).map(Number);
    expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? NaN));
    expect(centerLosses.at(-1)).toBeLessThan(0.3 * (centerLosses[0] ?? NaN));
  });

  it('in evaluate reports softmax loss and the metric, and moves nothing', async () => {
    const {network, batch, expected} = await firstStep();
    const {model} = network;
    const before = await valuesOf(model.getWeights());
    const [loss, , metric] = model.evaluate([batch.x, batch.labels], batch.oneHot, {
      batchSize: BATCH_SIZE,
    }) as tf.Scalar[];
    expectClose(await valueOf(loss ?? tf.scalar(NaN)), expected.softmax);
    expectClose(await valueOf(metric ?? tf.scalar(NaN)), expected.center);
    expect(await valuesOf(model.getWeights())).toEqual(before);
  });

  it('in predict gives what the network without the layer gives, whatever the labels', async () => {
    const {network, batch} = await firstStep();
    const {model} = network;
    const logits = model.getLayer('logits').apply(featuresOf(model, batch.x)) as tf.Tensor;
    const wrong = tf.fill([BATCH_SIZE, 1], -7);
    const noMetric = centeredClassifier();
    expect(await (model.predict([batch.x, batch.labels.expandDims(1)]) as tf.Tensor).data()).toEqual(
      await logits.data(),
    );
    expect(() => noMetric.model.predict([batch.x, wrong])).not.toThrow();
  });

  it('follows schedules of alpha and lossWeight set from a callback', async () => {
    const {network, batch} = await firstStep();
    const {model, layer} = network;
    layer.lossWeight = 0;
    const {history} = await model.fit([batch.x, batch.labels], batch.oneHot, {
      batchSize: BATCH_SIZE,
      epochs: 2,
      shuffle: false,
      verbose: 0,
      callbacks: {
        onEpochEnd: () => {
          layer.lossWeight = 10;
          layer.alpha = 0;
        },
      },
    });
    const [loss, lossAfter] = (history['loss'] ?? []).map(Number);
    const [, center] = (history['centerLoss'] ?? []).map(Number);
    expect(lossAfter).toBeGreaterThan((loss ?? NaN) + 5 * (center ?? NaN));
  });

  it('does not need a label for the identity in another model', async () => {
    const layer = new CenterLossLayer({numClasses: 2});
    const x = tf.input({shape: [3]});
    const model = tf.model({inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor});
    expect(await (model.predict(tf.ones([2, 3])) as tf.Tensor).array()).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });
});
