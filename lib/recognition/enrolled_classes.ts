import {quote, ValueError} from '../errors.js';
import {LabelIndex} from './label_index.js';
import {rowOf} from './search/matrix.js';
import type {Matrix} from './search/matrix.js';
import {RowStore} from './search/row_store.js';
import type {Metric} from './search/row_store.js';
import {inverseLength} from './search/vectors.js';
import {ONLY, Templates} from './templates.js';

/** Templates to be added, one a row. */
export interface AddedRows {
  labels: readonly string[];
  /** Undefined where each is called `ONLY`. */
  names?: readonly string[] | undefined;
  /** Of how many samples each is the mean; of one, if undefined. */
  samples?: readonly number[] | undefined;
  /** Their centers, one after the other. */
  values: ArrayLike<number>;
}

/**
 * The classes that a recognizer knows. Each has one or more templates; each of these has a row with its center, and counts
 * the samples that the center is the mean of. A class is called by the row of its first template.
 *
 * Where they are compared by the cosine, a center is the mean of unit vectors: no score looks at the length of a sample, so
 * neither does the mean. A template of one sample has that sample as its center, of whatever length.
 */
export class EnrolledClasses {
  /** Of each row that is the first of its class, the label; undefined for all others. */
  readonly labels: (string | undefined)[] = [];
  readonly centers: RowStore;
  private readonly index = new LabelIndex(this.labels);
  /** In as few bytes as they fit into. */
  private samples: Uint32Array | Float64Array = new Uint32Array(0);
  private templates: Templates | undefined;
  private enrolled = 0;

  /** @param metric By what the centers will be compared. */
  constructor(width: number, metric: Metric) {
    this.centers = new RowStore(width, metric);
  }

  /** The number of classes. */
  get size(): number {
    return this.enrolled;
  }

  get width(): number {
    return this.centers.width;
  }

  /** The class of each row; undefined where each has but one. */
  get classOf(): Uint32Array | undefined {
    return this.templates?.more ? this.templates.classOf : undefined;
  }

  /** The class with a label; undefined for one that is not enrolled. */
  indexOf(label: string): number | undefined {
    return this.index.rowOf(label);
  }

  /** @throws ValueError for a label of no class. */
  checkEnrolled(labels: readonly string[], caller: string): void {
    const stranger = labels.find((label) => this.indexOf(label) === undefined);
    if (stranger !== undefined) {
      throw new ValueError(`${caller}: expected labels of enrolled classes, but got ${quote(stranger)}.`);
    }
  }

  /** The rows of a class, its oldest template first. */
  rowsOf(first: number): number[] {
    return this.templates?.rowsOf(first) ?? [first];
  }

  /** Whether a class has several templates. */
  hasSeveral(first: number): boolean {
    return this.templates?.hasSeveral(first) ?? false;
  }

  /** The name of a template. */
  nameOf(row: number): string {
    return this.templates?.nameOf(row) ?? ONLY;
  }

  /** Of how many samples a template is the mean. */
  samplesOf(row: number): number {
    return this.samples[row] ?? 0;
  }

  /** All that is kept, in the order of enrolment. */
  forEachRow(use: (row: number, label: string) => void): void {
    const {labels, templates, centers} = this;
    for (let row = 0; row < centers.count; row++) {
      const label = labels[templates && !centers.isGone(row) ? (templates.classOf[row] ?? row) : row];
      if (label !== undefined) {
        use(row, label);
      }
    }
  }

