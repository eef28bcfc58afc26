import {Recognizer} from '../../lib/recognition/index.js';
import type {Features} from '../../lib/recognition/index.js';

/** As tensors of TensorFlow.js are. */
function tensor(shape: number[], values: ArrayLike<number>) {
  return {shape, data: () => Promise.resolve(values)};
}

async function centersOf(samples: Features, width?: number): Promise<unknown> {
  const recognizer = new Recognizer(width === undefined ? {} : {width});
  await recognizer.enroll('a', samples);
  return recognizer.toJSON().classes;
}

describe('Features', () => {
  const FORMS: [string, Features, number | undefined][] = [
    ['a tensor', tensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)), undefined],
    ['a tensor of integers', tensor([2, 3], Int32Array.of(1, 2, 3, 4, 5, 6)), undefined],
    [
      'rows as arrays',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      undefined,
    ],
    ['rows as typed arrays', [Float32Array.of(1, 2, 3), Float64Array.of(4, 5, 6)], undefined],
    ['a Float32Array with a known width', Float32Array.of(1, 2, 3, 4, 5, 6), 3],
    ['one sample as a Float32Array', Float32Array.of(2.5, 3.5, 4.5), undefined],
    ['one sample as numbers', [2.5, 3.5, 4.5], undefined],
    ['a tensor of one axis', tensor([3], [2.5, 3.5, 4.5]), undefined],
    ['a tensor with axes of size 1 behind', tensor([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]), undefined],
    ['a tensor with axes of size 1 between', tensor([2, 1, 1, 3], [1, 2, 3, 4, 5, 6]), undefined],
    ['tensors', [tensor([1, 3], [1, 2, 3]), tensor([3], [4, 5, 6])], undefined],
    ['a tensor of many and a row', [tensor([2, 3], [1, 2, 3, 4, 5, 6]), [2.5, 3.5, 4.5]], undefined],
    ['dims and data', {dims: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6)}, undefined],
    ['dims and data of the type uint16', {dims: [2, 3], data: Uint16Array.of(1, 2, 3, 4, 5, 6), type: 'uint16'}, 3],
    ['embeddings', [{floatEmbedding: [1, 2, 3]}, {floatEmbedding: [4, 5, 6]}], undefined],
    ['one embedding', {floatEmbedding: [2.5, 3.5, 4.5]}, undefined],
  ];

  it.each(FORMS)('may be %s', async (_, features, width) => {
    const recognizer = new Recognizer(width === undefined ? {} : {width});
    await recognizer.enroll('a', features);
    expect((await recognizer.identify([[2.5, 3.5, 4.5]]))[0]?.nearest).toEqual([{label: 'a', score: 0}]);
    expect(recognizer.toJSON().width).toBe(3);
  });

  const REFUSED: [string, unknown, number | undefined, string][] = [
    [
      'nothing',
      undefined,
      undefined,
      'expected a Float32Array, an array of rows, or a tensor with its shape and data, but got undefined.',
    ],
    ['a shape without data', {shape: [1, 2]}, undefined, 'but got {"shape":[1,2]}.'],
    [
      'data without a shape',
      {data: () => Promise.resolve([1])},
      undefined,
      'a tensor with its shape and data, but got {}.',
    ],
    ['a number', tensor([], [1]), undefined, 'expected features of shape [samples, width], but got shape [].'],
    [
      'images',
      tensor([1, 2, 2], [1, 2, 3, 4]),
      undefined,
      'but got shape [1,2,2]. Take the mean over tokens or places.',
    ],
    ['no width', tensor([2, 0], []), undefined, 'expected features of shape [samples, width], but got shape [2,0].'],
    ['data of another size', tensor([2, 2], [1, 2, 3]), undefined, 'expected 4 numbers, but got 3.'],
    [
      'rows of different width',
      [[1, 2], [3]],
      undefined,
      'expected rows of equal width, but sample 1 is [3] beside a width of 2.',
    ],
    ['empty rows', [[], []], undefined, 'expected rows of equal width, but sample 0 is [] beside a width of 0.'],
    ['dims without data', {dims: [1, 2]}, undefined, 'but got {"dims":[1,2]}.'],
    [
      'data that is no function, with a shape',
      {shape: [1, 2], data: [1, 2]},
      undefined,
      'but got {"shape":[1,2],"data":',
    ],
    ['an embedding without numbers', {headIndex: 0}, undefined, 'but got {"headIndex":0}.'],
    ['no numbers', new Float32Array(), undefined, 'sample 0 is Float32Array of 0 bytes beside a width of 0.'],
    [
      'what may be half floats or not',
      Uint16Array.of(1, 2),
      undefined,
      'expected numbers, but got a Uint16Array of 4 bytes, which may stand for others: pass a Float32Array, or {dims, data, type}.',
    ],
    [
      'rows that may be half floats',
      [Uint16Array.of(1, 2)],
      undefined,
      'but got a Uint16Array of 4 bytes, which may stand for others',
    ],
    [
      'a tensor that may be of half floats',
      {dims: [2], data: Uint16Array.of(1, 2)},
      undefined,
      'but got a Uint16Array of 4 bytes, which may stand for others',
    ],
    [
      'a tensor and a row of different width',
      [tensor([2, 2], [1, 2, 3, 4]), [1, 2, 3]],
      undefined,
      'expected rows of equal width, but sample 1 is [1,2,3] beside a width of 2.',
    ],
    ['texts', {dims: [2], data: ['1', '2'], type: 'string'}, undefined, 'but got "1" in sample 0 at feature 0.'],
    ['int64', {dims: [2], data: BigInt64Array.of(1n, 2n), type: 'int64'}, undefined, 'but got 1n in sample 0'],
    ['a Float32Array with a rest', Float32Array.of(1, 2, 3), 2, 'expected features of width 2, but got width 3.'],
    ['another width', [[1, 2]], 3, 'expected features of width 3, but got width 2.'],
    [
      'NaN',
      [
        [1, 2],
        [3, NaN],
      ],
      undefined,
      'expected numbers between -1000000000000000 and 1000000000000000, but got NaN in sample 1 at feature 1.',
    ],
    ['infinity', tensor([1, 2], [-Infinity, 0]), undefined, 'but got -Infinity in sample 0 at feature 0.'],
    ['numbers out of range', [[2e15]], undefined, 'in sample 0 at feature 0.'],
  ];

  it.each(REFUSED)('are not %s', async (_, features, width, message) => {
    await expect(centersOf(features as Features, width)).rejects.toThrow(message);
    await expect(centersOf(features as Features, width)).rejects.toThrow(/^enroll: expected/);
  });

  it('may be as large as stated', async () => {
    await expect(centersOf([[1e15, -1e15]])).resolves.toHaveLength(1);
  });
});
