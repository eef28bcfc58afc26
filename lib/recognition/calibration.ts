import {quote, ValueError} from '../errors.js';
import {wishOf} from './calibration/goal.js';
import type {CalibrationGoal} from './calibration/goal.js';
import {thresholdToAccept, thresholdToRefuse} from './calibration/promise.js';
import type {Assurance, Chosen} from './calibration/promise.js';
import type {Score, Scored, ScoredClass} from './scoring.js';
import {sweep} from './sweep.js';

/** So many confusions are reported at most. */
const MAX_CONFUSIONS = 100;

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

/** Samples of one class that are nearest to another, accepted or not. */
export interface Confusion {
  label: string;
  /** The class that they are nearest to. */
  takenFor: string;
  count: number;
}

/** What a calibration has chosen, and what else there would be to choose. The shares are those of its own samples. */
export interface Calibration extends TradeOffPoint {
  /**
   * Whether there were too few samples for what was asked: the threshold is the strictest that they give, and keeps less than that. With
   * `perClass`, whether any enrolled class had too few and takes the threshold of all. `pairAssurance` has the same for `verify`.
   */
  tooFew: boolean;
  /** How far one can rely on `threshold`. */
  assurance: Assurance;
  /** With `perClass`, the thresholds of the classes that had samples enough that are named rightly, sorted by label. */
  classThresholds: ReadonlyMap<string, number> | undefined;
  /** With `perClass`, the same of each class that had samples that are named rightly, enough or not. */
  classAssurances: ReadonlyMap<string, Assurance> | undefined;
  /**
   * For `verify`; undefined if there were no two samples to compare. With `accept` it is chosen by all pairs of samples with
   * the same label; with `falseAccept` by all pairs with different labels or of an unknown and a known sample. Of more than
   * 100,000 so many are drawn, the same ones each time. With `confidence`, no sample is in two pairs.
   */
  pairThreshold: number | undefined;
  /**
   * With `confidence`, how far one can rely on it, for pairs of the same classes in the same mixture. Undefined without: the pairs
   * share samples, and no one knows how far.
   */
  pairAssurance: Assurance | undefined;
  /** Which classes are taken for which others, the most frequent first; at most 100. */
  confusions: Confusion[];
  /** With one threshold for all classes: a point for each score that occurs, the highest first. */
  tradeOff: TradeOffPoint[];
}

/** The lowest accepted scores. */
export interface Thresholds {
  /** Undefined: everything is accepted. */
  all: number | undefined;
  byLabel: ReadonlyMap<string, number> | undefined;
  pairs: number | undefined;
}

/** @throws ValueError unless a user can set it as a threshold: above the highest score nothing would be accepted. */
export function checkThreshold(threshold: number | undefined, score: Score, name: string): void {
  const highest = score === 'cosine' ? 1 : 0;
  if (threshold !== undefined && !Number.isFinite(threshold)) {
    throw new ValueError(
      `Recognizer: expected ${name} to be a finite number or undefined, but got ${quote(threshold)}.`,
    );
  }
  if (Number(threshold) > highest) {
    throw new ValueError(
      `Recognizer: expected ${name} to be at most ${highest}, which is the highest score of '${score}', but got ${quote(threshold)}.`,
    );
  }
}

/** Whether a sample is accepted as one of the class that it is nearest to. */
export function isAccepted({label, score}: ScoredClass, {all, byLabel}: Thresholds): boolean {
  return score >= (byLabel?.get(label) ?? all ?? -Infinity);
}

export function withoutLabel(thresholds: Thresholds, label: string): Thresholds {
  const {byLabel, ...others} = thresholds;
  return byLabel?.has(label)
    ? {...others, byLabel: new Map([...byLabel].filter(([other]) => other !== label))}
    : thresholds;
}

