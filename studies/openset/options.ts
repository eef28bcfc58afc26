import {availableParallelism} from 'node:os';

import {Option} from 'commander';

import {integer} from '../../demo/node/option_values.js';
import {studyCommand} from '../options.js';
import type {StudyOptions} from '../options.js';
import type {NetworkName} from './networks.js';
import {SEEDS, SPLITS} from './protocol.js';

/** The network that a backend trains in reasonable time. */
const NETWORK_OF = {wasm: 'dense', cpu: 'dense', tensorflow: 'convolutional'} as const satisfies Record<
  string,
  NetworkName
>;
/** More of them help where there are more cores, but each holds MNIST. */
const MAX_DEFAULT_WORKERS = 2;

export type Backend = keyof typeof NETWORK_OF;

export interface OpenSetOptions extends StudyOptions {
  backend: Backend;
  network: NetworkName;
  seeds: readonly number[];
  /** The known digits of each. */
  splits: readonly (readonly number[])[];
  /** Train on turned and mirrored copies as classes of their own, lightly altered. */
  turned: boolean;
  /** Of each training; what is not given is left to the network. */
  epochs?: number;
  /** A folder with another set in MNIST's format; its numbers are printed alone. */
  idx?: string;
  /** Fewer seeds and draws, no page, and no failure where a target is missed. */
  quick: boolean;
  /** Try weights of the center loss on other splits, in the place of the comparison. */
  chooseWeight: boolean;
  workers: number;
}

/** Throws commander's CommanderError, after its message is printed, for wrong options and for `--help`. */
export function parseOptions(argv: readonly string[]): OpenSetOptions {
  const {seeds, splits, docs, workers, ...options} = studyCommand('openset', 'openset.md')
    .description(
      'Trains on six digits of MNIST and measures how well the other four are refused, with softmax alone and with ' +
        'softmax + center loss.',
    )
    .addOption(
      new Option(
        '--backend <name>',
        "TensorFlow.js backend; 'tensorflow' trains a convolutional network, the others a dense one",
      )
        .choices(Object.keys(NETWORK_OF))
        .default('wasm'),
    )
    .option('--seeds <n>', 'trainings of each network on each split', integer(1, SEEDS.length), SEEDS.length)
    .option('--splits <n>', 'so many of the five', integer(1, SPLITS.length), SPLITS.length)
    .option('--turned', 'train on turned and mirrored copies as classes of their own, lightly altered', false)
    .option('--epochs <n>', 'of each training; the default is made for the number of digits in MNIST', integer(1))
    .option(
      '--idx <folder>',
      "another set in MNIST's format and file names, such as Fashion-MNIST; only prints its tables",
    )
    .option('--quick', 'one seed and fewer draws, in three minutes; writes no page', false)
    .option('--choose-weight', 'try weights of the center loss, on other splits', false)
    .option('--workers <n>', 'processes at a time (default: 2; 1 with tensorflow)', integer(1, 64))
    .parse(argv, {from: 'user'})
    .opts<
      Omit<OpenSetOptions, 'seeds' | 'splits' | 'network' | 'workers'> & {
        seeds: number;
        splits: number;
        workers?: number;
      }
    >();
  // TensorFlow uses all cores by itself.
  const defaultWorkers = options.backend === 'tensorflow' ? 1 : Math.min(MAX_DEFAULT_WORKERS, availableParallelism());
  return {
    ...options,
    network: NETWORK_OF[options.backend],
    seeds: SEEDS.slice(0, options.quick ? 1 : seeds),
    splits: SPLITS.slice(0, splits),
    workers: workers ?? defaultWorkers,
    docs: options.quick ? false : docs,
  };
}
