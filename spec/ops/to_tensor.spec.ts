import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, centerLoss, softmaxCrossEntropy, updateCenters} from '../../lib/index.js';
import {valueOf} from '../support/networks.js';
import {disposeAfterEach, expectError} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const X = [[1, 2], [3, 4]]; // prettier-ignore
const CENTERS = [[0, 0], [1, 1]]; // prettier-ignore

/** Every argument that may be an array, with what the others are. */
const PLACES: {where: string; give: (value: tf.TensorLike) => tf.Tensor}[] = [
  {where: 'centerLoss(): expected features', give: (value) => centerLoss(value, [0, 1], CENTERS)},
  {where: 'centerLoss(): expected labels', give: (value) => centerLoss(X, value, CENTERS)},
  {where: 'centerLoss(): expected centers', give: (value) => centerLoss(X, [0, 1], value)},
  {where: 'updateCenters(): expected centers', give: (value) => updateCenters(value, X, [0, 1])},
  {where: 'updateCenters(): expected features', give: (value) => updateCenters(CENTERS, value, [0, 1])},
  {where: 'updateCenters(): expected labels', give: (value) => updateCenters(CENTERS, X, value)},
  {where: 'softmaxCrossEntropy(): expected labels', give: (value) => softmaxCrossEntropy(value, X)},
  {where: 'softmaxCrossEntropy(): expected logits', give: (value) => softmaxCrossEntropy([0, 1], value)},
  {where: 'categoricalAccuracy(): expected labels', give: (value) => categoricalAccuracy(value, X)},
  {where: 'categoricalAccuracy(): expected logits', give: (value) => categoricalAccuracy([0, 1], value)},
];

function expectRefused(value: unknown, message: string): void {
  for (const {where, give} of PLACES) {
    expectError(() => give(value as tf.TensorLike), 'ValueError', `${where} ${message}`);
  }
}

describe('An array in place of a tensor', () => {
  disposeAfterEach();

  it('may have rows that are typed arrays', async () => {
    const rows = [new Float32Array([1, 2]), new Float32Array([3, 4])];
    expectClose(await valueOf(centerLoss(rows, new Int32Array([0, 1]), CENTERS)), 9);
    expectClose(await valueOf(centerLoss(rows, new Uint8Array([0, 1]), CENTERS)), 9);
  });

  it('may be of booleans for labels', async () => {
    expectClose(await valueOf(centerLoss(X, [false, true], CENTERS)), 9);
    expectClose(await valueOf(centerLoss(X, [[true, false], [false, true]], CENTERS)), 9); // prettier-ignore
  });

  it('may be empty', async () => {
    expect(await valueOf(centerLoss(tf.zeros([0, 2]), [], CENTERS))).toBe(0);
  });

  const ENTRIES: [what: string, entry: unknown, shown: string][] = [
    ['null, of which TensorFlow.js makes 0', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a text with a number', '1', '"1"'],
    ['an empty text', '', '""'],
    ['a boolean beside numbers', true, 'true'],
    ['a bigint', 1n, '1n'],
    ['a date', new Date(0), 'Date'],
    ['an object', {a: 1}, '{"a":1}'],
    ['a row that is deeper than the first', [1], '[1]'],
    ['a typed array beside numbers', new Float32Array(2), 'Float32Array'],
  ];
  for (const [what, entry, shown] of ENTRIES) {
    it(`may not hold ${what}`, () => {
      const message = `to be numbers in rows of one length, but got ${shown} among them.`;
      expectRefused([0, entry], message);
      expectRefused(
        [
          [1, 2],
          [0, entry],
        ],
        message,
      );
    });
  }

  it('may not begin with what is no number', () => {
    for (const [entry, shown] of [[null, 'null'], [1n, '1n'], ['1', '"1"'], [new Float64Array(1), 'Float64Array']]) {
      expectRefused([entry, 0], `to be numbers in rows of one length, but got ${String(shown)} among them.`);
    } // prettier-ignore
    expectRefused([true, 2], 'to be numbers in rows of one length, but got 2 among them.');
  });

  it('may not have holes', () => {
    expectRefused(new Array(2), 'to be numbers in rows of one length, but got undefined among them.');
  });

  it('may not have rows of unequal length, also where these add up', () => {
    expectRefused([[0, 1], [2], [3, 4, 5]], 'in rows of 2, as the first is, but got one of 1.');
    expectRefused([[[0], [1]], [[2, 3], []]], 'in rows of 1, as the first is, but got one of 2.'); // prettier-ignore
    expectRefused(
      [new Float32Array(2), new Float32Array(3)],
      'to be numbers in rows of one length, but got Float32Array among them.',
    );
  });

  it('may not be an array of tensors', () => {
    for (const {where, give} of PLACES) {
      const scalars = [tf.scalar(0), tf.scalar(1)] as unknown as tf.TensorLike;
      expect(() => give(scalars)).toThrow(`${where} to be numbers in rows of one length, but got {`);
    }
  });

  const OTHERS: [unknown, string][] = [
    [undefined, 'undefined'],
    [null, 'null'],
    ['0', '"0"'],
    [true, 'true'],
    [1n, '1n'],
    [{shape: [2]}, '{"shape":[2]}'],
    [new BigInt64Array([0n, 1n]), 'BigInt64Array'],
    [new Float64Array([0, 1]), 'Float64Array'],
    [new Int16Array([0, 1]), 'Int16Array'],
    [new DataView(new ArrayBuffer(4)), 'DataView'],
    [new ArrayBuffer(4), 'ArrayBuffer'],
    [new Set([0, 1]), 'Set'],
    [Promise.resolve([0, 1]), 'Promise'],
    [() => [0, 1], 'Function'],
  ];
  for (const [value, shown] of OTHERS) {
    it(`is what the message asks for, where there is neither: ${shown}`, () => {
      expectRefused(value, `to be a tensor or an array, but got ${shown}.`);
    });
  }
});

describe('Options', () => {
  disposeAfterEach();

  const NONE: [unknown, string][] = [
    [null, 'null'],
    [0.5, '0.5'],
    ['mean', '"mean"'],
    [true, 'true'],
    [3n, '3n'],
    [['mean'], '["mean"]'],
    [[], '[]'],
    [new Map([['reduction', 'mean']]), 'Map'],
    [() => 'mean', 'Function'],
  ];
  for (const [args, shown] of NONE) {
    it(`are an object, not ${shown}`, () => {
      expectError(
        () => centerLoss(X, [0, 1], CENTERS, args as object),
        'ValueError',
        `centerLoss(): expected an object with reduction, ignoreClass, but got ${shown}.`,
      );
      expectError(
        () => updateCenters(CENTERS, X, [0, 1], args as object),
        'ValueError',
        `updateCenters(): expected an object with alpha, ignoreClass, but got ${shown}.`,
      );
    });
  }

  it('may be left out, and be undefined each', async () => {
    expectClose(await valueOf(centerLoss(X, [0, 1], CENTERS, undefined)), 9);
    expectClose(await valueOf(centerLoss(X, [0, 1], CENTERS, {reduction: undefined, ignoreClass: undefined})), 9);
  });
});
