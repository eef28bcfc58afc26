import {quote, ValueError} from '../errors.js';
import type {CalibrationGoal} from './calibration/goal.js';
import {leavingOneOut} from './calibration/leave_one_out.js';
import type {EnrolledClasses} from './enrolled_classes.js';
import {differentPairs, samePairs} from './pairs.js';
import type {Labelled, Pair} from './pairs.js';
import type {Matrix} from './search/matrix.js';
import {nearest} from './search/nearest.js';
import type {Found} from './search/nearest.js';
import {cosine, distance} from './search/vectors.js';

/**
 * What a sample x scores for a class with the center c; higher means more alike:
 * - `'distance'`: -‖x - c‖.
 * - `'relative'`: -‖x - c‖ · (1 - softmin(x, c)), where the softmin is exp(-‖x - c‖) over the sum of that for all classes:
 *   a center that is much nearer than all others scores near 0 (Miller et al., *Class Anchor Clustering: A Loss for
 *   Distance-based Open Set Recognition*, WACV 2021).
 * - `'cosine'`: the cosine of the angle between x and c, 0 where one of them is zero.
 */
export type Score = 'distance' | 'relative' | 'cosine';

/**
 * With it, enrolling a class leaves the scores of all others as they are, and new classes of a few samples are named best.
 * Where the classes are fixed, `'relative'` refuses better: docs/openset.md has the numbers.
 */
export const DEFAULT_SCORE: Score = 'distance';

const SCORES: readonly unknown[] = ['distance', 'relative', 'cosine'] satisfies Score[];

/** @throws ValueError unless `score` is a known one. */
export function checkScore(score: unknown, caller: string): asserts score is Score {
  if (!SCORES.includes(score)) {
    throw new ValueError(
      `${caller}: expected score to be 'distance', 'relative' or 'cosine', but got ${quote(score)}.`,
    );
  }
}

/** The scores of the classes that a search has found for a sample, the best first. */
export function classScores({hits, weightOfOthers}: Found, score: Score): number[] {
  if (score === 'cosine') {
    return hits.map(({value}) => 0 - value);
  }
  const shortest = hits[0]?.value ?? NaN;
  return hits.map(({value}, rank) => {
    if (score === 'distance') {
      return 0 - value;
    }
    const weight = rank === 0 ? 1 : Math.exp(shortest - value);
    // Of the nearest center the difference to 1 is what the others weigh: it stays exact where that is next to nothing.
    const otherwise = rank === 0 ? weightOfOthers : 1 + weightOfOthers - weight;
    return 0 - value * (otherwise / (1 + weightOfOthers));
  });
}

/** How alike two samples are, whichever comes first. For `'relative'` by their distance: there are no others for it to be relative to. */
export function pairScore(first: Float32Array, second: Float32Array, score: Score): number {
  return score === 'cosine' ? cosine(first, second) : 0 - distance(first, second);
}

/** A class that is near a sample, most often the nearest. */
export interface ScoredClass {
  label: string;
  score: number;
  /** The name of the nearest template, if the class has several. */
  template?: string;
}

/** Samples to calibrate with, compared with the classes and with each other. */
export interface Scored {
  known: readonly ScoredClass[];
  /** Of the known samples. */
  labels: readonly string[];
  unknown: readonly ScoredClass[] | undefined;
  /** Scores of pairs of samples with the same label. */
  same: readonly number[];
  /** Of those pairs by which the goal is reached: it says how many of their kind are to be taken for the same. */
  pairs: readonly number[];
}

/** The k nearest classes of each sample, the nearest first. */
export function nearestClasses(classes: EnrolledClasses, samples: Matrix, k: number, score: Score): ScoredClass[][] {
  const {centers, labels, classOf} = classes;
  return nearest(centers, samples, k, score === 'relative', classOf).map((found) => {
    const scores = classScores(found, score);
    return found.hits.map(({index, row}, rank) => ({
      label: labels[index] ?? '',
      score: scores[rank] ?? NaN,
      ...(classes.hasSeveral(index) ? {template: classes.nameOf(row)} : {}),
    }));
  });
}

/** All that a calibration has to know of its samples. */
export function scoreSamples(
  classes: EnrolledClasses,
  score: Score,
  labelled: Labelled,
  unknown: Matrix | undefined,
  {falseAccept, confidence, leaveOneOut = false}: CalibrationGoal,
): Scored {
  const judge = (samples: Matrix) => nearestClasses(classes, samples, 1, score).flat();
  const scoresOf = (pairs: readonly Pair[]) => pairs.map(([first, second]) => pairScore(first, second, score));
  // All that is known of ranks is known of independent scores: with confidence, no two pairs share a sample.
  const isDisjoint = confidence !== undefined;
  const same = scoresOf(samePairs(labelled, isDisjoint));
  return {
    known: leaveOneOut ? leavingOneOut(classes, labelled, judge) : judge(labelled.known),
    labels: labelled.labels,
    unknown: unknown && judge(unknown),
    same,
    pairs: falseAccept !== undefined && unknown ? scoresOf(differentPairs(labelled, unknown, isDisjoint)) : same,
  };
}
