import {meanOf} from '../../demo/mnist/statistics.js';
import type {ScoreName} from './scores.js';
import type {ScoreResults, TrialResults} from './trial.js';

/** How a network was trained. */
export type Method = 'softmax' | 'center loss';

export const METHODS: readonly Method[] = ['softmax', 'center loss'];
export const METHOD_TITLES: Readonly<Record<Method, string>> = {
  softmax: 'softmax alone',
  'center loss': 'softmax + center loss',
};

export function trialsOf(trials: readonly TrialResults[], method: Method): TrialResults[] {
  return trials.filter(({lossWeight}) => lossWeight > 0 === (method === 'center loss'));
}

/** The mean of a measure over the trials of a method. */
export function measureOf(
  trials: readonly TrialResults[],
  method: Method,
  score: ScoreName,
  measure: Exclude<keyof ScoreResults, 'roc' | 'histogram'>,
): number {
  return meanOf(trialsOf(trials, method).map(({scores}) => scores[score][measure]));
}
