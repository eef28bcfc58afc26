import type * as tf from '@tensorflow/tfjs-core';
import type {LabelForm} from './label_form.js';

/** The class id of a sample that takes no part: masked, of the ignored class, or (on GPU backends) badly labelled. */
export const NO_CLASS = -1;

export interface ClassIdsArgs {
  /** The features' shape without its last axis: what the labels must have. */
  leadingShape: number[];
  numClasses: number;
  /** Samples with this label take no part. */
  ignoreClass?: number | undefined;
  /** A Keras mask over the first of the leading axes: samples at `false` take no part and their labels are not read. */
  mask?: tf.Tensor | undefined;
  /** Who is asking, for error messages. */
  where: string;
  /**
   * Receives, on backends where looking at a label would stall the pipeline, the error that is thrown at once
   * elsewhere.
   */
  onLateError?: ((error: Error) => void) | undefined;
}

/**
 * The class ids of labels in the memory of this process: checked, and copied into an array.
 *
 * @throws RangeError for a class id that is no integer in `[0, numClasses)`.
 */
export function classIdsOnHost(
  labels: tf.Tensor,
  form: LabelForm,
  mask: tf.Tensor1D | undefined,
  args: ClassIdsArgs,
): Int32Array {
  const values = labels.dataSync<'float32' | 'int32'>();
  const ids = form === 'one-hot' ? argMaxOfRows(values, args.numClasses) : values;
  return checkedIds(ids, mask?.dataSync(), form, args);
}

/** Of each row of one-hot labels the place of the largest entry; `NO_CLASS` if all are alike, or one is NaN. */
function argMaxOfRows(values: ArrayLike<number>, numClasses: number): Int32Array {
  const classIds = new Int32Array(values.length / numClasses);
  for (let row = 0; row < classIds.length; row++) {
    const start = row * numClasses;
    let largest = start;
    let smallest = start;
    let hasNaN = false;
    for (let i = start; i < start + numClasses; i++) {
      const value = values[i] as number;
      hasNaN ||= Number.isNaN(value);
      largest = value > (values[largest] as number) ? i : largest;
      smallest = value < (values[smallest] as number) ? i : smallest;
    }
    classIds[row] = hasNaN || largest === smallest ? NO_CLASS : largest - start;
  }
  return classIds;
}

/** One pass over the class ids in memory: the check and the conversion. */
export function checkedIds(
  values: ArrayLike<number>,
  mask: ArrayLike<number> | undefined,
  form: LabelForm,
  {numClasses, ignoreClass, where}: ClassIdsArgs,
): Int32Array {
  const classIds = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (mask?.[i] === 0 || value === ignoreClass || (form === 'one-hot' && value === NO_CLASS)) {
      classIds[i] = NO_CLASS;
    } else if (Number.isInteger(value) && value >= 0 && value < numClasses) {
      classIds[i] = value;
    } else {
      const ignored = ignoreClass === undefined ? '' : `, or the ignored class ${ignoreClass}`;
      throw new RangeError(
        `${where}: expected labels to be integers from 0 to ${numClasses - 1}${ignored}, ` +
          `but got ${value} at index ${i}.`,
      );
    }
  }
  return classIds;
}
