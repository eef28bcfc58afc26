import {parseIdxImages, parseIdxLabels} from '../../demo/mnist/idx.js';
import {idxBytes} from './idx_files.js';

const AREA = 28 * 28;

describe('parseIdxImages', () => {
  const pixels = Array.from({length: 2 * AREA}, (_, index) => index % 256);
  const bytes = idxBytes([2051, 2, 28, 28], pixels);

  test('gives the pictures of a file', () => {
    expect(parseIdxImages(bytes, 'images')).toEqual({count: 2, pixels: Uint8Array.from(pixels)});
  });

  test('reads a view into a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 7);
    expect(parseIdxImages(larger.subarray(7), 'images').pixels).toEqual(Uint8Array.from(pixels));
  });

  test.each([
    ['an empty file', new Uint8Array(), 'images: expected a header of 16 bytes, got a file of 0 bytes.'],
    ['half a header', bytes.subarray(0, 15), 'images: expected a header of 16 bytes, got a file of 15 bytes.'],
    ['a truncated file', bytes.subarray(0, -1), 'images: expected 1584 bytes, as its header says, got 1583 bytes.'],
    [
      'a file with something behind its end',
      idxBytes([2051, 2, 28, 28], [...pixels, 0]),
      'images: expected 1584 bytes, as its header says, got 1585 bytes.',
    ],
    [
      'a header with too large a count',
      idxBytes([2051, 2 ** 32 - 1, 28, 28], pixels),
      'images: expected 3367254359296 bytes, as its header says, got 1584 bytes.',
    ],
    ['labels', idxBytes([2049, 8], Array<number>(8).fill(0)), 'images: expected the magic number 2051, got 2049.'],
    [
      'pictures of another size',
      idxBytes([2051, 2, 32, 28], pixels),
      'images: expected pictures of 28 x 28, got 32 x 28.',
    ],
  ])('rejects %s', (_, wrong, message) => {
    expect(() => parseIdxImages(wrong, 'images')).toThrow(new Error(message));
  });
});

describe('parseIdxLabels', () => {
  const bytes = idxBytes([2049, 3], [0, 9, 5]);

  test('gives the labels of a file', () => {
    expect(parseIdxLabels(bytes, 'labels')).toEqual(Uint8Array.of(0, 9, 5));
  });

  test.each([
    ['a truncated file', bytes.subarray(0, -1), 'labels: expected 11 bytes, as its header says, got 10 bytes.'],
    ['half a header', bytes.subarray(0, 6), 'labels: expected a header of 8 bytes, got a file of 6 bytes.'],
    ['images', idxBytes([2051, 0, 28, 28], []), 'labels: expected the magic number 2049, got 2051.'],
    ['a label above 9', idxBytes([2049, 3], [0, 10, 5]), 'labels: expected labels of 0 to 9, got 10 at index 1.'],
  ])('rejects %s', (_, wrong, message) => {
    expect(() => parseIdxLabels(wrong, 'labels')).toThrow(new Error(message));
  });
});
