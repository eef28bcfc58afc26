/**
 * The words of the search, of a query x and a row c:
 *
 *     key = |c|²/2 − x·c       by distance: half the squared distance, less |x|²/2, which is the same for all rows
 *     key = −x·c/|c|           by cosine: the negative cosine, times |x|
 *     key = term − x·c·factor  both: term and factor are kept with each row, |c|²/2 and 1, or 0 and 1/|c|
 *
 * - key: what the fast loops compute in float32; the smaller, the better.
 * - code: a number as a small whole one (codes.ts). Products of codes are read faster, and bound the key.
 * - limit: of a query, the key from which on a row cannot be among its k best.
 * - promising: a group of rows of which one has a key below the limit; its rows are measured exactly (exact.ts).
 */

/**
 * How a query is compared with a row:
 * - `'codes'`: the key, of the codes of both. The fastest, and the least exact.
 * - `'products'`: the key, of float32 numbers.
 * - `'differences'`: |x − c|² in place of the key, exact even where the distance is tiny beside |x| and |c|.
 */
export type Comparison = 'codes' | 'products' | 'differences';

/** So many queries at most are compared at once: rows are fetched into the processor's cache for all of them. */
export const BATCH_SIZE = 64;

/** Rows are compared in groups: a vector of four values holds the keys of one. */
export const GROUP_SIZE = 4;

/** How many keys a comparison gives at most: the queries times the rows of a block. */
export const MAX_KEYS = 2 ** 14;

/** So many codes are read at once. */
const CODES_AT_ONCE = 8;

/** What is kept of the rows, one after the other. */
export interface Rows {
  /** Of each row as many as its stride, filled up with zeros. */
  readonly values: Float32Array;
  /** For each row what its key takes beside the product. */
  readonly terms: Float32Array;
  /** For each row what the product is to be multiplied with. */
  readonly factors: Float32Array;
}

/** The codes of rows and queries, as codes.ts makes them. */
export interface Codes {
  /** Of each row as many as its code stride, filled up with zeros. */
  readonly rows: Int8Array;
  /** For each row what the product of codes is to be multiplied with, beside the factor of the query. */
  readonly factors: Float32Array;
  readonly queries: Int16Array;
  readonly queryFactors: Float32Array;
}

/** Memory for rows of numbers, and the loops that compare a batch of queries with a block of the rows. */
export interface RowMemory {
  readonly rows: Rows;
  /** Undefined where the loops are not faster by them. */
  readonly codes: Codes | undefined;
  /** Where a batch of queries is put before it is compared, each of as many values as a row. */
  readonly queries: Float32Array;
  /** For each query: keys from here on are of no interest. */
  readonly limits: Float32Array;
  /** After a comparison, the keys: `[queries, rows]`, the rows rounded up to whole groups. */
  readonly keys: Float32Array;
  /** After a comparison, the slots of `keys` where the groups begin that have a key below the limit. */
  readonly promising: Int32Array;
  /** Makes room for so many rows in all, and keeps those that are there. False if that is not possible. */
  grow(rows: number): boolean;
  /** Compares the first so many queries with rows from `firstRow`, a multiple of the group size, on. Tells how many groups
   * are promising. */
  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): number;
}

/** How many values a row of this width takes, filled up with zeros. */
export function strideOf(width: number): number {
  return roundUp(width);
}

/** How many codes a row of this width takes, filled up with zeros. */
export function codeStrideOf(width: number): number {
  return Math.ceil(width / CODES_AT_ONCE) * CODES_AT_ONCE;
}

/** Up to whole groups, or whole vectors. */
export function roundUp(count: number): number {
  return Math.ceil(count / GROUP_SIZE) * GROUP_SIZE;
}
