import {quote, ValueError} from '../errors.js';
import {NO_CLASS} from '../kernels/contracts.js';
import {FLOAT_CLASSES} from '../kernels/exact_ids.js';

/** Dimensions as tf.layers gives them: `null` where they are not known before the data come. */
export type Shape = readonly (number | null)[];

/** A way to write labels: {@link LABEL_FORMS} has them all. */
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

/** An integer a sample: of the samples' leading shape, with or without a last axis of 1. */
export const CLASS_IDS: LabelForm = {
  name: 'class ids',
  shapes: (leadingShape) => [leadingShape, [...leadingShape, 1]],
  idsOnHost: (values) => values,
  entryPerClass: false,
};

/**
 * A row of `numClasses` entries a sample, one-hot or probabilities: the class is that of the largest entry. A row in
 * which several are the largest has no class: it is of several classes, or mixed of two halves, or all alike, as
 * `tf.oneHot` makes it of an id out of range. Nor has a row with a NaN.
 */
export const ONE_HOT: LabelForm = {
  name: 'one-hot',
  shapes: (leadingShape, numClasses) => [[...leadingShape, numClasses]],
  idsOnHost: argMaxOfRows,
  entryPerClass: true,
};

/** All forms of labels. Where a shape fits several, the first of them is meant. */
const LABEL_FORMS: readonly LabelForm[] = [CLASS_IDS, ONE_HOT];

const LABEL_DTYPES = ['int32', 'float32', 'bool'];

/** What is known of labels before their values are. */
interface LabelsInfo {
  shape: Shape;
  dtype: string;
}

/**
 * The form of labels, told by their shape.
 *
 * @param caller Who is asking, for the error message.
 * @throws ValueError for a dtype that cannot hold labels, or not the ids of so many classes, and for a shape that no
 *   form has.
 */
export function labelFormOf(
  {shape, dtype}: LabelsInfo,
  leadingShape: Shape,
  numClasses: number,
  caller: string,
): LabelForm {
  if (!LABEL_DTYPES.includes(dtype)) {
    throw new ValueError(`${caller}: expected labels of dtype ${LABEL_DTYPES.join(', ')}, but got dtype ${dtype}.`);
  }
  const form = LABEL_FORMS.find((candidate) =>
    candidate.shapes(leadingShape, numClasses).some((expected) => fits(shape, expected)),
  );
  if (!form) {
    const expected = LABEL_FORMS.map(
      (known) => `${known.name} of shape ${known.shapes(leadingShape, numClasses).map(quote).join(' or ')}`,
    );
    throw new ValueError(
      `${caller}: expected labels to be ${expected.join(', or ')}, but got labels of shape ${quote(shape)}.`,
    );
  }
  if (form === CLASS_IDS && dtype === 'float32' && numClasses > FLOAT_CLASSES) {
    throw new ValueError(
      `${caller}: expected labels of dtype int32, since float32 does not hold the ids of ${numClasses} classes, ` +
        'but got dtype float32.',
    );
  }
  return form;
}

/**
 * Refuses class ids whose last axis is as long as there are classes. Somebody may have written them, or one-hot labels of
 * fewer samples: one for each sequence, where the features are those of each step. Their shapes are the same.
 *
 * @throws ValueError that says how to write either.
 */
export function checkTellable(shape: Shape, leadingShape: Shape, numClasses: number, caller: string): void {
  if (numClasses > 1 && shape.length > 1 && shape.length === leadingShape.length && shape.at(-1) === numClasses) {
    throw new ValueError(
      `${caller}: expected labels to be class ids of shape ${quote([...shape, 1])}, or one-hot of shape ` +
        `${quote([...shape, numClasses])}, but got labels of shape ${quote(shape)}. Of ${numClasses} classes these ` +
        `could be class ids as well as a one-hot label for each ${numClasses} samples.`,
    );
  }
}

function fits(shape: Shape, expected: Shape): boolean {
  return (
    shape.length === expected.length &&
    shape.every((dim, i) => dim === null || expected[i] === null || dim === expected[i])
  );
}

function argMaxOfRows(values: ArrayLike<number>, numClasses: number): Int32Array {
  const classIds = new Int32Array(values.length / numClasses);
  for (let row = 0; row < classIds.length; row++) {
    const start = row * numClasses;
    let largest = -Infinity;
    let classId = NO_CLASS;
    for (let i = start; i < start + numClasses; i++) {
      const value = values[i] as number;
      if (Number.isNaN(value)) {
        classId = NO_CLASS;
        break;
      }
      if (value > largest) {
        largest = value;
        classId = i - start;
      } else if (value === largest) {
        classId = NO_CLASS;
      }
    }
    classIds[row] = classId;
  }
  return classIds;
}
