import type {SmallSet} from './omniglot.js';

/** Chosen on the characters of the small set that is not trained on; never on Lake's runs. */
export const SETTINGS = {
  filters: 64,
  featureDim: 128,
  /** Turned by quarters, each turn a class of its own. */
  copies: 4,
  batchSize: 64,
  epochs: 24,
  lossWeight: 0.3,
} as const;

/** Of 400 test pictures a training may name six more or fewer by chance: three seeds were too few to tell errors apart. */
export const SEEDS: readonly number[] = [1, 2, 3, 4, 5];

/** A training: of softmax alone, where the weight of the center loss is 0. */
export interface Trial {
  set: SmallSet;
  seed: number;
  lossWeight: number;
  epochs: number;
}

/** Without and with center loss, on both small sets, with each seed. The first seed of both sets comes first. */
export function trialsOf(seeds: readonly number[], epochs: number): Trial[] {
  return seeds.flatMap((seed) =>
    ([1, 2] as const).flatMap((set) =>
      [0, SETTINGS.lossWeight].map((lossWeight): Trial => ({set, seed, lossWeight, epochs})),
    ),
  );
}
