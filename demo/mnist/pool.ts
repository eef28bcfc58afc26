import * as tf from '@tensorflow/tfjs';

import {IMAGE_SIZE} from './idx.js';
import type {IdxImages} from './idx.js';

/** Pixels along each side that the demo averages. */
export const POOL = 2;
export const POOLED_SIZE = IMAGE_SIZE / POOL;

/** Bounds the memory that pictures take as float32 before they are pooled. */
const CHUNK = 10_000;

/** The first `count` pictures, each `pool` x `pool` pixels averaged, as `[count, (28 / pool) ** 2]` of 0 to 1. */
export function averagePool({pixels}: IdxImages, count: number, pool: number): tf.Tensor2D {
  const area = IMAGE_SIZE * IMAGE_SIZE;
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
            .as2D(end - begin, area / (pool * pool)),
        ),
      );
    }
    return tf.concat2d(chunks, 0);
  });
}
