import {quote, ValueError} from '../errors.js';
import {IN_RANGE, indexOutOfRange} from './features.js';
import {rowOf} from './search/matrix.js';
import type {Matrix} from './search/matrix.js';
import {RowStore} from './search/row_store.js';
import type {Metric} from './search/row_store.js';
import {inverseLength} from './search/vectors.js';

/**
 * The classes that a recognizer knows: their labels, their centers, and of how many samples a center is the mean.
 *
 * Where they are compared by the cosine, a center is the mean of unit vectors: no score looks at the length of a sample, so
 * neither does the mean. A class of one sample has that sample as its center, of whatever length.
 */
export class EnrolledClasses {
  readonly labels: string[] = [];
  readonly samples: number[] = [];
  readonly centers: RowStore;
  /** Undefined until it is asked for, and when indices have changed. */
  private indices: Map<string, number> | undefined;

  /** @param metric By what the centers will be compared. */
  constructor(width: number, metric: Metric) {
    this.centers = new RowStore(width, metric);
  }

  get size(): number {
    return this.labels.length;
  }

  get width(): number {
    return this.centers.width;
  }

  /** The index of a class; undefined for one that is not enrolled. */
  indexOf(label: string): number | undefined {
    this.indices ??= new Map(this.labels.map((known, index) => [known, index]));
    return this.indices.get(label);
  }

  /** @throws ValueError for a label of no class. */
  checkEnrolled(labels: readonly string[], caller: string): void {
    const stranger = labels.find((label) => this.indexOf(label) === undefined);
    if (stranger !== undefined) {
      throw new ValueError(`${caller}: expected labels of enrolled classes, but got ${quote(stranger)}.`);
    }
  }

  /**
   * Adds a class. If anything throws, as for want of memory, nothing has changed.
   *
   * @throws ValueError for a label that is enrolled, and for a center with NaN or numbers out of range.
   */
  add(label: string, center: ArrayLike<number>, samples: number, caller: string): void {
    if (this.indexOf(label) !== undefined) {
      throw new ValueError(`${caller}: expected labels that differ, but got ${quote(label)} twice.`);
    }
    checkCenter(label, center, caller);
    this.centers.add(center);
    this.indices?.set(label, this.size);
    this.labels.push(label);
    this.samples.push(samples);
  }

  /** Adds classes by their centers, which count as one sample each. */
  addCenters(labels: readonly string[], centers: Matrix, caller: string): void {
    this.centers.reserve(centers.rows);
    labels.forEach((label, i) => {
      this.add(label, rowOf(centers, i), 1, caller);
    });
  }

  /** Adds samples to a class, which may be new: its center becomes the mean of all that it has had. */
  addSamples(label: string, added: Matrix, caller: string): void {
    const index = this.indexOf(label);
    if (index === undefined) {
      this.add(label, added.rows === 1 ? added.values : this.meanWith(added, undefined, 0), added.rows, caller);
      return;
    }
    const before = this.samples[index] ?? 0;
    const center = this.meanWith(added, this.centers.row(index), before);
    checkCenter(label, center, caller);
    this.centers.set(index, center);
    this.samples[index] = before + added.rows;
  }

  /** The mean of samples and of those that a center is the mean of. */
  private meanWith(added: Matrix, center: Float32Array | undefined, before: number): Float64Array {
    const isCosine = this.centers.metric === 'cosine';
    const mean = new Float64Array(added.width);
    const add = (row: Float32Array, weight: number) => {
      for (let d = 0; d < row.length; d++) {
        mean[d] = (mean[d] as number) + (row[d] as number) * weight;
      }
    };
    if (center) {
      add(center, isCosine ? before * directionFactor(center, before) : before);
    }
    for (let i = 0; i < added.rows; i++) {
      const row = rowOf(added, i);
      add(row, isCosine ? inverseLength(row) : 1);
    }
    return mean.map((sum) => sum / (before + added.rows));
  }

  /** Removes a class; those behind it move up. */
  remove(index: number): void {
    this.labels.splice(index, 1);
    this.samples.splice(index, 1);
    this.centers.remove(index);
    this.indices = undefined;
  }
}

/**
 * What makes a mean of unit vectors of a center: one of a single sample may have any length; and what is longer than 1 is of
 * version 0.2, whose means were of samples as they came. Of these only the direction is known.
 */
export function directionFactor(center: Float32Array, samples: number): number {
  const inverse = inverseLength(center);
  return samples === 1 ? inverse : Math.min(1, inverse);
}

/** The last guard of the store: NaN in one center would change which classes are found at all. */
function checkCenter(label: string, center: ArrayLike<number>, caller: string): void {
  const bad = indexOutOfRange(center);
  if (bad >= 0) {
    throw new ValueError(
      `${caller}: expected the center of class ${quote(label)} to hold ${IN_RANGE}, but got ${quote(center[bad])}.`,
    );
  }
}
