import {PlainMemory} from './plain_memory.js';
import {strideOf} from './row_memory.js';
import type {RowMemory} from './row_memory.js';
import {inverseNorm} from '../vectors.js';

/** How much more than before there is room for when single rows are added, so that few of them have to wait. */
const GROWTH = 9 / 8;

/** Rows of equal width that can be added, changed, removed and searched. */
export class RowStore {
  readonly width: number;
  readonly stride: number;
  private currentMemory: RowMemory;
  private currentCount = 0;
  private capacity = 0;
  private inverseNorms: Float32Array | undefined;

  /** @param hasNorms Whether the rows will be compared by the cosine, which takes their norms. */
  constructor(width: number, hasNorms: boolean) {
    this.width = width;
    this.inverseNorms = hasNorms ? new Float32Array(0) : undefined;
    this.stride = strideOf(width);
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

  /** A row, in place: until rows are added or removed. */
  row(index: number): Float32Array {
    const start = index * this.stride;
    return this.currentMemory.values.subarray(start, start + this.width);
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows > this.capacity) {
      if (!this.currentMemory.grow(rows)) {
        const memory = createMemory(this.stride, rows);
        memory.values.set(this.currentMemory.values.subarray(0, this.currentCount * this.stride));
        this.currentMemory = memory;
      }
      if (this.inverseNorms) {
        const inverseNorms = new Float32Array(rows);
        inverseNorms.set(this.inverseNorms);
        this.inverseNorms = inverseNorms;
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
    if (this.inverseNorms) {
      this.inverseNorms[index] = inverseNorm(row);
    }
  }

  /** Removes a row; those behind it move up. */
  remove(index: number): void {
    const {values} = this.currentMemory;
    values.copyWithin(index * this.stride, (index + 1) * this.stride, this.currentCount * this.stride);
    this.inverseNorms?.copyWithin(index, index + 1, this.currentCount);
    this.currentCount--;
  }

  /**
   * Turns dot products of a query with some rows into what orders them by the cosine, the most alike first: the negative
   * cosine times the norm of the query.
   */
  toCosineKeys(products: Float32Array, start: number, firstRow: number, rows: number): void {
    for (let r = 0; r < rows; r++) {
      products[start + r] = -(products[start + r] as number) * (this.inverseNorms?.[firstRow + r] ?? NaN);
    }
  }
}

function createMemory(stride: number, rows: number): RowMemory {
  return new PlainMemory(stride, rows);
}
