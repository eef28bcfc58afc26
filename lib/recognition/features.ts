import {quote, ValueError} from '../errors.js';
import {copyLabels} from './labels.js';
import type {Matrix} from './search/matrix.js';

/**
 * Features of some samples, as numbers between -1e15 and 1e15, at most 2²⁴ a sample:
 * - a matrix with its shape `[samples, width]`, as the tensors of TensorFlow.js are; `data` is asked once, at the call;
 * - an array with one row of numbers a sample, each an array or a typed array;
 * - one sample as an array of numbers;
 * - the rows one after the other in a Float32Array, where the width is known from elsewhere.
 *
 * What is in arrays is copied at the call: they may be filled anew right after it. Only numbers are numbers, neither `null`
 * nor `'1'`.
 */
export type Features =
  | Float32Array
  | readonly ArrayLike<number>[]
  | readonly number[]
  | {readonly shape: readonly number[]; data(): Promise<ArrayLike<number>>};

/** The square of a larger number, times the width, might leave the range of float32. */
const LARGEST = 1e15;

/** The codes of queries that are wider would all be 0: the sums of their products have 32 bits. */
const MAX_WIDTH = 2 ** 24;

/** @throws ValueError unless features can have this width. */
export function checkWidth(width: unknown, caller: string): asserts width is number {
  if (!isWidth(width)) {
    throw new ValueError(
      `${caller}: expected width to be a whole number from 1 to ${MAX_WIDTH}, but got ${quote(width)}.`,
    );
  }
}

function isWidth(width: unknown): width is number {
  return Number.isInteger(width) && (width as number) >= 1 && (width as number) <= MAX_WIDTH;
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
  const matrix = await toMatrix(features, width, caller);
  if (width !== undefined && matrix.width !== width && matrix.rows > 0) {
    throw new ValueError(`${caller}: expected features of width ${width}, but got width ${matrix.width}.`);
  }
  return matrix;
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

/** Whether it is a typed array, and not one of bigint. A DataView has no length. */
function isTypedArray(value: unknown): value is Float32Array {
  return ArrayBuffer.isView(value) && 'length' in value && typeof (value as Float32Array)[0] !== 'bigint';
}

async function toMatrix(features: Features, width: number | undefined, caller: string): Promise<Matrix> {
  if (isTypedArray(features)) {
    checkNoBytes(features, caller);
    return flatMatrix(features, width, caller);
  }
  if (Array.isArray(features)) {
    // Numbers are one sample.
    const rows = typeof features[0] === 'number' ? [features] : features;
    return stackedMatrix(rows as ArrayLike<number>[], width, caller);
  }
  // Whoever writes JavaScript may pass anything.
  const {shape, data} = Object(features) as {shape?: readonly number[]; data?: unknown};
  if (!Array.isArray(shape) || typeof data !== 'function') {
    throw new ValueError(
      `${caller}: expected a Float32Array, an array of rows, or a tensor or other object with shape and data(), ` +
        `but got ${quote(features)}.`,
    );
  }
  const [rows, columns] = shape as readonly number[];
  if (shape.length !== 2 || !isWidth(columns) || !(Number.isSafeInteger(rows) && (rows as number) >= 0)) {
    throw new ValueError(`${caller}: expected features of shape [samples, width], but got shape ${quote(shape)}.`);
  }
  const given: unknown = (features as {data(): unknown}).data();
  // What is there at once may be filled anew right after the call: it is copied without waiting.
  const values: unknown = given instanceof Object && 'then' in given ? await Promise.resolve(given) : given;
  const size = (rows as number) * columns;
  if (lengthOf(values) !== size) {
    const got = lengthOf(values) || quote(values);
    throw new ValueError(`${caller}: expected ${size} numbers from data(), but got ${got}.`);
  }
  return matrixOf([values as ArrayLike<unknown>], columns, size, caller);
}

/** @throws ValueError for bytes, as files are read: each would be taken for a number. */
function checkNoBytes(values: ArrayBufferView, caller: string): void {
  const type = Object.prototype.toString.call(values).slice('[object '.length, -1);
  if (type === 'Uint8Array') {
    throw new ValueError(
      `${caller}: expected a Float32Array, but got bytes, a ${type}. If they are those of float32 numbers, pass ` +
        'new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).',
    );
  }
}

function flatMatrix(values: Float32Array, width: number | undefined, caller: string): Matrix {
  if (width === undefined) {
    throw new ValueError(
      `${caller}: expected features with a width, but got a Float32Array before the width is known: ` +
        `pass an array of rows or {shape, data}, or give the recognizer its width.`,
    );
  }
  if (values.length % width !== 0) {
    throw new ValueError(
      `${caller}: expected rows of width ${width}, but got a Float32Array of length ${values.length}.`,
    );
  }
  return matrixOf([values], width, values.length, caller);
}

function stackedMatrix(rows: readonly ArrayLike<unknown>[], width: number | undefined, caller: string): Matrix {
  const columns = rows.length === 0 ? (width ?? 0) : lengthOf(rows[0]);
  // Not forEach, which passes over what is missing.
  for (let i = 0; i < rows.length; i++) {
    if (!isWidth(columns) || lengthOf(rows[i]) !== columns) {
      throw new ValueError(
        `${caller}: expected rows of equal width, but sample ${i} is ${quote(rows[i])} beside a width of ${columns}.`,
      );
    }
  }
  return matrixOf(rows, columns, rows.length * columns, caller);
}

/** 0 for what is no row. */
function lengthOf(row: unknown): number {
  return typeof row === 'object' && row !== null ? Number((row as {length?: unknown}).length ?? 0) : 0;
}

/** A matrix of what arrays of numbers hold, one after the other: a copy of it. */
function matrixOf(arrays: readonly ArrayLike<unknown>[], width: number, size: number, caller: string): Matrix {
  const copy = new Float32Array(size);
  let start = 0;
  for (const array of arrays) {
    const own = copy.subarray(start, start + array.length);
    if (isTypedArray(array)) {
      own.set(array);
    } else {
      for (let i = 0; i < own.length; i++) {
        const value = array[i];
        own[i] = typeof value === 'number' ? value : NaN;
      }
    }
    const bad = indexOutOfRange(own);
    if (bad >= 0) {
      throw new ValueError(
        `${caller}: expected ${IN_RANGE}, but got ${quote(array[bad])} ` +
          `in sample ${Math.floor((start + bad) / width)} at feature ${(start + bad) % width}.`,
      );
    }
    start += own.length;
  }
  // Without rows, the width may be 0.
  return {values: copy, rows: size && size / width, width};
}
