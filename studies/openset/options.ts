import {availableParallelism} from 'node:os';

import {Command, InvalidArgumentError, Option} from 'commander';

import type {NetworkName} from './networks.js';
import {SEEDS} from './protocol.js';

/** The network that a backend trains in reasonable time. */
const NETWORK_OF = {wasm: 'dense', cpu: 'dense', tensorflow: 'convolutional'} as const satisfies Record<
  string,
  NetworkName
>;
/** More of them help where there are more cores, but each holds MNIST. */
const MAX_DEFAULT_WORKERS = 2;

export type Backend = keyof typeof NETWORK_OF;

export interface OpenSetOptions {
  backend: Backend;
  network: NetworkName;
  seeds: readonly number[];
  /** Fewer seeds and draws, no page, and no failure where a target is missed. */
  quick: boolean;
  /** Try weights of the center loss on other splits, in the place of the comparison. */
  chooseWeight: boolean;
  workers: number;
  /** For the numbers. */
  output: string;
  /** For openset.md and its pictures. */
  docs: string | false;
}

/** Throws commander's CommanderError, after its message is printed, for wrong options and for `--help`. */
export function parseOptions(argv: readonly string[]): OpenSetOptions {
  const {seeds, docs, workers, ...options} = new Command('npm run openset --')
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
    .option('--seeds <n>', 'trainings of each network on each split', integerUpTo(SEEDS.length), SEEDS.length)
    .option('--quick', 'one seed and fewer draws, in three minutes; writes no page', false)
    .option('--choose-weight', 'try weights of the center loss, on other splits', false)
    .option('--workers <n>', 'processes at a time (default: 2; 1 with tensorflow)', integerUpTo(64))
    .option('--output <folder>', 'for the numbers, as JSON', 'output')
    .option('--docs <folder>', 'for openset.md and its pictures', 'docs')
    .option('--no-docs', 'write the numbers alone')
    .showHelpAfterError('(--help lists the options)')
    .exitOverride()
    .parse(argv, {from: 'user'})
    .opts<Omit<OpenSetOptions, 'seeds' | 'network' | 'workers'> & {seeds: number; workers?: number}>();
  // TensorFlow uses all cores by itself.
  const defaultWorkers = options.backend === 'tensorflow' ? 1 : Math.min(MAX_DEFAULT_WORKERS, availableParallelism());
  return {
    ...options,
    network: NETWORK_OF[options.backend],
    seeds: SEEDS.slice(0, options.quick ? 1 : seeds),
    workers: workers ?? defaultWorkers,
    docs: options.quick ? false : docs,
  };
}

function integerUpTo(max: number) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= 1 && value <= max)) {
      throw new InvalidArgumentError(`Expected a whole number from 1 to ${max}.`);
    }
    return value;
  };
}
