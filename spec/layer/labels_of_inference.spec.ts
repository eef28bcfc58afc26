import * as tf from '@tensorflow/tfjs';
import {itWhereLabelsAreReadAtOnce, itWhereLabelsAreReadLater} from '../support/it_where.js';
import {centeredClassifier, compile, featuresOf, makeBatch, valueOf, valuesOf} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {wasInCall} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const BAD_LABELS = [-1, 4, 1.5, NaN, Infinity, 2 ** 31];

/** A network with its metric, which has trained a step: its centers are not zero. */
async function trainedNetwork(args: Parameters<typeof centeredClassifier>[0] = {}): Promise<Network> {
  const network = centeredClassifier(args);
  compile(network);
  const {x, labels, oneHot} = makeBatch(8);
  await network.model.trainOnBatch([x, labels.expandDims(1)], oneHot);
  return network;
}

/** Four samples, of which the last two have a bad label. */
function halfBadBatch(badLabel: number) {
  const {x, labels, oneHot} = makeBatch(4);
  const bad = tf.concat([labels.slice(0, 2).toFloat(), tf.fill([2], badLabel)]).expandDims(1);
  return {x, labels, oneHot, bad};
}

/** Half the squared distances of the first two samples to the centers of their classes. */
async function lossOfGoodOnes({model, layer}: Network, x: tf.Tensor, labels: tf.Tensor1D): Promise<number> {
  const centers = tf.gather(layer.centers, labels.slice(0, 2).toInt());
  return valueOf(tf.sum(tf.square(tf.sub(featuresOf(model, x.slice(0, 2)), centers))).mul(0.5));
}

/** What evaluate gives for the metric of the layer. */
async function evaluated({model}: Network, x: tf.Tensor, labels: tf.Tensor, oneHot: tf.Tensor): Promise<number> {
  const results = model.evaluate([x, labels], oneHot, {batchSize: 4}) as tf.Scalar[];
  return valueOf(results[2] as tf.Scalar);
}

/** A training step of good labels, after which a device has told of the labels of all calls before. */
async function trainOnGoodLabels({model, layer}: Network): Promise<void> {
  const {x, labels, oneHot} = makeBatch(4);
  await layer.centers.data();
  await model.trainOnBatch([x, labels.expandDims(1)], oneHot);
}

describe('An inference pass of a layer whose metric is wanted', () => {
  for (const badLabel of BAD_LABELS) {
    it(`predicts whatever the labels are: ${badLabel}`, async () => {
      const network = await trainedNetwork();
      const {x, labels, bad} = halfBadBatch(badLabel);
      const [whole] = await valuesOf([network.model.predict([x, labels.expandDims(1)]) as tf.Tensor]);
      const [predicted] = await valuesOf([network.model.predict([x, bad]) as tf.Tensor]);
      expect(predicted).toEqual(whole);
      network.model.dispose();
    });

    it(`evaluates the samples whose label is a class: ${badLabel}`, async () => {
      for (const reduction of ['sum', 'mean'] as const) {
        const network = await trainedNetwork({reduction});
        const {x, labels, oneHot, bad} = halfBadBatch(badLabel);
        const expected = await lossOfGoodOnes(network, x, labels);
        expectClose(await evaluated(network, x, bad, oneHot), reduction === 'sum' ? expected : expected / 2);
        network.model.dispose();
      }
    });

    it(`leaves no error for a later training step: ${badLabel}`, async () => {
      const network = await trainedNetwork();
      const {x, bad} = halfBadBatch(badLabel);
      tf.dispose(network.model.predict([x, bad]));
      const before = await network.layer.centers.array();
      await trainOnGoodLabels(network);
      expect(await network.layer.centers.array()).not.toEqual(before);
      network.model.dispose();
    });
  }

  it('evaluates to 0 where no label is a class', async () => {
    const network = await trainedNetwork();
    const {x, oneHot} = makeBatch(4);
    expect(await evaluated(network, x, tf.fill([4, 1], -1), oneHot)).toBe(0);
    network.model.dispose();
  });

  it('is that of validation as well', async () => {
    const network = await trainedNetwork();
    const {x, labels, oneHot, bad} = halfBadBatch(-1);
    const {history} = await network.model.fit([x, labels.expandDims(1)], oneHot, {
      epochs: 1,
      verbose: 0,
      validationData: [[x, bad], oneHot],
    });
    expectClose(Number(history['val_centerLoss']?.[0]), await lossOfGoodOnes(network, x, labels));
    network.model.dispose();
  });

  itWhereLabelsAreReadAtOnce('does not make training accept what is no class', async () => {
    const network = await trainedNetwork();
    const {x, oneHot, bad} = halfBadBatch(-1);
    tf.dispose(network.model.predict([x, bad]));
    await expect(network.model.trainOnBatch([x, bad], oneHot)).rejects.toThrow('but got -1 at index 2.');
    network.model.dispose();
  });

  itWhereLabelsAreReadLater('is not counted where a late error tells which call it speaks of', async () => {
    const network = await trainedNetwork();
    const {x, oneHot, bad} = halfBadBatch(-1);
    tf.dispose(network.model.predict([x, bad]));
    await network.model.trainOnBatch([x, bad], oneHot);
    await expect(trainOnGoodLabels(network)).rejects.toThrow(`but got -1 at index 2.${wasInCall(2)}`);
    network.model.dispose();
  });
});
