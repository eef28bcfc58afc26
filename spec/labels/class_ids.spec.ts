import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, centerLoss, softmaxCrossEntropy, updateCenters} from '../../lib/index.js';
import {valueOf} from '../support/networks.js';
import {complexTensors, disposeAfterEach, expectError, readsLabelsAtOnce} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

/**
 * Every function that takes labels, brought to one form: what each takes of features (or logits) of a shape with
 * `numClasses` classes, and the labels. All of them read labels in the same way, and say the same when they cannot.
 */
const READERS = [
  {
    name: 'centerLoss()',
    read: (y: tf.Tensor, shape: number[], numClasses: number, args: {ignoreClass?: number} = {}) =>
      centerLoss(tf.ones([...shape, 2]), y, tf.zeros([numClasses, 2]), args),
  },
  {
    name: 'updateCenters()',
    read: (y: tf.Tensor, shape: number[], numClasses: number, args: {ignoreClass?: number} = {}) =>
      updateCenters(tf.zeros([numClasses, 2]), tf.ones([...shape, 2]), y, args),
  },
  {
    name: 'softmaxCrossEntropy()',
    read: (y: tf.Tensor, shape: number[], numClasses: number) =>
      softmaxCrossEntropy(y, tf.ones([...shape, numClasses])),
  },
  {
    name: 'categoricalAccuracy()',
    read: (y: tf.Tensor, shape: number[], numClasses: number) =>
      categoricalAccuracy(y, tf.ones([...shape, numClasses])),
  },
];

/** Of these, the ones with an `ignoreClass`. */
const IGNORING_READERS = READERS.slice(0, 2);

/**
 * The class id that each sample is counted for: sample i has the feature i + 1, and moves the center of its class alone
 * by half of that; -1 for a sample that takes no part.
 */
async function idsRead(
  y: tf.Tensor,
  shape: number[],
  numClasses: number,
  args: {ignoreClass?: number} = {},
): Promise<number[]> {
  const numSamples = shape.reduce((product, dim) => product * dim, 1);
  const ids: number[] = [];
  for (let i = 0; i < numSamples; i++) {
    // One sample at a time is 1, the others are 0, where the centers are.
    const x = tf.reshape(tf.oneHot(tf.scalar(i, 'int32'), numSamples).toFloat(), [...shape, 1]);
    const moved = await updateCenters(tf.zeros([numClasses, 1]), x, y, {alpha: 1, ...args}).data();
    ids.push(moved.findIndex((value) => value > 0));
  }
  return ids;
}

