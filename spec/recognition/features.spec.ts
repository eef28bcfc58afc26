import {Recognizer} from '../../lib/recognition/index.js';
import type {Features} from '../../lib/recognition/index.js';

/** As tensors of TensorFlow.js are. */
function tensor(shape: number[], values: ArrayLike<number>): Features {
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
  ];

  it.each(FORMS)('may be %s', async (_, features, width) => {
    expect(await centersOf(features, width)).toEqual(
      await centersOf([
        [2.5, 3.5, 4.5],
        [2.5, 3.5, 4.5],
      ]),
    );
  });

  const REFUSED: [string, unknown, number | undefined, string][] = [
    [
      'nothing',
      undefined,
      undefined,
      'expected a Float32Array, an array of rows, or a tensor or other object with shape and data(), but got undefined.',
    ],
    ['a shape without data', {shape: [1, 2]}, undefined, 'but got {"shape":[1,2]}.'],
    [
      'data without a shape',
      {data: () => Promise.resolve([1])},
      undefined,
      'a tensor or other object with shape and data(), but got {}.',
    ],
    ['a vector', tensor([3], [1, 2, 3]), undefined, 'expected features of shape [samples, width], but got shape [3].'],
    [
      'images',
      tensor([1, 2, 2], [1, 2, 3, 4]),
      undefined,
      'expected features of shape [samples, width], but got shape [1,2,2].',
    ],
    ['no width', tensor([2, 0], []), undefined, 'expected features of shape [samples, width], but got shape [2,0].'],
    ['data of another size', tensor([2, 2], [1, 2, 3]), undefined, 'expected 4 numbers from data(), but got 3.'],
    [
      'rows of different width',
      [[1, 2], [3]],
      undefined,
      'expected rows of equal width, but sample 1 is [3] beside a width of 2.',
    ],
    ['empty rows', [[], []], undefined, 'expected rows of equal width, but sample 0 is [] beside a width of 0.'],
    [
      'a Float32Array without a width',
      Float32Array.of(1, 2),
      undefined,
      'expected features with a width, but got a Float32Array before the width is known',
    ],
    [
      'a Float32Array with a rest',
      Float32Array.of(1, 2, 3),
      2,
      'expected rows of width 2, but got a Float32Array of length 3.',
    ],
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
