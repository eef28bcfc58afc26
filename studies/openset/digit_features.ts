import * as tf from '@tensorflow/tfjs';

import type {Recognizer} from 'tfjs-center-loss/recognition';

/** Features of some pictures, or their pixels, and the digit that each shows. */
export interface DigitFeatures {
  /** `[pictures, D]`. */
  features: tf.Tensor2D;
  digits: readonly number[];
}

/** Enrols every digit with all its pictures. */
export async function enrollDigits(recognizer: Recognizer, samples: DigitFeatures): Promise<void> {
  for (const digit of distinct(samples.digits)) {
    const {features} = takeRows(samples, indicesOf(samples.digits, digit));
    await recognizer.enroll(String(digit), features);
    features.dispose();
  }
}

export function takeRows({features, digits}: DigitFeatures, indices: readonly number[]): DigitFeatures {
  return {
    features: tf.tidy(() => features.gather(tf.tensor1d([...indices], 'int32'))),
    digits: indices.map((index) => digits[index] ?? NaN),
  };
}

/** Where a digit is. */
export function indicesOf(digits: readonly number[], digit: number): number[] {
  return digits.flatMap((candidate, index) => (candidate === digit ? [index] : []));
}

/** Each digit once, in ascending order. */
export function distinct(digits: readonly number[]): number[] {
  return [...new Set(digits)].sort((a, b) => a - b);
}