describe('labels', () => {
  disposeAfterEach();

  describe('are class ids', () => {
    for (const dtype of ['int32', 'float32'] as const) {
      it(`of ${dtype}, of the leading shape, with or without a last axis of 1`, async () => {
        expect(await idsRead(tf.tensor1d([2, 0, 3], dtype), [3], 4)).toEqual([2, 0, 3]);
        expect(await idsRead(tf.tensor2d([2, 0, 3], [3, 1], dtype), [3], 4)).toEqual([2, 0, 3]);
        expect(await idsRead(tf.tensor2d([2, 0, 3, 1], [2, 2], dtype), [2, 2], 4)).toEqual([2, 0, 3, 1]);
        expect(await idsRead(tf.tensor3d([2, 0, 3, 1], [2, 2, 1], dtype), [2, 2], 4)).toEqual([2, 0, 3, 1]);
        expect(await idsRead(tf.tensor4d([2, 0, 3, 1], [1, 2, 2, 1], dtype), [1, 2, 2], 4)).toEqual([2, 0, 3, 1]);
      });
    }

    it('of bool, for two classes or more', async () => {
      expect(await idsRead(tf.tensor1d([true, false, true], 'bool'), [3], 2)).toEqual([1, 0, 1]);
      expect(await idsRead(tf.tensor1d([true, false, true], 'bool'), [3], 4)).toEqual([1, 0, 1]);
    });

    it('up to C - 1, and -0 is class 0', async () => {
      expect(await idsRead(tf.tensor1d([0, 99, -0]), [3], 100)).toEqual([0, 99, 0]);
    });
  });

  describe('are one-hot', () => {
    for (const dtype of ['int32', 'float32', 'bool'] as const) {
      it(`of ${dtype}, with a last axis of C`, async () => {
        const rows = [0, 0, 1, 0, 1, 0, 0, 0];
        expect(await idsRead(tf.tensor2d(rows, [2, 4], dtype), [2], 4)).toEqual([2, 0]);
        expect(await idsRead(tf.tensor3d(rows, [1, 2, 4], dtype), [1, 2], 4)).toEqual([2, 0]);
        expect(await idsRead(tf.tensor4d(rows, [2, 1, 1, 4], dtype), [2, 1, 1], 4)).toEqual([2, 0]);
      });
    }

    it('or scores of any kind, of which the largest counts', async () => {
      const scores = tf.tensor2d([
        [0.1, 0.7, 0.2],
        [-5, -7, -1],
        [65_504, 0, 0],
      ]);
      expect(await idsRead(scores, [3], 3)).toEqual([1, 2, 0]);
    });

    it('and have no class unless one entry is the largest: such a sample takes no part', async () => {
      const labels = tf.tensor2d([
        [0, 0, 0],
        [0, 1, 0],
        [0.5, 0.5, 0.5],
        [1, 1, 0],
        [0, 1, 1],
        [0.5, 0, 0.5],
        [0.25, 0.25, 0.5],
        [-3, -3, -4],
        [Infinity, 1, Infinity],
        [NaN, 0, 1],
        [0, NaN, 0],
        [1, 0, NaN],
        [NaN, NaN, NaN],
      ]);
      expect(await idsRead(labels, [13], 3)).toEqual([-1, 1, -1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1]);
    });

    it('also smoothed, or mixed of two samples: the larger part counts, and of two halves neither', async () => {
      const [first, second] = [tf.tensor2d([[1, 0, 0, 0]]), tf.tensor2d([[0, 0, 1, 0]])];
      const mixed = (share: number) => tf.add<tf.Tensor>(tf.mul(first, share), tf.mul(second, 1 - share));
      const smoothed = tf.add<tf.Tensor>(tf.mul(second, 0.9), 0.1 / 4);
      expect(await idsRead(tf.concat([mixed(0.75), mixed(0.25), mixed(0.5), smoothed]), [4], 4)).toEqual([0, 2, -1, 2]);
    });

    it('and have no class if they are of several classes, for int32 and bool, too', async () => {
      const rows = [0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0];
      expect(await idsRead(tf.tensor2d(rows, [3, 4], 'int32'), [3], 4)).toEqual([-1, 1, -1]);
      expect(await idsRead(tf.tensor2d(rows, [3, 4], 'bool'), [3], 4)).toEqual([-1, 1, -1]);
    });

    it('and so spare class 0 what tf.oneHot makes of ids out of range', async () => {
      const labels = tf.oneHot(tf.tensor1d([3, -1, 2], 'int32'), 3);
      expect(await idsRead(labels, [3], 3)).toEqual([-1, -1, 2]);
    });
  });

  describe('whose shape could be read in two ways', () => {
    it('are class ids if there is one class, whether [B] or [B, 1]', async () => {
      expect(await idsRead(tf.zeros([3]), [3], 1)).toEqual([0, 0, 0]);
      expect(await idsRead(tf.zeros([3, 1]), [3], 1)).toEqual([0, 0, 0]);
      if (readsLabelsAtOnce()) {
        for (const {name, read} of READERS) {
          const [y, shape] = [tf.ones([3, 1]), [3]];
          const message = `${name}: expected labels to be integers from 0 to 0, but got 1 at index 0.`;
          expectErrorWithin(() => read(y, shape, 1), 'RangeError', message);
        }
      }
    });

    it('are refused if the last axis is as long as there are classes: one one-hot label a sequence looks alike', () => {
      const cases: [leading: number[], numClasses: number, expected: string, count: number][] = [
        [[2, 3], 3, 'class ids of shape [2,3,1], or one-hot of shape [2,3,3]', 3],
        [[4, 2], 2, 'class ids of shape [4,2,1], or one-hot of shape [4,2,2]', 2],
        [[2, 5, 4], 4, 'class ids of shape [2,5,4,1], or one-hot of shape [2,5,4,4]', 4],
      ];
      for (const [leading, numClasses, expected, count] of cases) {
        for (const dtype of ['int32', 'float32'] as const) {
          const y = tf.zeros(leading, dtype);
          for (const {name, read} of READERS) {
            const message =
              `${name}: expected labels to be ${expected}, but got labels of shape ${JSON.stringify(leading)}. Of ` +
              `${count} classes these could be class ids as well as a one-hot label for each ${count} samples.`;
            expectErrorWithin(() => read(y, leading, numClasses), 'ValueError', message);
          }
        }
      }
    });

    it('are told by a further axis if the last axis is as long as there are classes', async () => {
      expect(await idsRead(tf.tensor3d([2, 0, 1, 1, 1, 0], [2, 3, 1]), [2, 3], 3)).toEqual([2, 0, 1, 1, 1, 0]);
      const oneHot = tf.oneHot(tf.tensor2d([2, 0, 1, 1, 1, 0], [2, 3], 'int32'), 3);
      expect(await idsRead(oneHot, [2, 3], 3)).toEqual([2, 0, 1, 1, 1, 0]);
    });

    it('are class ids if another axis than the last is as long as there are classes', async () => {
      expect(await idsRead(tf.tensor2d([2, 0, 1, 1, 1, 0], [3, 2]), [3, 2], 3)).toEqual([2, 0, 1, 1, 1, 0]);
    });

    it('are one-hot if the batch is as large as there are classes', async () => {
      expect(await idsRead(tf.oneHot(tf.tensor1d([2, 0, 1], 'int32'), 3), [3], 3)).toEqual([2, 0, 1]);
      expect(await idsRead(tf.tensor1d([2, 0, 1]), [3], 3)).toEqual([2, 0, 1]);
    });

    it('are class ids of sequences of one step, not one-hot labels of a batch', async () => {
      expect(await idsRead(tf.tensor2d([2, 0], [2, 1]), [2, 1], 3)).toEqual([2, 0]);
      expect(await idsRead(tf.tensor3d([2, 0], [2, 1, 1]), [2, 1], 3)).toEqual([2, 0]);
    });
  });

  describe('of another shape are refused:', () => {
    const cases: {what: string; leading: number[]; numClasses: number; shape: number[]; expected: string}[] = [
      {what: 'another batch size', leading: [3], numClasses: 4, shape: [2], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'ids of another batch size', leading: [3], numClasses: 4, shape: [2, 1], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'a scalar', leading: [3], numClasses: 4, shape: [], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'one-hot of another width', leading: [3], numClasses: 4, shape: [3, 5], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'no width', leading: [3], numClasses: 4, shape: [3, 0], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'one-hot transposed', leading: [3], numClasses: 4, shape: [4, 3], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'an axis too many', leading: [3], numClasses: 4, shape: [3, 1, 1], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'a row for a column', leading: [3], numClasses: 4, shape: [1, 3], expected: '[3] or [3,1], or one-hot of shape [3,4]'},
      {what: 'one label a sequence', leading: [2, 3], numClasses: 4, shape: [2], expected: '[2,3] or [2,3,1], or one-hot of shape [2,3,4]'},
      {what: 'one one-hot label a sequence', leading: [2, 3], numClasses: 4, shape: [2, 4], expected: '[2,3] or [2,3,1], or one-hot of shape [2,3,4]'},
      {what: 'a flat list for sequences', leading: [2, 3], numClasses: 4, shape: [6], expected: '[2,3] or [2,3,1], or one-hot of shape [2,3,4]'},
      {what: 'labels for an empty batch', leading: [0], numClasses: 4, shape: [1], expected: '[0] or [0,1], or one-hot of shape [0,4]'},
    ]; // prettier-ignore
    for (const {what, leading, numClasses, shape, expected} of cases) {
      it(what, () => {
        const y = tf.zeros(shape);
        for (const {name, read} of READERS) {
          const message =
            `${name}: expected labels to be class ids of shape ${expected}, ` +
            `but got labels of shape ${JSON.stringify(shape)}.`;
          expectErrorWithin(() => read(y, leading, numClasses), 'ValueError', message);
        }
      });
    }
  });

  it('of another dtype are refused, as ids and as one-hot: string and complex64', () => {
    const strings = [tf.tensor1d(['0', '1', '2']), tf.tensor2d(new Array<string>(12).fill('1'), [3, 4])];
    for (const y of [...strings, ...complexTensors([3]), ...complexTensors([3, 4])]) {
      for (const {name, read} of READERS) {
        const message = `${name}: expected labels of dtype int32, float32, bool, but got dtype ${y.dtype}.`;
        expectErrorWithin(() => read(y, [3], 4), 'ValueError', message);
      }
    }
  });

  describe('that are no class', () => {
    for (const bad of [-1, 4, 1.5, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 1e30, 3.9999998]) {
      it(`are refused with value and index, or take no part on GPU backends: ${bad}`, async () => {
        // Sample 2 of 3; as float32 also where the number is an integer, since no int32 holds them all.
        const value = Math.fround(bad);
        const y = tf.tensor1d([1, 0, bad]);
        if (readsLabelsAtOnce()) {
          for (const {name, read} of READERS) {
            const message = `${name}: expected labels to be integers from 0 to 3, but got ${value} at index 2.`;
            expectErrorWithin(() => read(y, [3], 4), 'RangeError', message);
          }
        } else {
          expect(await idsRead(y, [3], 4)).toEqual([1, 0, -1]);
          expectClose(await valueOf(centerLoss(tf.ones([3, 2]), y, tf.zeros([4, 2]), {reduction: 'mean'})), 1);
        }
      });
    }

    for (const bad of [-1, 4, 2 ** 31 - 1]) {
      it(`are refused as int32 as well: ${bad}`, async () => {
        const y = tf.tensor2d([1, bad, 0], [3, 1], 'int32');
        if (readsLabelsAtOnce()) {
          for (const {name, read} of READERS) {
            const message = `${name}: expected labels to be integers from 0 to 3, but got ${bad} at index 1.`;
            expectErrorWithin(() => read(y, [3], 4), 'RangeError', message);
          }
        } else {
          expect(await idsRead(y, [3], 4)).toEqual([1, -1, 0]);
        }
      });
    }

    it('are told by the first of them, by its place in the flat order of the samples', async () => {
      const y = tf.tensor2d([0, 1, 2, 3, 7, 9], [2, 3]);
      if (readsLabelsAtOnce()) {
        for (const {name, read} of READERS) {
          const message = `${name}: expected labels to be integers from 0 to 3, but got 7 at index 4.`;
          expectErrorWithin(() => read(y, [2, 3], 4), 'RangeError', message);
        }
      } else {
        expect(await idsRead(y, [2, 3], 4)).toEqual([0, 1, 2, 3, -1, -1]);
      }
    });

    it('are refused for bool labels of a single class', async () => {
      const y = tf.tensor1d([false, true], 'bool');
      if (readsLabelsAtOnce()) {
        for (const {name, read} of READERS) {
          const message = `${name}: expected labels to be integers from 0 to 0, but got 1 at index 1.`;
          expectErrorWithin(() => read(y, [2], 1), 'RangeError', message);
        }
      } else {
        expect(await idsRead(y, [2], 1)).toEqual([0, -1]);
      }
    });
  });

  describe('with an ignoreClass', () => {
    for (const ignoreClass of [1, -1, 255, -(2 ** 24)]) {
      it(`of ${ignoreClass} are left out where they have it`, async () => {
        const y = tf.tensor1d([2, ignoreClass, 0]);
        expect(await idsRead(y, [3], 4, {ignoreClass})).toEqual([2, -1, 0]);
        expect(await idsRead(y.toInt(), [3], 4, {ignoreClass})).toEqual([2, -1, 0]);
        expect(await idsRead(y.expandDims(1), [3], 4, {ignoreClass})).toEqual([2, -1, 0]);
      });
    }

    it('are left out where their one-hot form has it', async () => {
      const y = tf.oneHot(tf.tensor1d([2, 1, 0], 'int32'), 4);
      expect(await idsRead(y, [3], 4, {ignoreClass: 1})).toEqual([2, -1, 0]);
    });

    it('are still refused where they are no class, and the message tells of the ignored one', async () => {
      const y = tf.tensor1d([2, 255, -2]);
      if (readsLabelsAtOnce()) {
        for (const {name, read} of IGNORING_READERS) {
          const message =
            `${name}: expected labels to be integers from 0 to 3, or the ignored class 255, ` +
            'but got -2 at index 2.';
          expectErrorWithin(() => read(y, [3], 4, {ignoreClass: 255}), 'RangeError', message);
        }
      } else {
        expect(await idsRead(y, [3], 4, {ignoreClass: 255})).toEqual([2, -1, -1]);
      }
    });
  });
});

/** As expectError(), for a call that makes its own inputs. */
function expectErrorWithin(call: () => unknown, name: 'ValueError' | 'RangeError', message: string): void {
  expectError(() => tf.tidy(() => call() as tf.Tensor), name, message);
}
