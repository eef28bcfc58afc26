import {meanOf} from '../../demo/mnist/statistics.js';
import type {Looks} from './embedding.js';
import type {SmallSet} from './omniglot.js';
import type {Measured, Score, TrialResults} from './trial.js';

export type Method = 'softmax' | 'center loss';

export const METHODS: readonly Method[] = ['softmax', 'center loss'];
export const METHOD_TITLES: Readonly<Record<Method, string>> = {
  softmax: 'softmax alone',
  'center loss': 'softmax + center loss',
};

/** What is measured of each training, in each way of looking at pictures and comparing them. */
export type Measure = 'oneShotErrors' | 'equalErrorRate' | 'falseRejectAt1' | 'recallAt1';
export const MEASURES: readonly Measure[] = ['oneShotErrors', 'equalErrorRate', 'falseRejectAt1', 'recallAt1'];

/** How the pictures are looked at and compared. */
export interface How {
  looks: Looks;
  score: Score;
}

/** As a program does that predicts once and takes the recognizer's default: the protocol of articles. */
export const PLAIN: How = {looks: 'one look', score: 'distance'};

/** Has the least equal error rate and the most recall at 1, which Lake's runs take no part in. */
export const BEST: How = {looks: 'nine looks', score: 'distance'};

export function ofMethod(trials: readonly TrialResults[], method: Method): TrialResults[] {
  return trials.filter(({lossWeight}) => lossWeight > 0 === (method === 'center loss'));
}

export function ofSet(trials: readonly TrialResults[], set: SmallSet): TrialResults[] {
  return trials.filter((trial) => trial.set === set);
}

export function measuredBy(trials: readonly TrialResults[], {looks, score}: How): Measured[] {
  return trials.flatMap(({measured}) => measured.filter((one) => one.looks === looks && one.score === score));
}

export function meanOfMeasure(trials: readonly TrialResults[], method: Method, measure: Measure, how: How): number {
  return meanOf(measuredBy(ofMethod(trials, method), how).map((one) => one[measure]));
}

/** The share of a measure's errors that center loss spares, over all trainings; negative where it makes more. */
export function sparedBy(trials: readonly TrialResults[], measure: Measure, how: How): number {
  const [softmax, centerLoss] = METHODS.map((method) => meanOfMeasure(trials, method, measure, how));
  return 1 - (centerLoss ?? NaN) / (softmax ?? NaN);
}
