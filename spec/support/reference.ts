/**
 * The mathematics of the package once more: plain JavaScript in double precision, written for reading and not for
 * speed, sharing no code with lib.
 */

import {mulberry32} from './random.js';

export type Reduction = 'sum' | 'mean';

export interface ReferenceBatch {
  /** `[N, D]` */
  features: number[][];
  /** `[N]`: a class, or null for a sample that takes no part. */
  classIds: (number | null)[];
  /** `[C, D]` */
  centers: number[][];
}

/** Wen et al., equation 2: half the squared distances of the samples to their centers, summed or averaged. */
export function referenceCenterLoss({features, classIds, centers}: ReferenceBatch, reduction: Reduction): number {
  let sum = 0;
  let count = 0;
  features.forEach((row, i) => {
    const classId = at(classIds, i);
    if (classId !== null) {
      const center = at(centers, classId);
      sum += total(row.map((value, d) => (value - at(center, d)) ** 2)) / 2;
      count += 1;
    }
  });
  return reduction === 'sum' ? sum : sum / Math.max(count, 1);
}

/** Its gradient to the features: the difference to the center, over the number of samples for a mean. */
export function referenceGradient({features, classIds, centers}: ReferenceBatch, reduction: Reduction): number[][] {
  const count = classIds.filter((classId) => classId !== null).length;
  const factor = reduction === 'sum' ? 1 : 1 / Math.max(count, 1);
  return features.map((row, i) => {
    const classId = at(classIds, i);
    return row.map((value, d) => (classId === null ? 0 : factor * (value - at(at(centers, classId), d))));
  });
}

/** Wen et al., equations 3 and 4, class by class. */
export function referenceUpdateCenters({features, classIds, centers}: ReferenceBatch, alpha: number): number[][] {
  return centers.map((center, j) => {
    const own = features.filter((_, i) => classIds[i] === j);
    return center.map((value, d) => {
      const delta = total(own.map((row) => value - at(row, d))) / (1 + own.length);
      return own.length === 0 ? value : value - alpha * delta;
    });
  });
}

/** The mean over the samples of `-sum_j target_j * log(softmax(logits)_j)`. */
export function referenceSoftmaxCrossEntropy(targets: number[][], logits: number[][]): number {
  const losses = logits.map((row, i) => {
    const max = Math.max(...row);
    const logSumExp = max + Math.log(total(row.map((logit) => Math.exp(logit - max))));
    return -total(row.map((logit, j) => at(at(targets, i), j) * (logit - logSumExp)));
  });
  return total(losses) / losses.length;
}

/** 1 for each sample whose largest logit stands where its largest target stands, else 0. */
export function referenceCategoricalAccuracy(targets: number[][], logits: number[][]): number[] {
  return logits.map((row, i) => (argMax(row) === argMax(at(targets, i)) ? 1 : 0));
}

/** The first place of the largest value. */
export function argMax(values: number[]): number {
  return values.indexOf(Math.max(...values));
}

export function oneHotRows(classIds: number[], numClasses: number): number[][] {
  return classIds.map((id) => Array.from({length: numClasses}, (_, j) => (j === id ? 1 : 0)));
}

/**
 * The gradient of `f` by central differences. In double precision a step of 1e-4 around values near 1 leaves a relative
 * error near 1e-8 (the step's square, and rounding of 1e-16 over the step), far below what float32 can tell.
 */
export function finiteDifferences(f: (rows: number[][]) => number, rows: number[][], step = 1e-4): number[][] {
  return rows.map((row, i) =>
    row.map((value, d) => {
      const moved = (by: number) =>
        f(rows.map((other, k) => (k === i ? row.map((old, m) => (m === d ? value + by : old)) : other)));
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}

/** Rows of normally distributed numbers, in 256ths, so that 16-bit floats hold them exactly; the same for the same seed. */
export function randomRows(numRows: number, width: number, seed: number): number[][] {
  const random = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({length: numRows}, () => Array.from({length: width}, () => Math.round(normal() * 256) / 256));
}

function total(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function at<T>(values: readonly T[], i: number): T {
  const value = values[i];
  if (value === undefined) {
    throw new Error(`There is no element ${i} of ${values.length}.`);
  }
  return value;
}
