import {quote, ValueError} from '../errors.js';
import {isOfKind, isTypedArray, isWidth, MAX_WIDTH, samplesIn, unclear} from './feature_forms.js';
import type {FeatureForm, Samples} from './feature_forms.js';
import {copyLabels} from './labels.js';
import type {Matrix} from './search/matrix.js';

/**
 * Features of some samples, as numbers between -1e15 and 1e15, at most 2²⁴ a sample. Of one sample:
 * - an array of numbers, or a typed array: Float32Array and others, but no bytes and no half floats without their type;
 * - an embedding of MediaPipe, `{floatEmbedding}` or `{quantizedEmbedding}`.
 *
 * Of one or several:
 * - a tensor of TensorFlow.js, `{shape, data()}`, or of ONNX Runtime and Transformers.js, `{dims, data, type, getData()}`, half
 *   floats included; of shape `[samples, width]`, or `[width]` for one sample. Further axes of size 1 do not matter.
 *   Its values are asked for once, at the call;
 * - a typed array with the samples one after the other, where the width is known, by the labels or from earlier samples;
 * - an array of any of these.
 *
 * What is in arrays is copied at the call: they may be filled anew right after it. Only numbers are numbers, neither `null`
 * nor `'1'`.
 */
export type Features = FeatureForm | readonly FeatureForm[];

/** The square of a larger number, times the width, might leave the range of float32. */
const LARGEST = 1e15;

/** @throws ValueError unless features can have this width. */
export function checkWidth(width: unknown, caller: string): asserts width is number {
  if (!isWidth(width)) {
    throw new ValueError(
      `${caller}: expected width to be a whole number from 1 to ${MAX_WIDTH}, but got ${quote(width)}.`,
    );
  }
}

/** What a feature can be, for messages. */
export const IN_RANGE = `numbers between -${LARGEST} and ${LARGEST}`;

/** The index of the first number that no feature can be; -1 if all are in range. */
export function indexOutOfRange(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) {
    if (!(Math.abs(values[i] as number) <= LARGEST)) {
      return i;
    }
  }
  return -1;
}

/**
 * Reads features in any of their forms, and copies them. The reading begins before this returns.
 *
 * @param width What the features must have as width, if that is known.
 * @param caller The function or method that an error names.
 * @throws ValueError for what is no matrix, has another width, or holds what is no number, NaN, or numbers out of range.
 */
export async function readFeatures(features: Features, width: number | undefined, caller: string): Promise<Matrix> {
  // Whoever writes JavaScript may pass anything. Numbers are one sample.
  const given: unknown = features;
  const isList = Array.isArray(given) && typeof given[0] !== 'number';
  const items: readonly unknown[] = isList ? given : [isTypedArray(given) ? withWidth(given, width, caller) : given];
  // Not map, which passes over what is missing.
  const all = Array.from(items, (item) => samplesIn(item, caller));
  const columns = all.length === 0 ? (width ?? 0) : (all[0]?.width ?? 0);
  let size = 0;
  all.forEach((samples, i) => {
    if (samples?.width !== columns || !isWidth(columns)) {
      throw new ValueError(
        isList || samples
          ? `${caller}: expected rows of equal width, but sample ${i} is ${quote(items[i])} beside a width of ${columns}.`
          : `${caller}: expected a Float32Array, an array of rows, or a tensor with its shape and data, but got ${quote(given)}.`,
      );
    }
    size += samples.rows * columns;
  });
  if (width !== undefined && columns !== width && size > 0) {
    throw new ValueError(`${caller}: expected features of width ${width}, but got width ${columns}.`);
  }
  const values = new Float32Array(size);
  const waiting: Promise<void>[] = [];
  let start = 0;
  for (const {rows, numbers} of all as Samples[]) {
    const first = start;
    start += rows * columns;
    const own = values.subarray(first, start);
    if (numbers instanceof Promise) {
      waiting.push(
        numbers.then((there) => {
          copyTo(own, there, first, columns, caller);
        }),
      );
    } else {
      copyTo(own, numbers, first, columns, caller);
    }
  }
  await Promise.all(waiting);
  // Without rows, the width may be 0.
  return {values, rows: size && size / columns, width: columns};
}

/** Samples with a label each. */
export interface LabelledFeatures<Label> {
  matrix: Matrix;
  labels: Label[];
}

/** As `readFeatures`, for samples that have a label each: the width of a Float32Array follows from their number. */
export async function readLabelledFeatures<Label>(
  features: Features,
  given: ArrayLike<Label>,
  checkLabel: (label: unknown, caller: string) => asserts label is Label,
  width: number | undefined,
  caller: string,
): Promise<LabelledFeatures<Label>> {
  const labels = copyLabels(given, checkLabel, caller);
  const matrix = await readFeatures(features, width ?? widthByRows(features, labels.length), caller);
  if (matrix.rows !== labels.length) {
    throw new ValueError(
      `${caller}: expected one label a sample, but got ${labels.length} labels for ${matrix.rows} samples.`,
    );
  }
  if (matrix.rows === 0) {
    throw new ValueError(`${caller}: expected at least one sample, but got none.`);
  }
  return {matrix, labels};
}

function widthByRows(features: Features, rows: number): number | undefined {
  return isTypedArray(features) && rows > 0 && features.length % rows === 0 ? features.length / rows : undefined;
}

/** What a typed array is: rows, if their width is known and there is no rest, else one sample. */
function withWidth(values: Float32Array, width: number | undefined, caller: string): FeatureForm {
  // Of bytes, as files are read, each would be taken for a number.
  if (isOfKind(values, 'Uint8Array')) {
    throw unclear(values, caller);
  }
  return width !== undefined && values.length % width === 0
    ? {dims: [values.length / width, width], data: values}
    : values;
}

/** Copies the numbers of samples to their place in a matrix, of which the first is `start`. */
function copyTo(own: Float32Array, given: unknown, start: number, width: number, caller: string): void {
  const numbers = (typeof given === 'object' && given ? given : []) as ArrayLike<unknown>;
  if (numbers.length !== own.length) {
    throw new ValueError(`${caller}: expected ${own.length} numbers, but got ${numbers.length || quote(given)}.`);
  }
  if (isTypedArray(numbers)) {
    own.set(numbers);
  } else {
    for (let i = 0; i < own.length; i++) {
      const value = numbers[i];
      own[i] = typeof value === 'number' ? value : NaN;
    }
  }
  const bad = indexOutOfRange(own);
  if (bad >= 0) {
    throw new ValueError(
      `${caller}: expected ${IN_RANGE}, but got ${quote(numbers[bad])} ` +
        `in sample ${Math.floor((start + bad) / width)} at feature ${(start + bad) % width}.`,
    );
  }
}
