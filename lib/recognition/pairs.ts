import {rowOf} from './search/matrix.js';
import type {Matrix} from './search/matrix.js';

/**
 * So many pairs are compared at most: there are as many as the square of the samples. Of so many a share of 1 % is known to
 * within 0.03 % if they were independent, and the samples of which they are made are far fewer.
 */
export const MAX_PAIRS = 100_000;

/** Two samples. */
export type Pair = readonly [Float32Array, Float32Array];

/** Samples of known classes. */
export interface Labelled {
  known: Matrix;
  labels: readonly string[];
}

/** Pairs of samples with the same label: all, or `MAX_PAIRS` drawn from all. They do not depend on the order of the samples. */
export function samePairs(labelled: Labelled): Pair[] {
  const {rows, ends} = sorted(labelled);
  return draw(
    rows,
    ends.map((end, i) => [i + 1, end]),
  );
}

/**
 * The same of samples with different labels, and of one without and one with a label.
 *
 * @param unknown Samples of no known class. Two of these may be the same or not: they make no pair.
 */
export function differentPairs(labelled: Labelled, unknown: Matrix): Pair[] {
  const {rows, ends} = sorted(labelled);
  const all = [...rows, ...rowsOf(unknown).sort(compareRows)];
  return draw(
    all,
    ends.map((end) => [end, all.length]),
  );
}

/** Samples by label and then by their numbers, and for each, where those of its label end. */
function sorted({known, labels}: Labelled): {rows: Float32Array[]; ends: number[]} {
  const samples = rowsOf(known).map((row, i) => ({row, label: labels[i] ?? ''}));
  samples.sort((a, b) => compare(a.label, b.label) || compareRows(a.row, b.row));
  return {rows: samples.map(({row}) => row), ends: endsOfLabels(samples.map(({label}) => label))};
}

function rowsOf(samples: Matrix): Float32Array[] {
  return Array.from({length: samples.rows}, (_, i) => rowOf(samples, i));
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

/** By the first number that differs. */
function compareRows(a: Float32Array, b: Float32Array): number {
  const d = a.findIndex((value, i) => value !== b[i]);
  return d < 0 ? 0 : compare(a[d] ?? NaN, b[d] ?? NaN);
}

/** For each of sorted labels, the index behind the last one that is equal. */
function endsOfLabels(labels: readonly string[]): number[] {
  const ends = new Array<number>(labels.length);
  for (let i = labels.length - 1; i >= 0; i--) {
    ends[i] = labels[i] === labels[i + 1] ? (ends[i + 1] ?? NaN) : i + 1;
  }
  return ends;
}

/**
 * Pairs of a sample with one of its partners.
 *
 * @param partners For each sample, where its partners begin and end among the samples.
 */
function draw(samples: readonly Float32Array[], partners: readonly (readonly [number, number])[]): Pair[] {
  const total = partners.reduce((sum, [from, to]) => sum + to - from, 0);
  const count = Math.min(total, MAX_PAIRS);
  const random = randomNumbers();
  const pairs: Pair[] = [];
  let i = 0;
  /** How many pairs there are with samples before `i`. */
  let before = 0;
  for (let part = 0; part < count; part++) {
    // All pairs in a row are cut into so many equal parts, and one of each is drawn: where they are all wanted, each is a part.
    const drawn = Math.floor((part + random()) * (total / count));
    let [from, to] = partners[i] ?? [0, 0];
    while (drawn >= before + to - from) {
      before += to - from;
      i++;
      [from, to] = partners[i] ?? [0, 0];
    }
    pairs.push([sampleAt(samples, i), sampleAt(samples, from + drawn - before)]);
  }
  return pairs;
}

function sampleAt(samples: readonly Float32Array[], i: number): Float32Array {
  return samples[i] as Float32Array;
}

/** From 0 to below 1, the same ones each time: the generator mulberry32 of Tommy Ettinger, begun with 0. */
function randomNumbers(): () => number {
  let state = 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
