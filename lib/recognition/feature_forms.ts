import {quote, ValueError} from '../errors.js';

/** What engines give for one sample or several, known by its shape: none of them is imported. */
export type FeatureForm =
  | ArrayLike<number>
  | {readonly shape: readonly number[]; data(): Promise<ArrayLike<number>>}
  | {
      readonly dims: readonly number[];
      readonly data: ArrayLike<unknown>;
      readonly type?: string;
      readonly location?: string;
      getData?(): Promise<ArrayLike<unknown>>;
    }
  | {readonly floatEmbedding?: readonly number[]; readonly quantizedEmbedding?: Uint8Array};

/** All that the forms may have. Whoever writes JavaScript may pass anything. */
interface Members {
  readonly shape?: unknown;
  readonly dims?: unknown;
  readonly data?: unknown;
  readonly type?: unknown;
  readonly location?: unknown;
  getData?(): unknown;
  readonly floatEmbedding?: readonly unknown[];
  readonly quantizedEmbedding?: Uint8Array;
}

/** Samples as they were given. */
export interface Samples {
  rows: number;
  width: number;
  /** One sample after the other, or a promise of them where they are not there yet. */
  numbers: unknown;
}

/** The codes of queries that are wider would all be 0: the sums of their products have 32 bits. */
export const MAX_WIDTH = 2 ** 24;

export function isWidth(width: unknown): width is number {
  return Number.isInteger(width) && (width as number) >= 1 && (width as number) <= MAX_WIDTH;
}

/** Whether it is a typed array, and not one of bigint. A DataView has no length. */
export function isTypedArray(value: unknown): value is Float32Array {
  return ArrayBuffer.isView(value) && 'length' in value && typeof (value as Float32Array)[0] !== 'bigint';
}

/**
 * The samples in one of the forms, and undefined for what has none. Asks for the numbers.
 *
 * @throws ValueError for a tensor of more axes than two that are larger than 1, one without numbers, and an array that may
 *   hold half floats, or not.
 */
export function samplesIn(form: unknown, caller: string): Samples | undefined {
  if (Array.isArray(form) || isTypedArray(form)) {
    return {rows: 1, width: form.length, numbers: decoded(form, undefined, caller)};
  }
  const it = Object(form) as Members;
  const {quantizedEmbedding: bytes, shape, dims = shape, type, location = 'cpu'} = it;
  // MediaPipe keeps signed numbers in its bytes.
  const row = it.floatEmbedding ?? (bytes && new Int8Array(bytes));
  if (row) {
    return samplesIn(row, caller);
  }
  if (!Array.isArray(dims) || !(shape ? typeof it.data === 'function' : 'data' in it)) {
    return undefined;
  }
  const [rows, ...axes] = (dims.length === 1 ? [1, ...(dims as number[])] : dims) as number[];
  const wide = axes.filter((size) => size !== 1);
  const width = axes.length === 0 || wide.length > 1 ? 0 : (wide[0] ?? 1);
  if (!(Number.isSafeInteger(rows) && (rows as number) >= 0 && isWidth(width))) {
    const more = wide.length > 1 ? ' Take the mean over tokens or places.' : '';
    throw new ValueError(
      `${caller}: expected features of shape [samples, width], but got shape ${quote(dims)}.${more}`,
    );
  }
  // Of a tensor on a GPU they are to be fetched: to ask for its data throws.
  const values: unknown = shape
    ? (form as {data(): unknown}).data()
    : String(location).startsWith('cpu')
      ? it.data
      : it.getData?.();
  const numbers =
    values instanceof Object && 'then' in values
      ? Promise.resolve(values).then((there: unknown) => decoded(there, type, caller))
      : decoded(values, type, caller);
  return {rows: rows as number, width, numbers};
}

/** Engines that have no half floats of their own give their bits. */
function decoded(values: unknown, type: unknown, caller: string): unknown {
  if (type === 'uint16' || !isOfKind(values, 'Uint16Array')) {
    return values;
  }
  if (type !== 'float16') {
    throw unclear(values, caller);
  }
  // Transformers.js leaves whole numbers, most often zeros, where an engine has no Float16Array.
  if (values.every((bits) => (bits & 0x7c00) === 0)) {
    throw new ValueError(
      `${caller}: expected half floats, but got a ${quote(values)}, all below 2^-14: pass the tensor as it was in float32.`,
    );
  }
  // The same parts of a number at their places in float32, whose exponents count from 127 in place of 15.
  const words = Uint32Array.from(values, (bits) => ((bits & 0x7fff) << 13) | ((bits & 0x8000) << 16));
  return new Float32Array(words.buffer).map((value) => {
    const size = value * 2 ** (127 - 15);
    return Math.abs(size) < 2 ** 16 ? size : NaN;
  });
}

/** Whether it is such a typed array, of whatever window and class. */
export function isOfKind(values: unknown, kind: string): values is Uint16Array {
  return (values as {[Symbol.toStringTag]?: unknown} | null)?.[Symbol.toStringTag] === kind;
}

/** The error for what may be numbers, or what others were written as. */
export function unclear(values: unknown, caller: string): ValueError {
  return new ValueError(
    `${caller}: expected numbers, but got a ${quote(values)}, which may stand for others: pass a Float32Array, or {dims, data, type}.`,
  );
}
