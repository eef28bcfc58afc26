import {NETWORKS} from './networks.js';
import type {OpenSetOptions} from './options.js';
import {CHOOSING_SEED, CHOOSING_SPLITS} from './protocol.js';
import type {PixelsResults, PixelsTrial, Trial, TrialResults} from './trial.js';

/** What a worker process does at a time. */
export type Job = Trial | PixelsTrial;
export type JobResults = TrialResults | PixelsResults;

/** What a worker process tells. */
export type Message = {share: number} | {results: JobResults};

/** Weights of the center loss that `--choose-weight` tries; 0 is softmax alone. */
export const WEIGHTS: readonly number[] = [0, 0.01, 0.03, 0.1, 0.3];

const DRAWS = 100;
const QUICK_DRAWS = 20;

/** The comparison: each split with each seed, without and with center loss. The first seed of all splits comes first. */
export function comparisonJobs({network, seeds, splits, turned, epochs, quick}: OpenSetOptions): Job[] {
  const draws = quick ? QUICK_DRAWS : DRAWS;
  const {lossWeight, epochs: plainEpochs, turnedEpochs} = NETWORKS[network];
  return [
    ...seeds.flatMap((seed) =>
      splits.flatMap((known) =>
        [0, lossWeight].map((weight): Trial => ({
          ...{kind: 'trial', network, known, seed, turned, draws},
          lossWeight: weight,
          epochs: epochs ?? (turned ? turnedEpochs : plainEpochs),
        })),
      ),
    ),
    ...splits.map((known): PixelsTrial => ({kind: 'pixels', known, draws})),
  ];
}

/** The choice of a weight, on splits and with a seed that the comparison does not use. */
export function choiceJobs({network, epochs = NETWORKS[network].epochs}: OpenSetOptions): Job[] {
  return CHOOSING_SPLITS.flatMap((known) =>
    WEIGHTS.map((lossWeight): Trial => ({
      ...{kind: 'trial', network, known, seed: CHOOSING_SEED, turned: false, draws: 1},
      lossWeight,
      epochs,
    })),
  );
}
