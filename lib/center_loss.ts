import * as tf from '@tensorflow/tfjs-core';
import {checkAlpha, checkIgnoreClass, checkReduction, DEFAULT_ALPHA, DEFAULT_REDUCTION} from './hyperparameters.js';
import type {Reduction} from './hyperparameters.js';
import type {CenterLossAttrs, UpdateCentersAttrs} from './kernels/contracts.js';
import {centerLossKernel, scaleGradientKernel, updateCentersKernel} from './kernels/dispatch.js';
import {toClassIds} from './labels/class_ids.js';
import {checkCenters, checkFeatures} from './tensor_checks.js';
import {activeTape, saveOnTape} from './tfjs_internals.js';

export interface CenterLossArgs {
  /** `'sum'` (default) over the samples, as in the article, or `'mean'`, as in the paper authors' Caffe layer. */
  reduction?: Reduction | undefined;
  /** Samples with this integer label take no part. Default: none. */
  ignoreClass?: number | undefined;
}

export interface UpdateCentersArgs {
  /** How far the centers move, in [0, 1]. Default: 0.6. */
  alpha?: number | undefined;
  /** Samples with this integer label take no part. Default: none. */
  ignoreClass?: number | undefined;
}

/**
 * Center loss (Wen et al., ECCV 2016, equation 2): half the squared distance of every sample's features to the center
 * of its class, `1/2 * sum_i |x_i - c_{y_i}|^2`.
 *
 * Differentiable in the features only; no gradient reaches centers or labels. Samples of `ignoreClass` take no part.
 *
 * @param features float32 `[B, D]`, or `[B, ..., D]`: all leading axes are samples.
 * @param labels Class ids with the features' leading shape, with or without a last axis of 1, or one-hot labels with a
 *   last axis of C; int32, float32 or bool.
 * @param centers float32 `[C, D]`, one row a class.
 * @returns A float32 scalar. Not finite where features or centers are not.
 * @throws ValueError for wrong arguments. RangeError for a label that is no integer in `[0, C)`; on webgl and webgpu,
 *   where reading it would stall the GPU, such a sample takes no part instead.
 */
export function centerLoss(
  features: tf.Tensor,
  labels: tf.Tensor,
  centers: tf.Tensor2D,
  {reduction = DEFAULT_REDUCTION, ignoreClass}: CenterLossArgs = {},
): tf.Scalar {
  const where = 'centerLoss()';
  checkReduction(reduction, where);
  checkIgnoreClass(ignoreClass, where);
  checkCenters(centers, where);
  checkFeatures(features.shape, features.dtype, centers.shape[1], where);
  return tf.tidy(() => {
    const classIds = classIdsOf(labels, features, centers, ignoreClass, where);
    const {loss, weightedLoss} = weightedCenterLoss(features, classIds, centers, {reduction, lossWeight: 1});
    loss.dispose();
    return weightedLoss;
  });
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
 * @param labels The label forms of {@link centerLoss}.
 * @returns The new centers, float32 `[C, D]`.
 * @throws What {@link centerLoss} throws.
 */
export function updateCenters(
  centers: tf.Tensor2D,
  features: tf.Tensor,
  labels: tf.Tensor,
  {alpha = DEFAULT_ALPHA, ignoreClass}: UpdateCentersArgs = {},
): tf.Tensor2D {
  const where = 'updateCenters()';
  checkAlpha(alpha, where);
  checkIgnoreClass(ignoreClass, where);
  checkCenters(centers, where);
  checkFeatures(features.shape, features.dtype, centers.shape[1], where);
  return tf.tidy(() => {
    const classIds = classIdsOf(labels, features, centers, ignoreClass, where);
    return updateCentersOfClasses(centers, features, classIds, {alpha, inPlace: false});
  });
}

function classIdsOf(
  labels: tf.Tensor,
  features: tf.Tensor,
  centers: tf.Tensor2D,
  ignoreClass: number | undefined,
  where: string,
): tf.Tensor1D {
  const [numClasses] = centers.shape;
  return toClassIds(labels, {leadingShape: features.shape.slice(0, -1), numClasses, ignoreClass, where});
}

export interface WeightedCenterLoss {
  /** Without the weight. No scope disposes it: the caller has to. */
  loss: tf.Scalar;
  /** The loss times the weight. The gradient flows through this one. */
  weightedLoss: tf.Scalar;
}

/** {@link centerLoss} of checked arguments, with class ids for labels. */
export function weightedCenterLoss(
  features: tf.Tensor,
  classIds: tf.Tensor1D,
  centers: tf.Tensor2D,
  attrs: CenterLossAttrs,
): WeightedCenterLoss {
  const tape = activeTape();
  // What is made within `tf.customGrad` is disposed at its end, unless it is returned or kept.
  const kept: tf.Tensor[] = [];
  const lossOf = tf.customGrad((samples) => {
    const {loss, weightedLoss, gradient} = centerLossKernel({features: samples as tf.Tensor, classIds, centers}, attrs);
    kept.push(tf.keep(loss), tape ? tf.keep(gradient) : gradient);
    return {value: weightedLoss, gradFunc: (dy: tf.Scalar) => scaleGradientKernel({gradient, dy})};
  });
  const weightedLoss = lossOf(samplesOf(features, centers));
  const [loss, gradient] = kept as [tf.Scalar, tf.Tensor];
  if (tape) {
    saveOnTape(tape, gradient);
  }
  return {loss, weightedLoss};
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

function samplesOf(features: tf.Tensor, centers: tf.Tensor2D): tf.Tensor2D {
  const featureDim = centers.shape[1];
  // Most features are a matrix already. A reshape would be one more operation on the gradient tape.
  return features.rank === 2
    ? (features as tf.Tensor2D)
    : tf.reshape(features, [features.size / featureDim, featureDim]);
}
