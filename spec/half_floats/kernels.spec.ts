/**
 * What 16-bit floats do to counts, class ids and large numbers. These specs run where webgl has no others; all behaviour
 * specs run there besides.
 */
import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, centerLoss, CenterLossLayer, softmaxCrossEntropy, updateCenters} from '../../lib/index.js';
import {valueOf} from '../support/networks.js';
import {
  oneHotRows,
  randomRows,
  referenceCenterLoss,
  referenceGradient,
  referenceUpdateCenters,
} from '../support/reference.js';
import {disposeAfterEach, expectError} from '../support/tensors.js';
import {expectClose, HALF_FLOAT_TOLERANCE, relativeTolerance} from '../support/tolerance.js';

describe('The tolerance of the specs', () => {
  it('is that of 16-bit floats, because they are what this device has', async () => {
    expect(relativeTolerance()).toBe(HALF_FLOAT_TOLERANCE);
    // 2049 has twelve bits.
    const values = await tf.relu(tf.fill([8], 2049)).data();
    expect(Array.from(values)).toEqual(new Array(8).fill(2048));
  });
});

/** Samples of all classes, of which every seventieth takes no part. */
function makeBatch(batchSize: number, numClasses: number, featureDim: number) {
  return {
    features: randomRows(batchSize, featureDim, 1),
    classIds: Array.from({length: batchSize}, (_, i) => (i % 70 === 3 ? null : (i * 31) % numClasses)),
    centers: randomRows(numClasses, featureDim, 2),
  };
}

const IGNORED = 255;

describe('More than 16-bit floats can count', () => {
  disposeAfterEach();

  for (const [what, leadingShape, numClasses, featureDim] of [
    ['3,000 samples in 100 classes', [3000], 100, 64],
    ['32 sequences of 100 in 50 classes', [32, 100], 50, 80],
    ['2,049 samples in two classes', [2049], 2, 1100],
    ['70,000 samples in 3 classes', [70_000], 3, 2],
  ] as const) {
    const numSamples = leadingShape.reduce<number>((product, dim) => product * dim, 1);
    const batch = makeBatch(numSamples, numClasses, featureDim);
    const inputs = () => {
      const labels = batch.classIds.map((id) => id ?? IGNORED);
      return {
        x: tf.tensor(batch.features.flat(), [...leadingShape, featureDim]),
        y: tf.tensor(labels, [...leadingShape], 'int32'),
        c: tf.tensor2d(batch.centers),
      };
    };

    it(`${what} move the centers of their classes`, async () => {
      const {x, y, c} = inputs();
      const centers = updateCenters(c, x, y, {ignoreClass: IGNORED});
      expectClose(await centers.data(), referenceUpdateCenters(batch, 0.6).flat());
    });

    it(`${what} have their mean loss, and its gradient`, async () => {
      const {x, y, c} = inputs();
      const lossOf = (features: tf.Tensor) => centerLoss(features, y, c, {ignoreClass: IGNORED, reduction: 'mean'});
      const {value, grad} = tf.valueAndGrad(lossOf)(x);
      expectClose(await value.data(), [referenceCenterLoss(batch, 'mean')]);
      // Not all of them: a failure prints them.
      const few = 1000;
      expectClose((await grad.data()).slice(0, few), referenceGradient(batch, 'mean').flat().slice(0, few));
    });
  }

  it('3,000 samples in a training step of the layer', async () => {
    const batch = makeBatch(3000, 100, 64);
    const layer = new CenterLossLayer({numClasses: 100, ignoreClass: IGNORED, reduction: 'mean', lossWeight: 1});
    const x = tf.tensor2d(batch.features);
    tf.dispose(layer.apply(x) as tf.Tensor);
    layer.setWeights([tf.tensor2d(batch.centers)]);
    const y = tf.tensor1d(batch.classIds.map((id) => id ?? IGNORED), 'int32'); // prettier-ignore
    const loss = tf.tidy(() => {
      layer.apply([x, y], {training: true});
      return tf.addN<tf.Scalar>(layer.calculateLosses());
    });
    expectClose(await valueOf(loss), referenceCenterLoss(batch, 'mean'));
    expectClose(await layer.centers.data(), referenceUpdateCenters(batch, 0.6).flat());
    layer.dispose();
  });

  it('3,000 samples of one class, of which each alone moves it by less than these floats hold', async () => {
    const centers = updateCenters(tf.zeros([1, 2]), tf.fill([3000, 2], 0.5), tf.zeros([3000], 'int32'), {alpha: 1e-4});
    expectClose(await centers.data(), [5e-5, 5e-5]);
  });

  it('all of 70,000 samples in one class', async () => {
    const centers = updateCenters(tf.zeros([2, 2]), tf.ones([70_000, 2]), tf.zeros([70_000], 'int32'));
    expectClose(await centers.data(), [0.6, 0.6, 0, 0]);
  });
});

