import type * as tf from '@tensorflow/tfjs-core';

/** What the readers of labels need to know besides the labels. */
export interface LabelArgs {
  /** The features' shape without its last axis: the labels have one class for each of its places. */
  leadingShape: number[];
  numClasses: number;
  /** Samples with this label take no part. */
  ignoreClass?: number | undefined;
  /** A Keras mask over the first of the leading axes: samples at `false` take no part and their labels are not read. */
  mask?: tf.Tensor | undefined;
  /** Who is asking, for error messages. */
  where: string;
  /**
   * Receives the error for a bad label on backends where looking at a label means waiting for a device. On all others
   * it is thrown at once.
   */
  onLateError?: ((error: Error) => void) | undefined;
}