  /**
   * Adds templates that are not there, to classes that may be new. If memory does not suffice, nothing has changed.
   *
   * @throws ValueError for a label that is enrolled, where templates have no names. Some of what was before it is added then.
   */
  add({labels, names, samples, values}: AddedRows, caller: string): void {
    this.reserveMore(labels.length, samples, names !== undefined);
    const start = this.centers.count;
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i] as string;
      const row = start + i;
      this.labels[row] = label;
      const first = this.index.add(label, row) ?? row;
      if (first === row) {
        this.enrolled++;
      } else if (names) {
        this.labels[row] = undefined;
      } else {
        throw new ValueError(`${caller}: expected labels that differ, but got ${quote(label)} twice.`);
      }
      this.samples[row] = samples?.[i] ?? 1;
      this.templates?.add(row, first, names?.[i] ?? ONLY);
    }
    this.centers.add(values);
  }

  /** The row of a template; undefined if there is none. */
  find(label: string, name: string): number | undefined {
    const first = this.indexOf(label);
    return first === undefined ? undefined : this.rowsOf(first).find((row) => this.nameOf(row) === name);
  }

  /** Adds samples to a template, which may be new: its center becomes the mean of all that it has had. */
  addSamples(label: string, name: string, added: Matrix, caller: string): void {
    const row = this.find(label, name);
    if (row === undefined) {
      const values = added.rows === 1 ? added.values : this.meanWith(added, undefined, 0);
      const names = this.templates || name !== ONLY ? [name] : undefined;
      this.add({labels: [label], names, samples: [added.rows], values}, caller);
      return;
    }
    const before = this.samplesOf(row);
    const center = this.meanWith(added, this.centers.row(row), before);
    this.reserveMore(0, [before + added.rows], false);
    this.centers.set(row, center);
    this.samples[row] = before + added.rows;
  }

  /** Adds each sample as a template of its own, with the next number that is free as its name. */
  addEach(label: string, added: Matrix, caller: string): void {
    const first = this.indexOf(label);
    const names = new Set(first === undefined ? [] : this.rowsOf(first).map((row) => this.nameOf(row)));
    let number = names.size;
    const free = Array.from({length: added.rows}, () => {
      do {
        number++;
      } while (names.has(String(number)));
      return String(number);
    });
    const labels = free.map(() => label);
    this.add({labels, names: this.templates || number > 1 ? free : undefined, values: added.values}, caller);
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

  /** Forgets a template, and with the last one its class. */
  removeTemplate(row: number): void {
    const {templates} = this;
    const first = templates?.classOf[row] ?? row;
    const [, second] = this.rowsOf(first);
    if (!templates || second === undefined) {
      this.remove(first);
      return;
    }
    if (row === first) {
      // The next one takes its place, so that the class keeps its own among the others.
      this.centers.set(first, this.centers.row(second));
      this.samples[first] = this.samplesOf(second);
      templates.rename(first, templates.nameOf(second));
    }
    const left = row === first ? second : row;
    this.centers.remove(left);
    this.samples[left] = 0;
    templates.remove(left);
    this.compact();
  }

  /** Forgets a class. */
  remove(first: number): void {
    const {templates, labels} = this;
    for (const row of this.rowsOf(first).reverse()) {
      this.centers.remove(row);
      this.samples[row] = 0;
      if (row !== first) {
        templates?.remove(row);
      }
    }
    templates?.rename(first, undefined);
    this.index.delete(labels[first] ?? '');
    labels[first] = undefined;
    this.enrolled--;
    this.compact();
  }

  /** Makes all the room that so many rows more take, before anything is changed. */
  private reserveMore(rows: number, samples: readonly number[] | undefined, hasNames: boolean): void {
    this.centers.reserveMore(rows);
    this.index.reserveMore(rows);
    const {capacity, count} = this.centers;
    const areLarge = !(samples ?? []).every((number) => number < 2 ** 32);
    if (capacity > this.samples.length || (areLarge && this.samples instanceof Uint32Array)) {
      const before = this.samples;
      this.samples = new (areLarge || before instanceof Float64Array ? Float64Array : Uint32Array)(capacity);
      this.samples.set(before);
    }
    if (hasNames) {
      this.templates ??= new Templates(count, capacity);
    }
    this.templates?.reserve(capacity);
  }

  /** Moves the rows together when many are gone. The time of that is shared by the removals that made it necessary. */
  private compact(): void {
    const {centers, labels, samples, templates} = this;
    if (!centers.isSparse) {
      return;
    }
    centers.compact((from, to) => {
      labels[to] = labels[from];
      samples[to] = samples[from] ?? 0;
      templates?.move(from, to);
    });
    labels.length = centers.count;
    samples.fill(0, centers.count);
    templates?.link(centers.count);
    this.index.rebuild();
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
