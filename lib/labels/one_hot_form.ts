import {NO_CLASS} from '../kernels/contracts.js';
import type {LabelForm} from './label_form.js';

/**
 * A row of `numClasses` entries a sample, one-hot or probabilities: the class is that of the largest entry. A row whose
 * entries are all alike, as `tf.oneHot` makes it of an id out of range, and a row with a NaN have no class.
 */
export const ONE_HOT: LabelForm = {
  name: 'one-hot',
  shapes: (leadingShape, numClasses) => [[...leadingShape, numClasses]],
  idsOnHost: argMaxOfRows,
  entryPerClass: true,
};

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
