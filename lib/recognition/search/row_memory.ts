/** What a query and a row are compared by. */
export type Comparison = 'squaredDistance' | 'dotProduct';

/** So many queries at most are compared at once: a block of rows is fetched into the processor's cache for all of them. */
export const BATCH_SIZE = 64;

/** Rows and queries are filled up with zeros to a multiple of this: four values fit into a register. */
const LANES = 4;

/** Values of a block of rows, which should stay in the cache of the processor: 128 KiB. */
const BLOCK_VALUES = 2 ** 15;

/** Memory for rows of numbers, and the loops that compare a batch of queries with a block of the rows. */
export interface RowMemory {
  /** The rows, each of `strideOf(width)` values. */
  readonly values: Float32Array;
  /** Where a batch of queries is put before it is compared, each of as many values as a row. */
  readonly queries: Float32Array;
  /** Makes room for so many rows in all, and keeps those that are there. False if that is not possible. */
  grow(rows: number): boolean;
  /**
   * Compares the first `queries` queries with a block of at most `blockRows(stride)` rows.
   *
   * @returns `[queries, rows]`, to be read before the next call.
   */
  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): Float32Array;
}

/** How many values a row of this width takes. */
export function strideOf(width: number): number {
  return Math.ceil(width / LANES) * LANES;
}

/** How many rows make a block. */
export function blockRows(stride: number): number {
  return Math.max(1, Math.floor(BLOCK_VALUES / stride));
}
