import {quote, ValueError} from '../errors.js';
import {checkOptions} from '../options.js';
import type {Features} from './features.js';
import {differentPairs, samePairs} from './pairs.js';
import type {Labelled, Pair} from './pairs.js';
import type {Scored, ScoredClass} from './scoring.js';
import type {Matrix} from './search/matrix.js';
import {sweep} from './sweep.js';

/** Rounding of a product of a share and a count. */
const ROUNDING = 1e-9;

/** What a recognizer is calibrated to: how many known samples it accepts, or how few unknown ones it lets in. */
export type CalibrationGoal =
  | {
      /** The share of known samples to accept, above 0 and at most 1; 0.95 by default. */
      readonly accept?: number;
      /**
       * Whether each class gets a threshold of its own; false by default. Of the samples of a class that are named rightly, a
       * share of at least `accept` is then accepted, for each class by itself, whatever the mixture of the classes is. What is
       * named wrongly, and accepted less often, is not counted: the share of all that is accepted can be smaller.
       */
      readonly perClass?: boolean;
      /** Samples of no known class, to learn how many of them are let in. */
      readonly unknown?: Features;
      readonly falseAccept?: never;
    }
  | {
      /** The share of unknown samples to let in at most, at least 0 and below 1. */
      readonly falseAccept: number;
      /** Samples of no known class. */
      readonly unknown: Features;
      readonly accept?: never;
      readonly perClass?: never;
    };

/** One choice of a threshold, and what it costs. */
export interface TradeOffPoint {
  /** What scores at least as much is accepted. */
  threshold: number;
  /** The share of known samples that is accepted. */
  accepted: number;
  /** Of the known samples that are accepted, the share that is named rightly; NaN where none is accepted. */
  correct: number;
  /** The share of unknown samples that is let in; undefined without unknown samples. */
  falselyAccepted: number | undefined;
}

/** What a calibration has chosen, and what else there would be to choose. The shares are those of its own samples. */
export interface Calibration extends TradeOffPoint {
  /** With `perClass`, the thresholds of the classes that had samples enough that are named rightly, sorted by label. */
  classThresholds: ReadonlyMap<string, number> | undefined;
  /**
   * For `verify`; undefined if there were no two samples to compare. With `accept` it is chosen by all pairs of samples with
   * the same label; with `falseAccept` by all pairs with different labels or of an unknown and a known sample. Of more than
   * 100,000 so many are drawn, the same ones each time.
   */
  pairThreshold: number | undefined;
  /** With one threshold for all classes: a point for each score that occurs, the highest first. */
  tradeOff: TradeOffPoint[];
}

/** The lowest accepted scores. */
export interface Thresholds {
  all: number;
  byLabel: ReadonlyMap<string, number> | undefined;
  pairs: number | undefined;
}

const GOAL_NAMES = ['accept', 'perClass', 'unknown', 'falseAccept'];

/** @throws ValueError for other names, shares out of range, and both goals or unknown samples where they are missing. */
export function checkGoal(goal: CalibrationGoal, caller: string): void {
  checkOptions(goal, GOAL_NAMES, caller);
  // Whoever writes JavaScript may combine them otherwise.
  const {accept, falseAccept, perClass, unknown}: {[Key in keyof CalibrationGoal]: CalibrationGoal[Key] | undefined} =
    goal;
  if (accept !== undefined && (typeof accept !== 'number' || !(accept > 0 && accept <= 1))) {
    throw new ValueError(`${caller}: expected accept to be above 0 and at most 1, but got ${quote(accept)}.`);
  }
  if (perClass !== undefined && typeof perClass !== 'boolean') {
    throw new ValueError(`${caller}: expected perClass to be true or false, but got ${quote(perClass)}.`);
  }
  if (falseAccept === undefined) {
    return;
  }
  if (typeof falseAccept !== 'number' || !(falseAccept >= 0 && falseAccept < 1)) {
    throw new ValueError(
      `${caller}: expected falseAccept to be at least 0 and below 1, but got ${quote(falseAccept)}.`,
    );
  }
  if (accept !== undefined || perClass !== undefined) {
    throw new ValueError(`${caller}: expected falseAccept alone, but got ${quote(Object.keys(goal))}.`);
  }
  if (unknown === undefined) {
    throw new ValueError(`${caller}: expected unknown samples beside falseAccept, but got none.`);
  }
}

/** Whether a sample is accepted as one of the class that it is nearest to. */
export function isAccepted({label, score}: ScoredClass, {all, byLabel}: Thresholds): boolean {
  return score >= (byLabel?.get(label) ?? all);
}

export function withoutLabel(thresholds: Thresholds, label: string): Thresholds {
  const {byLabel, ...others} = thresholds;
  return byLabel?.has(label)
    ? {...others, byLabel: new Map([...byLabel].filter(([other]) => other !== label))}
    : thresholds;
}

/** The pairs by which a goal is reached: those of the kind of which it says how many are to be taken for the same. */
export function pairsFor({falseAccept}: CalibrationGoal, labelled: Labelled, unknown: Matrix | undefined): Pair[] {
  return falseAccept !== undefined && unknown ? differentPairs(labelled, unknown) : samePairs(labelled);
}

