import {inverseLength, length} from './vectors.js';
import {encode, MAX_ROW_CODE} from './codes.js';
import {PlainMemory} from './plain_memory.js';
import {codeStrideOf, strideOf} from './row_memory.js';
import type {RowMemory} from './row_memory.js';
import {SimdMemory} from './simd_memory.js';

/** How much more than before there is room for when single rows are added, so that few of them have to wait. */
const GROWTH = 9 / 8;

/** With fewer values in all, plain loops take less than a tenth of a millisecond for a query. */
const MIN_SIMD_VALUES = 2 ** 16;

/** By what the rows will be searched: the distance, or the cosine of the angle. */
export type Metric = 'distance' | 'cosine';

/** Rows of equal width that can be added, changed, removed and searched. */
export class RowStore {
  readonly width: number;
  readonly stride: number;
  readonly codeStride: number;
  readonly metric: Metric;
  private currentMemory: RowMemory;
  private currentCount = 0;
  private capacity = 0;
  private maxLength = 0;
  private maxTerm = 0;
  private maxCodeError = 0;

  constructor(width: number, metric: Metric) {
    this.width = width;
    this.stride = strideOf(width);
    this.codeStride = codeStrideOf(this.stride);
    this.metric = metric;
    this.currentMemory = createMemory(this.stride, 0);
  }

  /** The number of rows. */
  get count(): number {
    return this.currentCount;
  }

  /** The current memory. Adding rows may replace it: do not keep it. */
  get memory(): RowMemory {
    return this.currentMemory;
  }

  /** Upper bound of |row| · factor. */
  get longest(): number {
    return this.maxLength;
  }

  /** Upper bound of the rows' terms. */
  get largestTerm(): number {
    return this.maxTerm;
  }

  /** Upper bound of |row − what its codes stand for| · factor. */
  get largestCodeError(): number {
    return this.maxCodeError;
  }

  /** A row, in place: until rows are added or removed. */
  row(index: number): Float32Array {
    const start = index * this.stride;
    return this.currentMemory.rows.values.subarray(start, start + this.width);
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows > this.capacity) {
      if (!this.currentMemory.grow(rows)) {
        const {values} = this.currentMemory.rows;
        this.currentMemory = createMemory(this.stride, rows);
        for (let i = 0; i < this.currentCount; i++) {
          this.set(i, values.subarray(i * this.stride, i * this.stride + this.width));
        }
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
    const {rows, codes} = this.currentMemory;
    const row = this.row(index);
    row.set(values);
    const ownLength = length(row);
    const [term, factor] = this.metric === 'cosine' ? [0, inverseLength(row)] : [ownLength ** 2 / 2, 1];
    rows.terms[index] = term;
    rows.factors[index] = factor;
    this.maxLength = Math.max(this.maxLength, ownLength * factor);
    this.maxTerm = Math.max(this.maxTerm, term);
    if (codes) {
      const coding = encode(row, MAX_ROW_CODE, codes.rows, index * this.codeStride);
      codes.factors[index] = coding.factor * factor;
      this.maxCodeError = Math.max(this.maxCodeError, coding.error * factor);
    }
  }

  /** Removes a row; those behind it move up. */
  remove(index: number): void {
    const {rows, codes} = this.currentMemory;
    const parts = [rows.values, rows.terms, rows.factors, ...(codes ? [codes.rows, codes.factors] : [])];
    for (const part of parts) {
      const size = part.length / rows.terms.length;
      part.copyWithin(index * size, (index + 1) * size, this.currentCount * size);
    }
    this.currentCount--;
  }
}

/** A WebAssembly memory takes a large part of the address space: it has to be worth it. */
function createMemory(stride: number, rows: number): RowMemory {
  const simdMemory = stride * rows >= MIN_SIMD_VALUES ? SimdMemory.create(stride, rows) : undefined;
  return simdMemory ?? new PlainMemory(stride, rows);
}
