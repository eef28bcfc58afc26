/** Dimensions as tf.layers gives them: `null` where they are not known before the data come. */
export type Shape = readonly (number | null)[];

/** A way to write labels. `label_forms.ts` has the list of all. */
export interface LabelForm {
  /** How an error message names labels of this form. */
  name: string;

  /** The shapes that labels of this form may have, for samples of the leading shape. */
  shapes(leadingShape: Shape, numClasses: number): Shape[];

  /** The class id of each sample, of values in the memory of this process; `NO_CLASS` for one that has none. */
  idsOnHost(values: ArrayLike<number>, numClasses: number): ArrayLike<number>;

  /**
   * Whether a label has an entry for each class, of which one is the largest. If not, the user has written an id, which
   * may be no integer or out of range. On devices the kernel of kernels/contracts.ts reads both.
   */
  entryPerClass: boolean;
}
