/**
 * How a query x is compared with a row c, by a key: the smaller, the better.
 * - `'product'`: |c|² / 2 - x·c, which is half the squared distance but for |x|² / 2, the same for all rows. The fastest.
 * - `'cosine'`: -x·c / |c|, the negative cosine but for |x|.
 * - `'difference'`: |x - c|², exact even where the distance is tiny beside the length of x and c.
 */
export type Comparison = 'product' | 'cosine' | 'difference';

/** So many queries at most are compared at once: rows are fetched into the processor's cache for all of them. */
export const BATCH_SIZE = 64;

/** Rows are compared in groups: a vector of four values holds the keys of one. */
export const GROUP_SIZE = 4;

/** How many keys a comparison gives at most: the queries times the rows of a block. */
export const MOST_KEYS = 2 ** 14;

/** Memory for rows of numbers, and the loops that compare a batch of queries with a block of the rows. */
export interface RowMemory {
  /** The rows, each of `strideOf(width)` values. */
  readonly values: Float32Array;
  /** For each row the number that its key takes beside the product: |c|² / 2 or 1 / |c|. */
  readonly terms: Float32Array;
  /** Where a batch of queries is put before it is compared, each of as many values as a row. */
  readonly queries: Float32Array;
  /** For each query: keys from here on are of no interest. */
  readonly limits: Float32Array;
  /** After a comparison, the keys: `[queries, rows]`, the rows rounded up to whole groups. */
  readonly keys: Float32Array;
  /** After a comparison, the places in `keys` where the groups begin that have a key below the limit. */
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

/** Up to whole groups, or whole vectors. */
export function roundUp(count: number): number {
  return Math.ceil(count / GROUP_SIZE) * GROUP_SIZE;
}
