import * as tf from '@tensorflow/tfjs';

import type {Size} from './contender.js';

export interface Batch {
  features: tf.Tensor2D;
  labels: tf.Tensor1D;
}

/** Random features and labels, the same for the same seed. */
export function makeBatch({numClasses, featureDim, batchSize}: Size, seed: number): Batch {
  return {
    features: tf.randomNormal([batchSize, featureDim], 0, 1, 'float32', seed),
    labels: tf.randomUniform([batchSize], 0, numClasses, 'int32', seed),
  };
}
