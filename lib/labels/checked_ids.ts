import type * as tf from '@tensorflow/tfjs-core';
import {NO_CLASS} from '../kernels/contracts.js';
import type {LabelForm} from './label_forms.js';

/** What the readers of labels need to know besides the labels. */
export interface LabelArgs {
  /** The features' shape without its last axis: a label for each sample. */
  leadingShape: number[];
  numClasses: number;
  /** Samples with this label take no part. */
  ignoreClass?: number | undefined;
  /** A Keras mask over the first of the leading axes: samples at `false` take no part and their labels are not read. */
  mask?: tf.Tensor | undefined;
  /** Who is asking, for error messages. */
  caller: string;
  /** Whether class ids are known to be such, also where one-hot labels of fewer samples would have the same shape. */
  isTold?: boolean | undefined;
  /** Whether a bad label is no error: its sample takes no part. */
  leaveOutBad?: boolean | undefined;
  /**
   * Receives the error for a bad label on backends where looking at a label means waiting for a device. On all others
   * it is thrown at once.
   */
  onLateError?: ((error: Error) => void) | undefined;
}

/**
 * The check and the conversion of class ids in the memory of this process, in one pass.
 *
 * @param values The ids that the form reads from labels.
 * @param mask One number a sample: 0 where it takes no part.
 * @returns A new array; {@link NO_CLASS} for samples that take no part.
 * @throws RangeError for an id that is no integer in `[0, numClasses)`, unless it is left out.
 */
export function checkedIds(
  values: ArrayLike<number>,
  mask: ArrayLike<number> | undefined,
  {entryPerClass}: LabelForm,
  {numClasses, ignoreClass, leaveOutBad, caller}: LabelArgs,
): Int32Array {
  const classIds = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const isClass = Number.isInteger(value) && value >= 0 && value < numClasses;
    if (mask?.[i] === 0 || value === ignoreClass || (!isClass && (entryPerClass || leaveOutBad))) {
      classIds[i] = NO_CLASS;
    } else if (isClass) {
      classIds[i] = value;
    } else {
      const ignored = ignoreClass === undefined ? '' : `, or the ignored class ${ignoreClass}`;
      throw new RangeError(
        `${caller}: expected labels to be integers from 0 to ${numClasses - 1}${ignored}, ` +
          `but got ${value} at index ${i}.`,
      );
    }
  }
  return classIds;
}
