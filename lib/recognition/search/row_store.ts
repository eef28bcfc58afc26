import {inverseLength, length} from './vectors.js';
import {encode, MAX_ROW_CODE} from './codes.js';
import {memories} from './memories.js';
import {PlainMemory} from './plain_memory.js';
import {codeStrideOf, strideOf} from './row_memory.js';
import type {RowMemory} from './row_memory.js';
import {SimdMemory} from './simd_memory.js';
import {magnitudeOf, Sizes} from './sizes.js';

/** How much more than before there is room for when single rows are added, so that few of them have to wait. */
const GROWTH = 9 / 8;

/**
 * A row is apart if it is longer than nearly all others by so many powers of 2. What the fast loops may be wrong by grows
 * with the longest row, so that one would slow every search. Such a row has a term below which nothing is: it is always promising,
 * is measured exactly in every search, and is left out of the bounds.
 */
const APART_MAGNITUDES = 4;
const APART = -Infinity;
/** One row in so many is apart at most. */
const APART_SHARE = 128;

/** Which rows are apart is chosen anew when one row in so many has come or gone: that takes a look at all of them. */
const CHANGES_SHARE = 64;

/** Of a row: its factor, and |row| · factor. */
interface Scale {
  factor: number;
  size: number;
}

/** What no row exceeds. */
export interface Bounds {
  /** |row| · factor. */
  longest: number;
  /** The term. */
  largestTerm: number;
  /** |row − what its codes stand for| · factor. */
  largestCodeError: number;
}

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
  /** The sizes of all rows. */
  private lengths = new Sizes();
  /** |row − what its codes stand for| · factor of the rows that are not apart. */
  private codeErrors = new Sizes();
  /** Rows are apart from this magnitude of their size on. */
  private apartFrom = Infinity;
  /** How many rows have come or gone since that was chosen. */
  private changes = 0;
  private currentBounds: Bounds | undefined;

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

  /** What none of the rows exceeds, but for those that are apart. */
  get bounds(): Bounds {
    if (!this.currentBounds) {
      if (this.changes > this.currentCount / CHANGES_SHARE) {
        this.setApart();
      }
      const longest = this.lengths.largestBelow(this.apartFrom);
      const largestTerm = this.metric === 'cosine' ? 0 : longest ** 2 / 2;
      this.currentBounds = {longest, largestTerm, largestCodeError: this.codeErrors.largestBelow(Infinity)};
    }
    return this.currentBounds;
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
        this.lengths = new Sizes();
        this.codeErrors = new Sizes();
        for (let i = 0; i < this.currentCount; i++) {
          this.write(i, values.subarray(i * this.stride, i * this.stride + this.width));
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
    this.write(this.currentCount - 1, values);
  }

  /** Changes a row. */
  set(index: number, values: ArrayLike<number>): void {
    this.forget(index);
    this.write(index, values);
  }

  /** Removes a row; those behind it move up. */
  remove(index: number): void {
    this.forget(index);
    const {rows, codes} = this.currentMemory;
    const parts = [rows.values, rows.terms, rows.factors, ...(codes ? [codes.rows, codes.factors] : [])];
    for (const part of parts) {
      const size = part.length / rows.terms.length;
      part.copyWithin(index * size, (index + 1) * size, this.currentCount * size);
    }
    this.currentCount--;
  }

  private write(index: number, values: ArrayLike<number>): void {
    this.row(index).set(values);
    const scale = this.scaleOf(index);
    this.lengths.add(scale.size);
    this.finish(index, scale);
    this.changes++;
  }

  /** Takes a row, which is still there, out of what is known of all. */
  private forget(index: number): void {
    const scale = this.scaleOf(index);
    this.lengths.delete(scale.size);
    this.forgetCodes(index, scale);
    this.changes++;
  }

  /** Writes what belongs to the numbers of a row. */
  private finish(index: number, {size, factor}: Scale): void {
    const {rows} = this.currentMemory;
    const isApart = magnitudeOf(size) >= this.apartFrom;
    const term = this.metric === 'cosine' ? 0 : size ** 2 / 2;
    rows.terms[index] = isApart ? APART : term;
    rows.factors[index] = factor;
    const codeError = this.encode(index, factor);
    if (!isApart) {
      this.codeErrors.add(codeError);
    }
    this.currentBounds = undefined;
  }

  private forgetCodes(index: number, {factor}: Scale): void {
    if (this.currentMemory.rows.terms[index] !== APART) {
      this.codeErrors.delete(this.encode(index, factor));
    }
    this.currentBounds = undefined;
  }

  /** Chooses anew which rows are apart. */
  private setApart(): void {
    const before = this.apartFrom;
    this.apartFrom = this.lengths.magnitudeOfMoreThan(this.currentCount / APART_SHARE) + APART_MAGNITUDES;
    this.changes = 0;
    if (this.lengths.countBetween(Math.min(before, this.apartFrom), Math.max(before, this.apartFrom)) > 0) {
      for (let i = 0; i < this.currentCount; i++) {
        const scale = this.scaleOf(i);
        this.forgetCodes(i, scale);
        this.finish(i, scale);
      }
    }
  }

  private scaleOf(index: number): Scale {
    const row = this.row(index);
    const factor = this.metric === 'cosine' ? inverseLength(row) : 1;
    return {size: length(row) * factor, factor};
  }

  /** Writes the codes of a row, if there are any. Returns what they leave out, times the factor. */
  private encode(index: number, factor: number): number {
    const {codes} = this.currentMemory;
    if (!codes) {
      return 0;
    }
    const coding = encode(this.row(index), MAX_ROW_CODE, codes.rows, index * this.codeStride);
    codes.factors[index] = coding.factor * factor;
    return coding.error * factor;
  }
}

function createMemory(stride: number, rows: number): RowMemory {
  const simdMemory = memories.suffice(stride * rows) ? SimdMemory.create(stride, rows) : undefined;
  return simdMemory ?? new PlainMemory(stride, rows);
}
