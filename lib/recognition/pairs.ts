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

/**
 * Pairs of samples with the same label: all, or `MAX_PAIRS` drawn from all. They do not depend on the order of the samples.
 *
 * @param isDisjoint Whether no sample may be in two pairs: then they are half as many as samples, and independent.
 */
export function samePairs(labelled: Labelled, isDisjoint = false): Pair[] {
  const {rows, ends} = sorted(labelled);
  return isDisjoint
    ? disjoint(rows, ends, true)
    : draw(
        rows,
        ends.map((end, i) => [i + 1, end]),
      );
}

/**
 * The same of samples with different labels, and of one without and one with a label.
 *
 * @param unknown Samples of no known class. Two of these may be the same or not: they make no pair.
 */
export function differentPairs(labelled: Labelled, unknown: Matrix, isDisjoint = false): Pair[] {
  const {rows, ends} = sorted(labelled);
  const all = [...rows, ...rowsOf(unknown).sort(compareRows)];
  return isDisjoint
    ? disjoint(all, ends, false)
    : draw(
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
  const random = randomNumbers(0);
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

/**
 * Pairs of which no two share a sample: samples in a random order are taken two by two, those of each label by themselves for pairs
 * that are the same. The order is drawn by the numbers of the samples, and not by how these are sorted: neighbours are alike.
 *
 * @param ends For each sample with a label, where those of its label end.
 */
function disjoint(samples: readonly Float32Array[], ends: readonly number[], same: boolean): Pair[] {
  const random = randomNumbers(hashOf(samples));
  const order = samples.map((_, i) => i);
  for (let left = order.length - 1; left > 0; left--) {
    const drawn = Math.floor(random() * (left + 1));
    [order[left], order[drawn]] = [order[drawn] as number, order[left] as number];
  }
  const pairs: Pair[] = [];
  const waiting = new Map<number | undefined, number>();
  for (const i of order) {
    const group = same ? ends[i] : 0;
    const first = waiting.get(group);
    if (first === undefined) {
      waiting.set(group, i);
    } else {
      waiting.delete(group);
      if ((ends[first] === ends[i]) === same) {
        pairs.push([sampleAt(samples, first), sampleAt(samples, i)]);
      }
    }
  }
  return pairs;
}

/** Any number that hardly two lists of rows have in common. */
function hashOf(rows: readonly Float32Array[]): number {
  let hash = 0;
  for (const row of rows) {
    // The sum makes 0 of -0, which are sorted as one.
    for (const bits of new Int32Array(row.map((value) => value + 0).buffer)) {
      hash = Math.imul(hash ^ bits ^ (hash >>> 15), 0x01000193) + 1;
    }
  }
  return hash;
}

function sampleAt(samples: readonly Float32Array[], i: number): Float32Array {
  return samples[i] as Float32Array;
}

/** From 0 to below 1, the same ones for the same begin: the generator mulberry32 of Tommy Ettinger. */
function randomNumbers(begin: number): () => number {
  let state = begin;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
