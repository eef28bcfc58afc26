/**
 * What each backend's kernels compute. The files of the backends refer to this page, and the composite does the same in
 * operations of TensorFlow.js.
 *
 * **Class ids.** Of labels with an entry for each class: the class of the largest entry. Such a row has no class if
 * several entries are the largest, or one is NaN. Of other labels: the label itself, which is no class unless it
 * is an integer from 0 to C − 1. A sample without a class, one of `ignoreClass` and one whose mask is 0 get
 * {@link NO_CLASS}.
 *
 * **Loss.** `1/2 · Σ |x_i − c_{y_i}|²` over the samples that take part, those with a class id of at least 0. With
 * `'mean'` it is divided by their number, or by 1 if there are none. A value that is not finite shows in the loss.
 *
 * **Gradient**, of the weighted loss to the features: `lossWeight · (x_i − c_{y_i})`, with `'mean'` divided as the loss
 * is; zero for a sample that takes no part.
 *
 * **Update.** `c_j − alpha · Σ_{i: y_i = j} (c_j − x_i) / (1 + n_j)`, where `n_j` is the number of samples of class j
 * that count. A sample does not count if one of its differences `c_j − x_i`, in float32, is not finite: a NaN or an
 * infinity never gets into a center. A class without samples that count keeps its center to the last bit, `-0` too:
 * hence steps are subtracted, since adding a `+0` turns `-0` into `+0`.
 *
 * **In place.** With `inPlace` the updated centers take the place of the old ones, so that a kernel may write to their
 * memory instead of copying it. It may do so only if no other tensor uses the memory, that is if the backend's
 * `refCount` of the data is 1, and if nobody holds what he has read of it: backends that hand out their live arrays, or
 * keep a copy of what was read, have to look after that. Otherwise the kernel makes new data, as without `inPlace`.
 *
 * **Who disposes what.** A kernel disposes neither inputs nor outputs, and all else that it makes. An output on the data
 * of an input has raised the `refCount` of the data by one, since both are disposed in the end.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** The class id of a sample that takes no part: masked, of the ignored class, or (on devices) badly labelled. */
export const NO_CLASS = -1;

export interface ClassIdsInputs<Tensor extends tf.TensorInfo = tf.TensorInfo> {
  /** int32, float32 or bool: one label a sample, in any shape, or an entry for each class in the last axis. */
  labels: Tensor;
  /** One number a sample, in any shape: 0 where the sample takes no part. */
  mask?: Tensor;
}

export interface ClassIdsAttrs {
  numClasses: number;
  /** Samples of this class take no part. */
  ignoreClass?: number | undefined;
  /** Whether a label has an entry for each class. */
  entryPerClass: boolean;
}

/** What the other kernels read. */
export interface CenterLossInputs<Tensor extends tf.TensorInfo = tf.TensorInfo> {
  /** float32 `[N, D]` */
  features: Tensor;
  /** int32 `[N]`, each less than C; negative for a sample that takes no part. */
  classIds: Tensor;
  /** float32 `[C, D]` */
  centers: Tensor;
}

export interface ScaleGradientInputs<Tensor extends tf.TensorInfo = tf.TensorInfo> {
  /** float32 `[N, D]` */
  gradient: Tensor;
  /** float32 scalar: the gradient that comes from what the loss was added to. */
  dy: Tensor;
}

/**
 * How the losses of the samples become one number. The mean is over the samples that take part; the softmax loss of a
 * model is averaged over all samples.
 */
export type Reduction = 'sum' | 'mean';

export interface CenterLossAttrs {
  reduction: Reduction;
  /** The factor of the weighted loss, and so of the gradient. */
  lossWeight: number;
}

export interface UpdateCentersAttrs {
  /** How far the centers move. */
  alpha: number;
  /** Whether the updated centers take the place of the old ones: see above. */
  inPlace: boolean;
}

/** The kernels of a backend. The composite serves for those that it leaves out. */
export interface BackendKernels<Backend> {
  backendName: string;

  /** The class ids, int32 `[N]`. */
  classIds?: (inputs: ClassIdsInputs, attrs: ClassIdsAttrs, backend: Backend) => tf.TensorInfo;

  /** `[loss, weightedLoss, gradient]`: two scalars and `[N, D]`. */
  centerLoss?: (inputs: CenterLossInputs, attrs: CenterLossAttrs, backend: Backend) => tf.TensorInfo[];

  /** The gradient times `dy`, `[N, D]`. */
  scaleGradient?: (inputs: ScaleGradientInputs, attrs: object, backend: Backend) => tf.TensorInfo;

  /** The updated centers, `[C, D]`. */
  updateCenters?: (inputs: CenterLossInputs, attrs: UpdateCentersAttrs, backend: Backend) => tf.TensorInfo;
}
