import * as tf from '@tensorflow/tfjs';

import {NUM_CLASSES} from './idx.js';
import {POOLED_SIZE} from './pool.js';

/** The layer whose output gets the center loss, and is drawn. */
export const FEATURE_LAYER = 'embedding';

/**
 * Dense layers only: the WASM backend has no gradient for convolutions. The same seed gives the
 * same weights.
 */
export function createClassifier(featureDim: number, seed: number, numClasses = NUM_CLASSES): tf.LayersModel {
  let nextSeed = seed;
  const dense = (name: string, units: number, activation: 'relu' | 'linear') =>
    tf.layers.dense({
      name,
      units,
      activation,
      kernelInitializer: tf.initializers.glorotUniform({seed: nextSeed++}),
    });

  const image = tf.input({shape: [POOLED_SIZE * POOLED_SIZE], name: 'image'});
  let h = dense('hidden1', 128, 'relu').apply(image);
  h = dense('hidden2', 64, 'relu').apply(h);
  h = dense(FEATURE_LAYER, featureDim, 'linear').apply(h);
  const logits = dense('logits', numClasses, 'linear').apply(h);
  return tf.model({inputs: image, outputs: logits as tf.SymbolicTensor});
}
