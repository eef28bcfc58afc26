import type * as tf from '@tensorflow/tfjs-core';
import type {Reduction} from '../checks.js';

/** What the kernels read. Samples with a negative class id take no part. */
export interface CenterLossInputs<Tensor extends tf.TensorInfo = tf.TensorInfo> {
  /** float32 `[N, D]` */
  features: Tensor;
  /** int32 `[N]`, each less than C */
  classIds: Tensor;
  /** float32 `[C, D]` */
  centers: Tensor;
}

export interface ScaleGradientInputs<Tensor extends tf.TensorInfo = tf.TensorInfo> {
  /** float32 `[N, D]` */
  gradient: Tensor;
  /** float32 scalar: the upstream gradient. */
  dy: Tensor;
}

export interface CenterLossAttrs {
  reduction: Reduction;
  /** What the loss is multiplied by before it is differentiated. */
  lossWeight: number;
}

export interface UpdateCentersAttrs {
  /** How far the centers move. */
  alpha: number;
  /**
   * Whether the result takes the place of the centers, so that a kernel may write to their memory: unless that has
   * another tensor on it, or someone holds it as a snapshot.
   */
  inPlace: boolean;
}

/** The kernels of a backend; for what it leaves out, the composite of TensorFlow.js's operations serves. */
export interface BackendKernels<Backend> {
  backendName: string;

  /**
   * `[loss, weightedLoss, gradient]`: half the squared distances to the own centers; that times the weight; the weighted
   * loss's gradient to the features, `[N, D]`.
   */
  centerLoss?: (inputs: CenterLossInputs, attrs: CenterLossAttrs, backend: Backend) => tf.TensorInfo[];

  /** The gradient times the upstream gradient. */
  scaleGradient?: (inputs: ScaleGradientInputs, attrs: object, backend: Backend) => tf.TensorInfo;

  /** The centers after one batch, `[C, D]`. */
  updateCenters?: (inputs: CenterLossInputs, attrs: UpdateCentersAttrs, backend: Backend) => tf.TensorInfo;
}