export function thresholdsFor(
  {known, labels, unknown = [], pairs}: Scored,
  {accept = 0.95, perClass = false, falseAccept}: CalibrationGoal,
): Thresholds {
  if (falseAccept !== undefined) {
    return {
      all: thresholdToRefuse(scoresOf(unknown), falseAccept),
      byLabel: undefined,
      pairs: pairs.length > 0 ? thresholdToRefuse(pairs, falseAccept) : undefined,
    };
  }
  return {
    all: thresholdToAcceptMost(scoresOf(known), accept),
    byLabel: perClass ? thresholdsByLabel(known, labels, accept) : undefined,
    pairs: pairs.length > 0 ? thresholdToAcceptMost(pairs, accept) : undefined,
  };
}

/**
 * Of each class the threshold that accepts its samples among those that are named rightly: like these, new ones that are of
 * the class and named so rank at random among them, however many samples of other classes there are. A class with too few is left
 * out: the threshold of all serves it better than the lowest of a few scores.
 */
function thresholdsByLabel(
  known: readonly ScoredClass[],
  labels: readonly string[],
  accept: number,
): Map<string, number> {
  const scores = new Map<string, number[]>();
  known.forEach(({label, score}, i) => {
    if (label === labels[i]) {
      const own = scores.get(label) ?? [];
      scores.set(label, own);
      own.push(score);
    }
  });
  const thresholds = new Map<string, number>();
  for (const label of [...scores.keys()].sort()) {
    const threshold = thresholdToAccept(scores.get(label) ?? [], accept);
    if (threshold !== undefined) {
      thresholds.set(label, threshold);
    }
  }
  return thresholds;
}

/** What these thresholds do with the samples. */
export function reportOf({known, labels, unknown}: Scored, thresholds: Thresholds): Calibration {
  const isCorrect = ({label}: ScoredClass, i: number) => label === labels[i];
  const accepted = known.filter((judgement) => isAccepted(judgement, thresholds)).length;
  const right = known.filter((judgement, i) => isAccepted(judgement, thresholds) && isCorrect(judgement, i)).length;
  const letIn = unknown?.filter((judgement) => isAccepted(judgement, thresholds)).length;
  const correct = scoresOf(known.filter(isCorrect));
  const wrong = scoresOf(known.filter((judgement, i) => !isCorrect(judgement, i)));
  const point = (threshold: number, [rightly = 0, wrongly = 0, falsely = 0]: readonly number[]): TradeOffPoint => ({
    threshold,
    accepted: (rightly + wrongly) / known.length,
    correct: rightly / (rightly + wrongly),
    falselyAccepted: unknown && falsely / unknown.length,
  });
  return {
    ...point(thresholds.all, [right, accepted - right, letIn ?? 0]),
    classThresholds: thresholds.byLabel,
    pairThreshold: thresholds.pairs,
    tradeOff: sweep(correct, wrong, scoresOf(unknown ?? [])).map(({threshold, counts}) => point(threshold, counts)),
  };
}

function scoresOf(judgements: readonly ScoredClass[]): number[] {
  return judgements.map(({score}) => score);
}

/**
 * The threshold that accepts new samples with at least the given probability, if they come from where the given ones do:
 * the quantile of split conformal prediction, which counts the new sample among the n + 1.
 *
 * @param share Above 0, at most 1.
 * @returns A score that occurs; undefined if there are too few to promise that much.
 */
export function thresholdToAccept(scores: readonly number[], share: number): number | undefined {
  const rank = Math.ceil((scores.length + 1) * share - ROUNDING);
  return descending(scores)[rank - 1];
}

/** As `thresholdToAccept`; the lowest score where there are too few to promise that much. */
export function thresholdToAcceptMost(scores: readonly number[], share: number): number {
  return thresholdToAccept(scores, share) ?? descending(scores).at(-1) ?? NaN;
}

/**
 * The lowest threshold that lets in new samples with at most the given probability, by the same count as
 * `thresholdToAccept`. With too few scores to promise that little it is next above the highest.
 *
 * @param share At least 0, below 1.
 */
export function thresholdToRefuse(scores: readonly number[], share: number): number {
  const sorted = descending(scores);
  const letIn = Math.floor((scores.length + 1) * share + ROUNDING);
  // What is equal to the best that has to stay out has to stay out as well.
  const mustStayOut = sorted[letIn] ?? -Infinity;
  const above = sorted.filter((score) => score > mustStayOut).at(-1);
  return above ?? nextAbove(mustStayOut);
}

function descending(scores: readonly number[]): Float64Array {
  return Float64Array.from(scores).sort().reverse();
}

/** The next number of double precision. */
function nextAbove(value: number): number {
  const number = Float64Array.of(value + 0);
  const bits = new BigInt64Array(number.buffer);
  bits[0] = (bits[0] ?? 0n) + (value < 0 ? -1n : 1n);
  return number[0] ?? NaN;
}
