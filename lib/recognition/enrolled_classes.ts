import {quote, ValueError} from '../errors.js';
import {rowOf} from './search/matrix.js';
import type {Matrix} from './search/matrix.js';
import {RowStore} from './search/row_store.js';
import type {Metric} from './search/row_store.js';

/** The classes that a recognizer knows: their labels, their centers, and of how many samples a center is the mean. */
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

  /** Adds a class that is not yet enrolled. */
  add(label: string, center: ArrayLike<number>, samples: number): void {
    this.indices?.set(label, this.size);
    this.labels.push(label);
    this.samples.push(samples);
    this.centers.add(center);
  }

  /**
   * Adds classes by their centers, which count as one sample each.
   *
   * @throws ValueError for a label that is no string or comes twice.
   */
  addCenters(labels: readonly string[], centers: Matrix, caller: string): void {
    this.centers.reserve(centers.rows);
    labels.forEach((label, i) => {
      checkLabel(label, caller);
      if (this.indexOf(label) !== undefined) {
        throw new ValueError(`${caller}: expected labels that differ, but got ${quote(label)} twice.`);
      }
      this.add(label, rowOf(centers, i), 1);
    });
  }

  /** Adds samples to a class, which may be new: its center becomes the mean of all that it has had. */
  addSamples(label: string, {values, rows, width}: Matrix): void {
    const index = this.indexOf(label);
    const before = index === undefined ? 0 : (this.samples[index] ?? 0);
    const sum = index === undefined ? new Float64Array(width) : Float64Array.from(this.centers.row(index));
    for (let d = 0; d < width; d++) {
      let total = (sum[d] as number) * before;
      for (let i = d; i < values.length; i += width) {
        total += values[i] as number;
      }
      sum[d] = total / (before + rows);
    }
    if (index === undefined) {
      this.add(label, sum, rows);
    } else {
      this.samples[index] = before + rows;
      this.centers.set(index, sum);
    }
  }

  /** Removes a class; those behind it move up. */
  remove(index: number): void {
    this.labels.splice(index, 1);
    this.samples.splice(index, 1);
    this.centers.remove(index);
    this.indices = undefined;
  }
}

/** @throws ValueError unless `label` is a string. */
export function checkLabel(label: unknown, caller: string): asserts label is string {
  if (typeof label !== 'string') {
    throw new ValueError(`${caller}: expected a label to be a string, but got ${quote(label)}.`);
  }
}
