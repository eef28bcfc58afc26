import {quote, ValueError} from '../errors.js';
import type {Features} from './features.js';
import {sweep} from './sweep.js';
import {thresholdToAccept, thresholdToAcceptMost, thresholdToRefuse} from './thresholds.js';

/** What a recognizer is calibrated to: how many known samples it accepts, or how few unknown ones it lets in. */
export type CalibrationGoal =
  | {
      /** The share of known samples to accept, above 0 and at most 1; 0.95 by default. */
      readonly accept?: number;
      /** Whether each class gets a threshold of its own, so that of each the same share is accepted; false by default. */
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
  /** With `perClass`, the thresholds of the classes that had samples enough for one of their own. */
  classThresholds: ReadonlyMap<string, number> | undefined;
  /** For `verify`; undefined if there were no two samples to compare. */
  pairThreshold: number | undefined;
  /** With one threshold for all classes: a point for each score that occurs, the highest first. */
  tradeOff: TradeOffPoint[];
}

/** From which scores on samples are accepted. */
export interface Thresholds {
  all: number;
  byLabel: ReadonlyMap<string, number> | undefined;
  pairs: number | undefined;
}

/** A class that is near a sample, most often the nearest. */
export interface Judgement {
  label: string;
  score: number;
}

/** @throws ValueError for shares out of range, and for both goals or unknown samples where they are missing. */
export function checkGoal(goal: CalibrationGoal, where: string): void {
  // Whoever writes JavaScript may combine them otherwise.
  const {accept, falseAccept, perClass, unknown}: {[Key in keyof CalibrationGoal]: CalibrationGoal[Key] | undefined} =
    goal;
  if (accept !== undefined && !(accept > 0 && accept <= 1)) {
    throw new ValueError(`${where}: expected accept to be above 0 and at most 1, but got ${quote(accept)}.`);
  }
  if (falseAccept === undefined) {
    return;
  }
  if (!(falseAccept >= 0 && falseAccept < 1)) {
    throw new ValueError(`${where}: expected falseAccept to be at least 0 and below 1, but got ${quote(falseAccept)}.`);
  }
  if (accept !== undefined || perClass !== undefined) {
    throw new ValueError(`${where}: expected falseAccept alone, but got ${quote(Object.keys(goal))}.`);
  }
  if (unknown === undefined) {
    throw new ValueError(`${where}: expected unknown samples beside falseAccept, but got none.`);
  }
}

/** Whether a sample is accepted as one of the class that it is nearest to. */
export function isAccepted({label, score}: Judgement, {all, byLabel}: Thresholds): boolean {
  return score >= (byLabel?.get(label) ?? all);
}

export function withoutLabel({byLabel, ...others}: Thresholds, label: string): Thresholds {
  return {...others, byLabel: byLabel && new Map([...byLabel].filter(([other]) => other !== label))};
}

/** Samples to calibrate with, compared with the classes and with each other. */
export interface Scored {
  known: readonly Judgement[];
  /** Of the known samples. */
  labels: readonly string[];
  unknown: readonly Judgement[] | undefined;
  /** Scores of pairs of samples with the same label. */
  same: readonly number[];
  /** Scores of pairs of samples that are different. */
  different: readonly number[];
}

export function thresholdsFor(
  {known, labels, unknown = [], same, different}: Scored,
  {accept = 0.95, perClass = false, falseAccept}: CalibrationGoal,
): Thresholds {
  if (falseAccept !== undefined) {
    return {
      all: thresholdToRefuse(scoresOf(unknown), falseAccept),
      byLabel: undefined,
      pairs: different.length > 0 ? thresholdToRefuse(different, falseAccept) : undefined,
    };
  }
  return {
    all: thresholdToAcceptMost(scoresOf(known), accept),
    byLabel: perClass ? thresholdsByLabel(known, labels, accept) : undefined,
    pairs: same.length > 0 ? thresholdToAcceptMost(same, accept) : undefined,
  };
}

/** A class with too few samples is left out: the threshold of all serves it better than the lowest of a few scores. */
function thresholdsByLabel(
  known: readonly Judgement[],
  labels: readonly string[],
  accept: number,
): Map<string, number> {
  const scores = new Map<string, number[]>();
  known.forEach(({score}, i) => {
    const label = labels[i] ?? '';
    const own = scores.get(label) ?? [];
    scores.set(label, own);
    own.push(score);
  });
  const thresholds = new Map<string, number>();
  for (const [label, own] of scores) {
    const threshold = thresholdToAccept(own, accept);
    if (threshold !== undefined) {
      thresholds.set(label, threshold);
    }
  }
  return thresholds;
}

/** What these thresholds do with the samples. */
export function reportOf({known, labels, unknown}: Scored, thresholds: Thresholds): Calibration {
  const isCorrect = ({label}: Judgement, i: number) => label === labels[i];
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

function scoresOf(judgements: readonly Judgement[]): number[] {
  return judgements.map(({score}) => score);
}
