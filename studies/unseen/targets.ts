import {percent} from '../numbers.js';
import type {Target} from '../targets.js';
import {BEST, meanOfMeasure, PLAIN, sparedBy} from './summary.js';
import type {TrialResults} from './trial.js';

export function targetsOf(trials: readonly TrialResults[]): Target[] {
  const errors = meanOfMeasure(trials, 'center loss', 'oneShotErrors', BEST);
  return [
    ...[PLAIN, BEST].flatMap((how) => {
      const fewerErrors = sparedBy(trials, 'oneShotErrors', how);
      const lowerRate = sparedBy(trials, 'equalErrorRate', how);
      return [
        {
          text: `${how.looks}: at least 25 % fewer one-shot errors than softmax alone`,
          measured: `${percent(fewerErrors, 1)} fewer`,
          isReached: fewerErrors >= 0.25,
        },
        {
          text: `${how.looks}: an equal error rate at least 20 % lower than that of softmax alone`,
          measured: `${percent(lowerRate, 1)} lower`,
          isReached: lowerRate >= 0.2,
        },
      ];
    }),
    {
      text: `${BEST.looks}: at most 7.5 % one-shot errors`,
      measured: percent(errors, 2),
      isReached: errors <= 0.075,
    },
    {
      text: `${BEST.looks}, aim: at most 4.5 % one-shot errors`,
      measured: percent(errors, 2),
      isReached: errors <= 0.045,
    },
  ].map((target) => ({subject: 'Omniglot', ...target}));
}
