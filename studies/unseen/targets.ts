import {percent} from '../numbers.js';
import type {Target} from '../targets.js';
import {meanOfMeasure} from './summary.js';
import type {TrialResults} from './trial.js';

export function targetsOf(trials: readonly TrialResults[]): Target[] {
  const errors = meanOfMeasure(trials, 'center loss', 'oneShotErrors');
  const fewerErrors = 1 - errors / meanOfMeasure(trials, 'softmax', 'oneShotErrors');
  const lowerRate =
    1 - meanOfMeasure(trials, 'center loss', 'equalErrorRate') / meanOfMeasure(trials, 'softmax', 'equalErrorRate');
  return [
    {
      text: 'at least 25 % fewer one-shot errors than softmax alone',
      measured: `${percent(fewerErrors, 1)} fewer`,
      isReached: fewerErrors >= 0.25,
    },
    {
      text: 'an equal error rate at least 20 % lower than that of softmax alone',
      measured: `${percent(lowerRate, 1)} lower`,
      isReached: lowerRate >= 0.2,
    },
    {text: 'at most 7.5 % one-shot errors', measured: percent(errors, 2), isReached: errors <= 0.075},
    {text: 'aim: at most 4.5 % one-shot errors', measured: percent(errors, 2), isReached: errors <= 0.045},
  ].map((target) => ({subject: 'Omniglot', ...target}));
}
