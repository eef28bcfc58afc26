import * as tf from '@tensorflow/tfjs-core';
import {checkedBatch, samplesOf} from './batch.js';
import {checkAlpha, DEFAULT_ALPHA} from './hyperparameters.js';
import type {UpdateCentersAttrs} from '../kernels/contracts.js';
import {updateCentersKernel} from '../kernels/dispatch.js';
import {checkOptions} from '../options.js';

/** The options of {@link updateCenters}. */
export interface UpdateCentersArgs {
  /** How far the centers move, in [0, 1]. Default: 0.6. */
  alpha?: number | undefined;
  /** Samples with this integer label take no part. Default: none. */
  ignoreClass?: number | undefined;
}

/**
 * The centers after one batch (Wen et al., equations 3 and 4):
 * `c_j - alpha * sum_{i: y_i = j} (c_j - x_i) / (1 + n_j)`. Pure: `centers` stays as it is.
 *
 * A class without samples keeps its center to the last bit. A sample whose difference to its center is not finite is
 * not counted, so that finite centers stay finite.
 *
 * @param centers float32 `[C, D]`, one row a class.
 * @param features float32 `[B, D]`, or `[B, ..., D]`: all leading axes are samples.
 * @param labels The label forms of `centerLoss`.
 * @returns The new centers, float32 `[C, D]`: a copy of the whole table. Where that counts, as with 100,000 classes, let
 *   a `CenterLossLayer` own the centers: it changes the rows of the batch in place.
 * @throws What `centerLoss` throws.
 * @example
 * ```js
 * const centers = tf.zeros([2, 2]);
 * updateCenters(centers, [[1, 2], [3, 4]], [0, 0], {alpha: 0.5}).print(); // [[0.6666667, 1], [0, 0]]
 * ```
 */
export function updateCenters(
  centers: tf.Tensor2D | tf.TensorLike,
  features: tf.Tensor | tf.TensorLike,
  labels: tf.Tensor | tf.TensorLike,
  args: UpdateCentersArgs = {},
): tf.Tensor2D {
  const caller = 'updateCenters()';
  checkOptions(args, ['alpha', 'ignoreClass'], caller);
  const {alpha = DEFAULT_ALPHA, ignoreClass} = args;
  checkAlpha(alpha, caller);
  return tf.tidy(() => {
    const batch = checkedBatch(features, labels, centers, ignoreClass, caller);
    return updateCentersOfClasses(batch.centers, batch.features, batch.classIds, {alpha, inPlace: false});
  });
}

/** {@link updateCenters} of checked arguments, with class ids for labels. */
export function updateCentersOfClasses(
  centers: tf.Tensor2D,
  features: tf.Tensor,
  classIds: tf.Tensor1D,
  attrs: UpdateCentersAttrs,
): tf.Tensor2D {
  return updateCentersKernel({features: samplesOf(features, centers), classIds, centers}, attrs);
}
