import * as tf from '@tensorflow/tfjs';

import {IMAGE_SIZE} from './idx.js';
import type {IdxImages} from './idx.js';

/** Of the pictures that small networks look at, which are a quarter of the work. */
export const POOLED_SIZE = IMAGE_SIZE / 2;

/** Bounds the memory that pictures take as float32 before they are pooled. */
const CHUNK = 10_000;

/**
 * The first `count` pictures as `[count, size * size]` of 0 to 1, squares of pixels averaged where `size` is a fraction
 * of the pictures' own.
 */
export function averagePool({pixels}: IdxImages, count: number, size: number): tf.Tensor2D {
  const area = IMAGE_SIZE * IMAGE_SIZE;
  const pool = IMAGE_SIZE / size;
  return tf.tidy(() => {
    const chunks: tf.Tensor2D[] = [];
    for (let begin = 0; begin < count; begin += CHUNK) {
      const end = Math.min(begin + CHUNK, count);
      chunks.push(
        tf.tidy(() =>
          tf
            .tensor4d(pixels.subarray(begin * area, end * area), [end - begin, IMAGE_SIZE, IMAGE_SIZE, 1], 'float32')
            .avgPool(pool, pool, 'valid')
            .div(255)
            .as2D(end - begin, size * size),
        ),
      );
    }
    return tf.concat2d(chunks, 0);
  });
}
