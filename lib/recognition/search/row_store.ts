import {inverseOf, length} from './vectors.js';
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

/** What stands in a row that was removed, and is its term: such a row is below no limit, in none of the comparisons. */
const GONE = NaN;
/** Where more than one row in so many is gone, the others move together. */
const GONE_SHARE = 8;
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

/**
 * Rows of equal width that can be added, changed, removed and searched. A row keeps its index until rows move together, and
 * the order always. Of what was removed or changed nothing is left in the memory.
 */
export class RowStore {
  readonly width: number;
  readonly stride: number;
  readonly codeStride: number;
  readonly metric: Metric;
  private currentMemory: RowMemory;
  private currentCount = 0;
  private currentCapacity = 0;
  private gone = 0;
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

  /** The number of rows, with those that are gone. */
  get count(): number {
    return this.currentCount;
  }

  /** For how many rows there is room. */
  get capacity(): number {
    return this.currentCapacity;
  }

  /** Whether it is time to call `compact`. */
  get isSparse(): boolean {
    return this.gone * GONE_SHARE > this.currentCount;
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

  /** Whether a row was removed. */
  isGone(index: number): boolean {
    return isNaN(this.currentMemory.rows.terms[index] as number);
  }

  /** Writes the rows that are there to an array, one after the other. */
  copyTo(target: Float32Array): void {
    const {stride, width} = this;
    let to = 0;
    let from = 0;
    while (from < this.currentCount) {
      const start = from;
      // As many at once as lie there the same way.
      do {
        from++;
      } while (width === stride && from < this.currentCount && this.isGone(from) === this.isGone(start));
      if (!this.isGone(start)) {
        const rows = this.currentMemory.rows.values.subarray(start * stride, (from - 1) * stride + width);
        target.set(rows, to);
        to += rows.length;
      }
    }
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows > this.currentCapacity) {
      if (!this.currentMemory.grow(rows)) {
        const before = this.currentMemory;
        this.currentMemory = createMemory(this.stride, rows);
        this.lengths = new Sizes();
        this.codeErrors = new Sizes();
        this.currentMemory.rows.values.set(before.rows.values.subarray(0, this.currentCount * this.stride));
        for (let i = 0; i < this.currentCount; i++) {
          if (isNaN(before.rows.terms[i] as number)) {
            this.erase(i);
          } else {
            this.settle(i);
          }
        }
        // Neither the engine nor another program may read them there.
        for (const part of partsOf(before)) {
          part.fill(0);
        }
      }
      this.currentCapacity = rows;
    }
  }

  /** Makes room for so many rows more, and now and then for some to come. */
  reserveMore(rows: number): void {
    const needed = this.currentCount + rows;
    if (needed > this.currentCapacity) {
      this.reserve(Math.max(needed, Math.ceil((this.currentCapacity + 1) * GROWTH)));
    }
  }

  /** Adds rows behind the last one. The array has them one after the other. */
  add(values: ArrayLike<number>): void {
    const {width, stride} = this;
    const added = values.length / width;
    this.reserveMore(added);
    const first = this.currentCount;
    this.currentCount += added;
    if (width === stride) {
      this.currentMemory.rows.values.set(values, first * stride);
    } else {
      for (let i = 0; i < values.length; i++) {
        this.currentMemory.rows.values[(first + Math.floor(i / width)) * stride + (i % width)] = values[i] as number;
      }
    }
    for (let i = first; i < this.currentCount; i++) {
      this.settle(i);
    }
  }

  /** Changes a row. */
  set(index: number, values: ArrayLike<number>): void {
    this.forget(index);
    this.row(index).set(values);
    this.settle(index);
  }

  /** Removes a row. Its place stays until `compact`, unless it was the last one. */
  remove(index: number): void {
    this.forget(index);
    this.erase(index);
    this.gone++;
    while (this.currentCount > 0 && this.isGone(this.currentCount - 1)) {
      this.currentCount--;
      this.gone--;
    }
  }

  /** Moves the rows together, in their order, so that none is gone. */
  compact(onMove: (from: number, to: number) => void): void {
    let to = 0;
    for (let from = 0; from < this.currentCount; from++) {
      if (!this.isGone(from)) {
        if (from > to) {
          this.copy(from, to);
        }
        onMove(from, to);
        to++;
      }
    }
    for (const part of partsOf(this.currentMemory)) {
      const size = part.length / this.currentMemory.rows.terms.length;
      part.fill(0, to * size, this.currentCount * size);
    }
    this.currentCount = to;
    this.gone = 0;
  }

  private copy(from: number, to: number): void {
    for (const part of partsOf(this.currentMemory)) {
      const size = part.length / this.currentMemory.rows.terms.length;
      part.copyWithin(to * size, from * size, (from + 1) * size);
    }
  }

  private erase(index: number): void {
    const {rows, codes} = this.currentMemory;
    this.row(index).fill(GONE);
    rows.terms[index] = GONE;
    rows.factors[index] = 0;
    codes?.rows.fill(0, index * this.codeStride, (index + 1) * this.codeStride);
    codes?.factors.fill(0, index, index + 1);
  }

  /** Writes what belongs to new numbers of a row. */
  private settle(index: number): void {
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
        if (!this.isGone(i)) {
          const scale = this.scaleOf(i);
          this.forgetCodes(i, scale);
          this.finish(i, scale);
        }
      }
    }
  }

  private scaleOf(index: number): Scale {
    const own = length(this.currentMemory.rows.values, index * this.stride, this.width);
    const factor = this.metric === 'cosine' ? inverseOf(own) : 1;
    return {size: own * factor, factor};
  }

  /** Writes the codes of a row, if there are any. Returns what they leave out, times the factor. */
  private encode(index: number, factor: number): number {
    const {rows, codes} = this.currentMemory;
    if (!codes) {
      return 0;
    }
    const [from, start] = [index * this.stride, index * this.codeStride];
    const coding = encode(rows.values, from, this.width, MAX_ROW_CODE, codes.rows, start);
    codes.factors[index] = coding.factor * factor;
    return coding.error * factor;
  }
}

/** All that a memory has of its rows. */
function partsOf({rows, codes}: RowMemory): (Float32Array | Int8Array)[] {
  return [rows.values, rows.terms, rows.factors, ...(codes ? [codes.rows, codes.factors] : [])];
}

function createMemory(stride: number, rows: number): RowMemory {
  const simdMemory = memories.suffice(stride * rows) ? SimdMemory.create(stride, rows) : undefined;
  return simdMemory ?? new PlainMemory(stride, rows);
}
