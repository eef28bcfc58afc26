import {Command, Option} from 'commander';

import {DEFAULTS} from '../mnist/defaults.js';
import {NETWORKS} from '../mnist/experiment.js';
import type {ExperimentOptions} from '../mnist/experiment.js';
import {integer, number} from './option_values.js';

const TRAINING_SAMPLES = 60_000;
const MAX_FEATURE_DIM = 1024;

export const BACKENDS = ['wasm', 'cpu', 'tensorflow'] as const;

export interface DemoOptions {
  epochs: number;
  batchSize: number;
  samples: number;
  featureDim: number;
  alpha: number;
  lossWeight: number;
  seed: number;
  backend: (typeof BACKENDS)[number];
  network: ExperimentOptions['network'];
  output: string;
  baseline: boolean;
  perClass: boolean;
}

/** Throws commander's CommanderError, after its message is printed, for wrong options and for `--help`. */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const command = new Command('npm run demo --')
    .description(
      'Trains a classifier of handwritten digits (MNIST) with softmax alone and with softmax + center loss, ' +
        'compares the two, saves the second, and reloads it in another process.',
    )
    .option('--epochs <n>', 'how often to go through the training pictures', integer(1), DEFAULTS.epochs)
    .option('--batch-size <n>', 'pictures per training step', integer(1), DEFAULTS.batchSize)
    .option('--samples <n>', 'train on the first n pictures of MNIST', integer(1, TRAINING_SAMPLES), TRAINING_SAMPLES)
    .option(
      '--feature-dim <n>',
      'width of the embedding; only 2 can be drawn',
      integer(1, MAX_FEATURE_DIM),
      DEFAULTS.featureDim,
    )
    .option('--alpha <x>', 'how fast the centers follow the features', number(0, 1), DEFAULTS.alpha)
    .option('--loss-weight <x>', 'weight of the center loss, a mean over the batch', number(0), DEFAULTS.lossWeight)
    .option('--seed <n>', 'seed of the initial weights and the batch order', integer(1), DEFAULTS.seed)
    .addOption(new Option('--backend <name>', 'TensorFlow.js backend').choices(BACKENDS).default(BACKENDS[0]))
    .addOption(
      new Option('--network <name>', "the convolutional one needs the backend 'tensorflow', or the patience for 'cpu'")
        .choices(Object.keys(NETWORKS))
        .default('dense'),
    )
    .option('--output <folder>', 'where to write models, figure and results', 'output')
    .option('--no-baseline', 'leave out the training with softmax alone')
    .option('--per-class', 'add a table of the results by digit', false)
    .showHelpAfterError('(--help lists the options)')
    .exitOverride()
    .parse(argv, {from: 'user'});
  const options = command.opts<DemoOptions>();
  if (options.network === 'convolutional' && options.backend === 'wasm') {
    command.error("error: option '--network convolutional' needs another --backend: wasm has no gradient for it.");
  }
  return options;
}
