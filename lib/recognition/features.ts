import {quote, ValueError} from '../errors.js';
import type {Matrix} from './search/matrix.js';

/**
 * Features of some samples, as numbers between -1e15 and 1e15:
 * - a matrix with its shape `[samples, width]`, as the tensors of TensorFlow.js are; `data` is asked once;
 * - an array with one row of numbers a sample, each an array or a typed array;
 * - the rows one after the other in a Float32Array, where the width is known from elsewhere.
 */
export type Features =
  Float32Array | readonly ArrayLike<number>[] | {readonly shape: readonly number[]; data(): Promise<ArrayLike<number>>};

/** The square of a larger number, times the width, might leave the range of float32. */
const LARGEST = 1e15;

/**
 * Reads features in any of their forms. The values may be the caller's own array: only read them.
 *
 * @param width What the features must have as width, if that is known.
 * @param caller The function or method that an error names.
 * @throws ValueError for what is no matrix, has another width, or holds NaN or numbers out of range.
 */
export async function readFeatures(features: Features, width: number | undefined, caller: string): Promise<Matrix> {
  const matrix = await toMatrix(features, width, caller);
  if (width !== undefined && matrix.width !== width && matrix.rows > 0) {
    throw new ValueError(`${caller}: expected features of width ${width}, but got width ${matrix.width}.`);
  }
  const bad = matrix.values.findIndex((value) => !(Math.abs(value) <= LARGEST));
  if (bad >= 0) {
    throw new ValueError(
      `${caller}: expected numbers between -${LARGEST} and ${LARGEST}, but got ${quote(matrix.values[bad])} ` +
        `in sample ${Math.floor(bad / matrix.width)} at feature ${bad % matrix.width}.`,
    );
  }
  return matrix;
}

/** As `readFeatures`, for samples that have a label each: the width of a Float32Array follows from their number. */
export async function readLabelledFeatures(
  features: Features,
  labels: ArrayLike<unknown>,
  width: number | undefined,
  caller: string,
): Promise<Matrix> {
  const matrix = await readFeatures(features, width ?? widthByRows(features, labels.length), caller);
  if (matrix.rows !== labels.length) {
    throw new ValueError(
      `${caller}: expected one label a sample, but got ${labels.length} labels for ${matrix.rows} samples.`,
    );
  }
  if (matrix.rows === 0) {
    throw new ValueError(`${caller}: expected at least one sample, but got none.`);
  }
  return matrix;
}

function widthByRows(features: Features, rows: number): number | undefined {
  return ArrayBuffer.isView(features) && rows > 0 && features.length % rows === 0 ? features.length / rows : undefined;
}

async function toMatrix(features: Features, width: number | undefined, caller: string): Promise<Matrix> {
  if (ArrayBuffer.isView(features)) {
    return flatMatrix(features, width, caller);
  }
  if (Array.isArray(features)) {
    return stackedMatrix(features as ArrayLike<number>[], width, caller);
  }
  // Whoever writes JavaScript may pass anything.
  const {shape, data} = Object(features) as {shape?: readonly number[]; data?: unknown};
  if (!Array.isArray(shape) || typeof data !== 'function') {
    throw new ValueError(
      `${caller}: expected a Float32Array, an array of rows, or a tensor or other object with shape and data(), ` +
        `but got ${quote(features)}.`,
    );
  }
  const [rows = NaN, columns = NaN] = shape as readonly number[];
  if (shape.length !== 2 || !(columns > 0)) {
    throw new ValueError(`${caller}: expected features of shape [samples, width], but got shape ${quote(shape)}.`);
  }
  const values = await (features as {data(): Promise<ArrayLike<number>>}).data();
  if (values.length !== rows * columns) {
    throw new ValueError(`${caller}: expected ${rows * columns} numbers from data(), but got ${values.length}.`);
  }
  return {values: toFloat32(values), rows, width: columns};
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
  return {values: toFloat32(values), rows: values.length / width, width};
}

function stackedMatrix(rows: readonly ArrayLike<number>[], width: number | undefined, caller: string): Matrix {
  const first = rows[0];
  const columns = first === undefined ? (width ?? 0) : first.length;
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || !(row.length > 0) || row.length !== columns) {
      throw new ValueError(
        `${caller}: expected rows of equal width, but sample ${i} is ${quote(row)} beside a width of ${columns}.`,
      );
    }
    values.set(row, i * columns);
  });
  return {values, rows: rows.length, width: columns};
}

/** The array itself if it is one of float32, of whatever realm. */
function toFloat32(values: ArrayLike<number>): Float32Array {
  const isFloat32 = Object.prototype.toString.call(values) === '[object Float32Array]';
  return isFloat32 ? (values as Float32Array) : Float32Array.from(values);
}
