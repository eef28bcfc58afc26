import {measuredHere} from '../measured_here.js';
import type {TrialResults} from './trial.js';

/** What one call of the command has measured. */
export interface Run {
  date: string;
  machine: string;
  trials: TrialResults[];
}

/** Trainings in pairs: one without its other half would move the mean of one side alone. */
export function toRun(results: readonly TrialResults[]): Run {
  const key = ({set, seed, epochs}: TrialResults) => JSON.stringify([set, seed, epochs]);
  const isPaired = (one: TrialResults) =>
    results.some((other) => key(other) === key(one) && other.lossWeight > 0 !== one.lossWeight > 0);
  return {...measuredHere(), trials: results.filter(isPaired)};
}
