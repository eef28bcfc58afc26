import type * as tf from '@tensorflow/tfjs-core';

/** Dimensions as tf.layers gives them: `null` where they are not known before the data come. */
export type Shape = readonly (number | null)[];

/** A way to write labels. `label_forms.ts` has the list of all. */
export interface LabelForm {
  /** How an error message names labels of this form. */
  name: string;

  /** The shapes that labels of this form may have, for samples of the leading shape. */
  shapes(leadingShape: Shape, numClasses: number): Shape[];

  /** The class id of each sample, of values in the memory of this process; {@link NO_CLASS} for one that has none. */
  idsOnHost(values: ArrayLike<number>, numClasses: number): ArrayLike<number>;

  /** The same by operations on tensors, without reading a value. Of any shape, one id a sample. */
  idsOnDevice(labels: tf.Tensor, numClasses: number): tf.Tensor;

  /** Whether an id is written by the user, so that it may be no integer or out of range. */
  idsMayBeWrong: boolean;
}

/** The class id of a sample that takes no part: masked, of the ignored class, or (on devices) badly labelled. */
export const NO_CLASS = -1;
