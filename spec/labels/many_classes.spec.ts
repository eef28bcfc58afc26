import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, centerLoss, CenterLossLayer, softmaxCrossEntropy, updateCenters} from '../../lib/index.js';
import {itWhereLabelsAreReadAtOnce, itWhereLabelsAreReadLater} from '../support/it_where.js';
import {valueOf} from '../support/networks.js';
import {disposeAfterEach, expectError} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

/** float32 holds each integer up to here: 2^24 + 1 becomes 2^24. */
const LIMIT = 2 ** 24;
const NUM_CLASSES = LIMIT + 4;
/** Of these, float32 makes 2^24, 2^24 and 2^24 + 4. */
const IDS = [LIMIT, LIMIT + 1, LIMIT + 3];

const ids = () => tf.tensor1d(IDS, 'int32');
const features = () => tf.tensor2d([[2], [4], [6]]);

/** A few of many values, without the others. */
const valuesAt = (values: tf.Tensor, indices: number[]) =>
  Promise.all(indices.map((index) => valueOf(tf.slice(values, [index, 0], [1, 1]))));

const TOO_MANY = () =>
  `expected at most ${LIMIT} classes on ${tf.getBackend()}, which compares class ids in float32, ` +
  `but got ${NUM_CLASSES}.`;

describe('More classes than float32 tells apart', () => {
  disposeAfterEach();

  itWhereLabelsAreReadAtOnce(
    'are told apart by the functions, where labels are in the memory of the process',
    async () => {
      const centers = tf.zeros<tf.Rank.R2>([NUM_CLASSES, 1]);
      const moved = updateCenters(centers, features(), ids(), {alpha: 1});
      expectClose(await valuesAt(moved, [LIMIT - 1, ...IDS, LIMIT + 2]), [0, 1, 2, 3, 0]);
      expectClose(await valueOf(centerLoss(features(), ids(), moved)), (1 + 4 + 9) / 2);
    },
  );

  itWhereLabelsAreReadAtOnce('are told apart by the layer, in training', async () => {
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES, alpha: 1});
    tf.dispose(layer.apply([features(), ids()], {training: true}) as tf.Tensor);
    expectClose(await valuesAt(layer.centers, [LIMIT - 1, ...IDS, LIMIT + 2]), [0, 1, 2, 3, 0]);
    layer.dispose();
  });

  itWhereLabelsAreReadAtOnce('are told apart by the accuracy and the loss of logits', async () => {
    const peak = tf.mul(tf.oneHot(tf.tensor1d([LIMIT + 1], 'int32'), NUM_CLASSES), 40);
    const label = (id: number) => tf.tensor1d([id], 'int32');
    expect(await valueOf(categoricalAccuracy(label(LIMIT + 1), peak))).toBe(1);
    expect(await valueOf(categoricalAccuracy(label(LIMIT), peak))).toBe(0);
    expectClose(await valueOf(softmaxCrossEntropy(label(LIMIT + 1), peak)), 0);
    expectClose(await valueOf(softmaxCrossEntropy(label(LIMIT), peak)), 40);
  });

  itWhereLabelsAreReadAtOnce('are no classes for labels of float32, which has lost them already', () => {
    const lost = tf.tensor1d(IDS);
    const centers = tf.zeros<tf.Rank.R2>([NUM_CLASSES, 1]);
    const message =
      `expected labels of dtype int32, since float32 does not hold the ids of ${NUM_CLASSES} classes, ` +
      'but got dtype float32.';
    const x = features();
    expectError(() => updateCenters(centers, x, lost), 'ValueError', `updateCenters(): ${message}`);
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'many'});
    expectError(() => layer.apply([x, lost]), 'ValueError', `CenterLossLayer 'many': ${message}`);
    const symbols = [tf.input({shape: [1]}), tf.input({shape: [1]})];
    expectError(() => layer.apply(symbols), 'ValueError', `CenterLossLayer 'many': ${message}`);
  });

  itWhereLabelsAreReadLater('are refused by the layer when it is made, on a device', () => {
    expectError(() => new CenterLossLayer({numClasses: NUM_CLASSES}), 'ValueError', `CenterLossLayer: ${TOO_MANY()}`);
    expect(new CenterLossLayer({numClasses: LIMIT}).numClasses).toBe(LIMIT);
  });

  itWhereLabelsAreReadLater('are refused by the functions, on a device', () => {
    const centers = tf.zeros<tf.Rank.R2>([NUM_CLASSES, 1]);
    const [x, y] = [features(), ids()];
    expectError(() => centerLoss(x, y, centers), 'ValueError', `centerLoss(): ${TOO_MANY()}`);
    expectError(() => updateCenters(centers, x, y), 'ValueError', `updateCenters(): ${TOO_MANY()}`);
  });

  itWhereLabelsAreReadLater(
    'are refused by a layer that was made on the host, when a device reads the labels',
    async () => {
      const backend = tf.getBackend();
      await tf.setBackend('cpu');
      const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'many'});
      await tf.setBackend(backend);
      const [x, y] = [features(), ids()];
      tf.dispose(layer.apply(x) as tf.Tensor);
      expectError(() => layer.apply([x, y], {training: true}), 'ValueError', `CenterLossLayer 'many': ${TOO_MANY()}`);
      layer.dispose();
    },
  );
});

describe('As many classes as float32 tells apart', () => {
  disposeAfterEach();

  it('are told apart to the last, on every backend and for labels of float32', async () => {
    const last = [LIMIT - 1, LIMIT - 2];
    const x = tf.tensor2d([[2], [4]]);
    for (const dtype of ['int32', 'float32'] as const) {
      const layer = new CenterLossLayer({numClasses: LIMIT, alpha: 1});
      tf.dispose(layer.apply([x, tf.tensor1d(last, dtype)], {training: true}) as tf.Tensor);
      expectClose(await valuesAt(layer.centers, [...last, LIMIT - 3]), [1, 2, 0]);
      layer.dispose();
    }
  });
});
