import * as tf from '@tensorflow/tfjs-core';
import {checkedBatch, samplesOf} from './batch.js';
import {checkReduction, DEFAULT_REDUCTION} from './hyperparameters.js';
import type {CenterLossAttrs, Reduction} from '../kernels/contracts.js';
import {centerLossKernel, scaleGradientKernel} from '../kernels/dispatch.js';
import {checkOptions} from '../options.js';
import {activeTape, saveOnTape} from '../tfjs_internals.js';

/** The options of {@link centerLoss}. */
export interface CenterLossArgs {
  /** `'sum'` (default) over the samples, as in the article, or `'mean'`, as in the paper authors' Caffe layer. */
  reduction?: Reduction | undefined;
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
 *   last axis of C, of which the largest entry counts: a sample with several largest ones takes no part. int32, float32 or
 *   bool. Class ids with a last axis of C and none of 1 are refused, since they could be one-hot labels of sequences.
 * @param centers float32 `[C, D]`, one row a class.
 * @returns A float32 scalar. Not finite where features or centers are not.
 * @throws ValueError for wrong arguments. RangeError for a label that is no integer in `[0, C)`; on webgl and webgpu,
 *   where reading it would stall the GPU, such a sample takes no part instead.
 * @example
 * ```js
 * const features = tf.tensor2d([[1, 2], [3, 4]]);
 * const centers = tf.tensor2d([[1, 1], [2, 2]]);
 * centerLoss(features, [0, 1], centers).print(); // 3
 * // It is half of (0 + 1) + (1 + 4). The gradient is the difference of each sample to its center.
 * tf.grad((x) => centerLoss(x, [0, 1], centers))(features).print(); // [[0, 1], [1, 2]]
 * ```
 */
export function centerLoss(
  features: tf.Tensor | tf.TensorLike,
  labels: tf.Tensor | tf.TensorLike,
  centers: tf.Tensor2D | tf.TensorLike,
  args: CenterLossArgs = {},
): tf.Scalar {
  const caller = 'centerLoss()';
  checkOptions(args, ['reduction', 'ignoreClass'], caller);
  const {reduction = DEFAULT_REDUCTION, ignoreClass} = args;
  checkReduction(reduction, caller);
  return tf.tidy(() => {
    const batch = checkedBatch(features, labels, centers, ignoreClass, caller);
    const attrs = {reduction, lossWeight: 1};
    const {loss, weightedLoss} = weightedCenterLoss(batch.features, batch.classIds, batch.centers, attrs);
    loss.dispose();
    return weightedLoss;
  });
}

export interface WeightedCenterLoss {
  /** Without the weight. No scope disposes it: the caller has to. */
  loss: tf.Scalar;
  /** The loss times the weight. The gradient flows through this one. */
  weightedLoss: tf.Scalar;
}

/**
 * {@link centerLoss} of checked arguments, with class ids for labels.
 *
 * @param onGradient Is called whenever the gradient to the features is taken.
 */
export function weightedCenterLoss(
  features: tf.Tensor,
  classIds: tf.Tensor1D,
  centers: tf.Tensor2D,
  attrs: CenterLossAttrs,
  onGradient?: () => void,
): WeightedCenterLoss {
  const tape = activeTape();
  // What is made within `tf.customGrad` is disposed at its end, unless it is returned or kept.
  const kept: tf.Tensor[] = [];
  const lossOf = tf.customGrad((x) => {
    const samples = x as tf.Tensor;
    const {loss, weightedLoss, gradient} = centerLossKernel({features: samples, classIds, centers}, attrs);
    kept.push(tf.keep(loss), tape ? tf.keep(gradient) : gradient);
    const gradFunc = (dy: tf.Scalar) => {
      onGradient?.();
      // A tape that runs while this gradient is taken is that of a second derivative.
      return activeTape()
        ? tf.mul(differentiable(gradient, samples, classIds, attrs), dy)
        : scaleGradientKernel({gradient, dy});
    };
    return {value: weightedLoss, gradFunc};
  });
  const weightedLoss = lossOf(samplesOf(features, centers));
  const [loss, gradient] = kept as [tf.Scalar, tf.Tensor];
  if (tape) {
    saveOnTape(tape, gradient);
    saveOnTape(tape, tf.keep(classIds));
  }
  return {loss, weightedLoss};
}

/**
 * The gradient as a function of the samples. It is `factor · (x_i − c)`, so that its own gradient is the factor: that of
 * the loss, and zero for samples that take no part. The values of the samples are not looked at: they may be disposed.
 */
function differentiable(
  gradient: tf.Tensor,
  samples: tf.Tensor,
  classIds: tf.Tensor1D,
  {reduction, lossWeight}: CenterLossAttrs,
): tf.Tensor {
  const gradientOf = tf.customGrad(() => ({
    value: tf.clone(gradient),
    gradFunc: (dy: tf.Tensor) => {
      const takesPart = tf.cast(tf.greaterEqual(classIds, 0), 'float32');
      const numSamples = reduction === 'sum' ? tf.scalar(1) : tf.maximum(tf.sum(takesPart), 1);
      return tf.mul(dy, tf.expandDims(tf.mul(tf.div(takesPart, numSamples), lossWeight), 1));
    },
  }));
  return gradientOf(samples);
}