describe('Class ids that 16-bit floats cannot tell apart', () => {
  disposeAfterEach();

  const LABELS = [2047, 1025, 1027, 5, 2046];

  for (const [form, labelsOf] of [
    ['ids', (ids: number[]) => tf.tensor1d(ids, 'int32')],
    ['float32 ids', (ids: number[]) => tf.tensor1d(ids)],
    ['one-hot', (ids: number[]) => tf.tensor2d(oneHotRows(ids, 2048))],
  ] as const) {
    it(`are those beyond 2,048 classes: up to there each moves its own center, as ${form}`, async () => {
      const centers = updateCenters(tf.zeros([2048, 1]), tf.ones([5, 1]), labelsOf(LABELS));
      const moved = Array.from(await centers.data(), (value, row) => (value === 0 ? -1 : row)).filter(
        (row) => row >= 0,
      );
      expect(moved).toEqual([...LABELS].sort((a, b) => a - b));
    });
  }

  const expectation = (most: number, numClasses: number) =>
    `expected at most ${most} classes on webgl, which compares class ids in 16-bit floats on this device, ` +
    `but got ${numClasses}.`;

  it('are refused, whatever they are of', () => {
    const [x, c] = [tf.ones([5, 1]), tf.zeros<tf.Rank.R2>([3000, 1])];
    const ids = tf.tensor1d([2049, 2051, 2053, 5, 2999], 'int32');
    const oneHot = tf.zeros([5, 3000]);
    const logits = tf.zeros([5, 3000]);
    const message = expectation(2048, 3000);
    for (const y of [ids, oneHot]) {
      expectError(() => updateCenters(c, x, y), 'ValueError', `updateCenters(): ${message}`);
      expectError(() => centerLoss(x, y, c), 'ValueError', `centerLoss(): ${message}`);
      expectError(() => categoricalAccuracy(y, logits), 'ValueError', `categoricalAccuracy(): ${message}`);
    }
    expectError(() => softmaxCrossEntropy(ids, logits), 'ValueError', `softmaxCrossEntropy(): ${message}`);
  });

  it('do not matter to targets that are no ids', async () => {
    const losses = softmaxCrossEntropy(tf.oneHot(tf.tensor1d([5], 'int32'), 3000), tf.zeros([1, 3000]));
    expectClose(await losses.data(), [Math.log(3000)]);
  });
});

describe('Numbers that 16-bit floats do not have', () => {
  disposeAfterEach();

  it('an infinite feature shows in the loss and the gradient, and moves no center', async () => {
    const [c, y] = [tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([0, 1], 'int32')]; // prettier-ignore
    const x = tf.tensor2d([[Infinity, 2], [3, 5]]); // prettier-ignore
    const {value, grad} = tf.valueAndGrad((features: tf.Tensor) => centerLoss(features, y, c))(x);
    // In software, Chromium stores infinity as NaN where the floats have 16 bits: so say the operations of TensorFlow.js.
    const stored = (await tf.relu(tf.fill([8], Infinity)).data())[0] ?? 0;
    expect(Number.isFinite(stored)).toBe(false);
    expect(Array.from(await value.data())).toEqual([stored]);
    expect(Array.from(await grad.data())).toEqual([stored, 0, 0, 1]);
    expectClose(await updateCenters(c, x, y).data(), [1, 2, 3, 4.3]);
  });

  it('a sum beyond 65,504 shows as not finite, while the gradient and the mean are right', async () => {
    const batch = {features: [[300, 100], [-300, 5]], classIds: [0, 1], centers: [[0, 0], [0, 0]]}; // prettier-ignore
    const [x, y, c] = [tf.tensor2d(batch.features), tf.tensor1d(batch.classIds, 'int32'), tf.tensor2d(batch.centers)];
    expect(Number.isFinite(await valueOf(centerLoss(x, y, c)))).toBe(false);
    expectClose(
      await tf
        .grad((features) => centerLoss(features, y, c))(x)
        .data(),
      batch.features.flat(),
    );
    expectClose(await valueOf(centerLoss(x, y, c, {reduction: 'mean'})), referenceCenterLoss(batch, 'mean'));
  });
});
