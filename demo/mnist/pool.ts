import * as tf from '@tensorflow/tfjs';

import {IMAGE_SIZE} from './idx.js';
import type {IdxImages} from './idx.js';

const POOL = 2;
export const POOLED_SIZE = IMAGE_SIZE / POOL;

/** Bounds the memory that pictures take as float32 before they are pooled. */
const CHUNK = 10_000;

/** The first `count` pictures, each 2 x 2 pixels averaged, as `[count, 14 * 14]` of 0 to 1. */
export function averagePool({pixels}: IdxImages, count: number): tf.Tensor2D {
  const area = IMAGE_SIZE * IMAGE_SIZE;
  return tf.tidy(() => {
    const chunks: tf.Tensor2D[] = [];
    for (let begin = 0; begin < count; begin += CHUNK) {
      const end = Math.min(begin + CHUNK, count);
      chunks.push(
        tf.tidy(() =>
          tf
            .tensor4d(pixels.subarray(begin * area, end * area), [end - begin, IMAGE_SIZE, IMAGE_SIZE, 1], 'float32')
            .avgPool(POOL, POOL, 'valid')
            .div(255)
            .as2D(end - begin, POOLED_SIZE * POOLED_SIZE),
        ),
      );
    }
    return tf.concat2d(chunks, 0);
  });
}
