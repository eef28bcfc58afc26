import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy} from '../../lib/index.js';
import {oneHotRows, randomRows, referenceCategoricalAccuracy} from '../support/reference.js';
import {disposeAfterEach, expectError, readsLabelsAtOnce, tensorsMadeBy} from '../support/tensors.js';

const NUM_CLASSES = 3;
const IDS = Array.from({length: 12}, (_, i) => (i * 5) % NUM_CLASSES);
const TARGETS = oneHotRows(IDS, NUM_CLASSES);
const LOGITS = randomRows(IDS.length, NUM_CLASSES, 1);
const EXPECTED = referenceCategoricalAccuracy(TARGETS, LOGITS);

const logits = () => tf.tensor2d(LOGITS);

async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  return Array.from(await tensor.data());
}

// 0 and 1 are exact on every backend: no tolerance here. How models use the metric is in softmax_cross_entropy.spec.ts.
describe('categoricalAccuracy()', () => {
  disposeAfterEach();

  it('is 1 for each sample whose largest logit is at its label, else 0, as float32', async () => {
    const x = tf.tensor2d([
      [1, 3, 2],
      [1, 3, 2],
      [-1, -3, -2],
    ]);
    const accuracy = categoricalAccuracy(tf.tensor1d([1, 2, 0]), x);
    expect({shape: accuracy.shape, dtype: accuracy.dtype}).toEqual({shape: [3], dtype: 'float32'});
    expect(await valuesOf(accuracy)).toEqual([1, 0, 1]);
  });

  it('sees both right and wrong samples in the data of this spec', () => {
    expect(new Set(EXPECTED)).toEqual(new Set([0, 1]));
  });

  for (const dtype of ['int32', 'float32'] as const) {
    it(`takes class ids [B] and [B, 1] of ${dtype}`, async () => {
      expect(await valuesOf(categoricalAccuracy(tf.tensor1d(IDS, dtype), logits()))).toEqual(EXPECTED);
      expect(await valuesOf(categoricalAccuracy(tf.tensor2d(IDS, [12, 1], dtype), logits()))).toEqual(EXPECTED);
    });
  }

  for (const dtype of ['int32', 'float32', 'bool'] as const) {
    it(`takes one-hot labels of ${dtype}`, async () => {
      const yTrue = tf.tensor2d(TARGETS, undefined, dtype);
      expect(await valuesOf(categoricalAccuracy(yTrue, logits()))).toEqual(EXPECTED);
    });
  }

  it('takes bool class ids of two classes', async () => {
    const x = tf.tensor2d([
      [2, 1],
      [2, 1],
    ]);
    expect(await valuesOf(categoricalAccuracy(tf.tensor1d([true, false], 'bool'), x))).toEqual([0, 1]);
  });

  it('takes probabilities for the class of the largest', async () => {
    const smoothed = TARGETS.map((row) => row.map((value) => 0.9 * value + 0.1 / NUM_CLASSES));
    expect(await valuesOf(categoricalAccuracy(tf.tensor2d(smoothed), logits()))).toEqual(EXPECTED);
  });

  it('gives sequences and feature maps one value a sample', async () => {
    const x = tf.tensor3d(LOGITS.flat(), [3, 4, NUM_CLASSES]);
    for (const yTrue of [
      tf.tensor2d(IDS, [3, 4]),
      tf.tensor3d(IDS, [3, 4, 1], 'int32'),
      tf.tensor3d(TARGETS.flat(), [3, 4, NUM_CLASSES]),
    ]) {
      const accuracy = categoricalAccuracy(yTrue, x);
      expect(accuracy.shape).toEqual([3, 4]);
      expect(await valuesOf(accuracy)).toEqual(EXPECTED);
    }
    const map = categoricalAccuracy(tf.tensor3d(IDS, [1, 3, 4]), tf.tensor4d(LOGITS.flat(), [1, 3, 4, NUM_CLASSES]));
    expect(map.shape).toEqual([1, 3, 4]);
    expect(await valuesOf(map)).toEqual(EXPECTED);
  });

  it('is the same for logits and for their softmax', async () => {
    const yTrue = tf.tensor1d(IDS);
    expect(await valuesOf(categoricalAccuracy(yTrue, tf.softmax(logits())))).toEqual(EXPECTED);
  });

  it('takes the first of equal logits, as arg-max does', async () => {
    const equal = tf.zeros([3, 3]);
    expect(await valuesOf(categoricalAccuracy(tf.tensor1d([0, 1, 2]), equal))).toEqual([1, 0, 0]);
  });

  it('is right about logits as large as ±1e4', async () => {
    const x = tf.tensor2d([
      [1e4, -1e4, 0],
      [-1e4, -1e4, -9984],
    ]);
    expect(await valuesOf(categoricalAccuracy(tf.tensor1d([0, 2]), x))).toEqual([1, 1]);
  });

  it('has nothing to say about an empty batch', () => {
    expect(categoricalAccuracy(tf.zeros([0], 'int32'), tf.zeros([0, 3])).shape).toEqual([0]);
    expect(categoricalAccuracy(tf.zeros([0, 3]), tf.zeros([0, 3])).shape).toEqual([0]);
  });

  it('adds no more than its result to the number of tensors', () => {
    const x = logits();
    for (const yTrue of [tf.tensor1d(IDS, 'int32'), tf.tensor2d(TARGETS)]) {
      expect(tensorsMadeBy(() => categoricalAccuracy(yTrue, x))).toBe(1);
    }
  });

  it('refuses labels of another shape or dtype', () => {
    const x = logits();
    const other = tf.zeros([11]);
    const strings = tf.tensor1d(IDS.map(String));
    const scalar = tf.scalar(0);
    expectError(
      () => categoricalAccuracy(other, x),
      'ValueError',
      'categoricalAccuracy(): expected labels to be class ids of shape [12] or [12,1], or one-hot of shape [12,3], ' +
        'but got labels of shape [11].',
    );
    expectError(
      () => categoricalAccuracy(scalar, scalar),
      'ValueError',
      'categoricalAccuracy(): expected logits with a last dimension, the classes, of at least 1, but got shape [].',
    );
    expectError(
      () => categoricalAccuracy(strings, x),
      'ValueError',
      'categoricalAccuracy(): expected labels of dtype int32, float32, bool, but got dtype string.',
    );
  });

  it('refuses a class id that is no class; on GPU backends that sample counts as wrong', async () => {
    const x = tf.tensor2d([
      [1, 3, 2],
      [3, 1, 2],
    ]);
    const yTrue = tf.tensor1d([1, -1], 'int32');
    if (readsLabelsAtOnce()) {
      expectError(
        () => categoricalAccuracy(yTrue, x),
        'RangeError',
        'categoricalAccuracy(): expected labels to be integers from 0 to 2, but got -1 at index 1.',
      );
    } else {
      expect(await valuesOf(categoricalAccuracy(yTrue, x))).toEqual([1, 0]);
    }
  });
});
