import {inverseLength, length} from '../vectors.js';
import {PlainMemory} from './plain_memory.js';
import {strideOf} from './row_memory.js';
import type {RowMemory} from './row_memory.js';
import {SimdMemory} from './simd_memory.js';

/** How much more than before there is room for when single rows are added, so that few of them have to wait. */
const GROWTH = 9 / 8;

/** With fewer values in all, plain loops take less than a tenth of a millisecond for a query. */
const LEAST_SIMD_VALUES = 2 ** 16;

/** By what the rows will be searched: the distance, or the cosine of the angle. */
export type Metric = 'distance' | 'cosine';

/** Rows of equal width that can be added, changed, removed and searched. */
export class RowStore {
  readonly width: number;
  readonly stride: number;
  readonly metric: Metric;
  private currentMemory: RowMemory;
  private currentCount = 0;
  private capacity = 0;
  private longestRow = 0;

  constructor(width: number, metric: Metric) {
    this.width = width;
    this.stride = strideOf(width);
    this.metric = metric;
    this.currentMemory = createMemory(this.stride, 0);
  }

  /** The number of rows. */
  get count(): number {
    return this.currentCount;
  }

  /** Until rows are added. */
  get memory(): RowMemory {
    return this.currentMemory;
  }

  /** No row is longer. */
  get longest(): number {
    return this.longestRow;
  }

  /** A row, in place: until rows are added or removed. */
  row(index: number): Float32Array {
    const start = index * this.stride;
    return this.currentMemory.values.subarray(start, start + this.width);
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows > this.capacity) {
      if (!this.currentMemory.grow(rows)) {
        const {values, terms} = this.currentMemory;
        this.currentMemory = createMemory(this.stride, rows);
        this.currentMemory.values.set(values);
        this.currentMemory.terms.set(terms);
      }
      this.capacity = rows;
    }
  }

  /** Adds a row as the last one. */
  add(values: ArrayLike<number>): void {
    if (this.currentCount === this.capacity) {
      this.reserve(Math.ceil((this.capacity + 1) * GROWTH));
    }
    this.currentCount++;
    this.set(this.currentCount - 1, values);
  }

  /** Changes a row. */
  set(index: number, values: ArrayLike<number>): void {
    const row = this.row(index);
    row.set(values);
    this.longestRow = Math.max(this.longestRow, length(row));
    this.currentMemory.terms[index] = this.metric === 'cosine' ? inverseLength(row) : length(row) ** 2 / 2;
  }

  /** Removes a row; those behind it move up. */
  remove(index: number): void {
    const {values, terms} = this.currentMemory;
    values.copyWithin(index * this.stride, (index + 1) * this.stride, this.currentCount * this.stride);
    terms.copyWithin(index, index + 1, this.currentCount);
    this.currentCount--;
  }
}

/** A WebAssembly memory takes a large part of the address space: it has to be worth it. */
function createMemory(stride: number, rows: number): RowMemory {
  const simdMemory = stride * rows >= LEAST_SIMD_VALUES ? SimdMemory.create(stride, rows) : undefined;
  return simdMemory ?? new PlainMemory(stride, rows);
}
