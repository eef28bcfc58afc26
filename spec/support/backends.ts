import * as tf from '@tensorflow/tfjs';

/**
 * How many made-up examples to try on this backend. Every new shape means new programs for a GPU, and making them takes
 * Chromium a second where there is none.
 */
export function examplesOnThisBackend(examples: number): number {
  return tf.getBackend().startsWith('webg') ? Math.ceil(examples / 10) : examples;
}