/** Chooses the thresholds for a goal, and tells what they do with the samples. */
export function calibration(
  {known, labels, unknown, pairs}: Scored,
  goal: CalibrationGoal,
  enrolled: number,
): {thresholds: Thresholds; report: Calibration} {
  const wish = wishOf(goal);
  const choose = goal.falseAccept === undefined ? thresholdToAccept : thresholdToRefuse;
  const all = choose(scoresOf((goal.falseAccept === undefined ? known : unknown) ?? []), wish);
  const byPairs = pairs.length > 0 ? choose(pairs, wish) : undefined;
  const isRight = ({label}: ScoredClass, i: number) => label === labels[i];
  const ofClasses = goal.perClass ? chosenByLabel(known.filter(isRight), (scores) => choose(scores, wish)) : undefined;
  const enough = ofClasses?.filter(([, {assurance}]) => !areTooFew(assurance));
  const thresholds: Thresholds = {
    all: all.threshold,
    byLabel: enough && new Map(enough.map(([label, {threshold}]) => [label, threshold])),
    pairs: byPairs?.threshold,
  };
  const right = known.filter(isRight);
  const wrong = known.filter((judgement, i) => !isRight(judgement, i));
  const count = (judgements: readonly ScoredClass[] = []) =>
    judgements.filter((judgement) => isAccepted(judgement, thresholds)).length;
  const point = (threshold: number, [rightly = 0, wrongly = 0, falsely = 0]: readonly number[]): TradeOffPoint => ({
    threshold,
    accepted: (rightly + wrongly) / known.length,
    correct: rightly / (rightly + wrongly),
    falselyAccepted: unknown && falsely / unknown.length,
  });
  const report = {
    ...point(all.threshold, [right, wrong, unknown].map(count)),
    tooFew: enough ? enough.length < enrolled : areTooFew(all.assurance),
    assurance: all.assurance,
    classThresholds: thresholds.byLabel,
    classAssurances: ofClasses && new Map(ofClasses.map(([label, {assurance}]) => [label, assurance])),
    pairThreshold: thresholds.pairs,
    pairAssurance: goal.confidence === undefined ? undefined : byPairs?.assurance,
    confusions: confusionsOf(known, labels),
    tradeOff: sweep(scoresOf(right), scoresOf(wrong), scoresOf(unknown ?? [])).map(({threshold, counts}) =>
      point(threshold, counts),
    ),
  };
  return {thresholds, report};
}

function areTooFew({samples, needed}: Assurance): boolean {
  return samples < needed;
}

/**
 * Of each class, sorted by label, the threshold for its samples among those that are named rightly: like these, new ones that are of
 * the class and named so rank at random among them, however many samples of other classes there are. A class with too few is served
 * better by the threshold of all than by the lowest of a few scores.
 */
function chosenByLabel(
  right: readonly ScoredClass[],
  choose: (scores: readonly number[]) => Chosen,
): [string, Chosen][] {
  const scores = new Map<string, number[]>();
  for (const {label, score} of right) {
    const own = scores.get(label) ?? [];
    scores.set(label, own);
    own.push(score);
  }
  return [...scores.keys()].sort().map((label) => [label, choose(scores.get(label) ?? [])]);
}

function confusionsOf(known: readonly ScoredClass[], labels: readonly string[]): Confusion[] {
  const counts = new Map<string, Confusion>();
  known.forEach(({label: takenFor}, i) => {
    const label = labels[i] ?? '';
    if (label !== takenFor) {
      const key = JSON.stringify([label, takenFor]);
      const confusion = counts.get(key) ?? {label, takenFor, count: 0};
      confusion.count++;
      counts.set(key, confusion);
    }
  });
  const sorted = [...counts].sort(([a, {count: ofA}], [b, {count: ofB}]) => ofB - ofA || (a < b ? -1 : 1));
  return sorted.slice(0, MAX_CONFUSIONS).map(([, confusion]) => confusion);
}

function scoresOf(judgements: readonly ScoredClass[]): number[] {
  return judgements.map(({score}) => score);
}
