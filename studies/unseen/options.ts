import {integer} from '../../demo/node/option_values.js';
import {studyCommand} from '../options.js';
import type {StudyOptions} from '../options.js';
import {SEEDS, SETTINGS} from './protocol.js';

export interface UnseenOptions extends StudyOptions {
  /** The folder with Omniglot's archives. */
  omniglot: string;
  seeds: readonly number[];
  epochs: number;
}

/** Throws commander's CommanderError, after its message is printed, for wrong options and for `--help`. */
export function parseOptions(argv: readonly string[]): UnseenOptions {
  const {seeds, ...options} = studyCommand('unseen', 'unseen.md')
    .description(
      'Trains on the characters of a few alphabets and measures how well those of others are told apart, with softmax alone ' +
        'and with softmax + center loss. Networks that are trained already are only measured.',
    )
    .requiredOption(
      '--omniglot <folder>',
      'with images_background_small1.zip, images_background_small2.zip and all_runs.zip of github.com/brendenlake/omniglot',
    )
    .option('--seeds <n>', 'trainings of each kind on each set', integer(1, SEEDS.length), SEEDS.length)
    .option('--epochs <n>', 'of each training', integer(1), SETTINGS.epochs)
    .parse(argv, {from: 'user'})
    .opts<Omit<UnseenOptions, 'seeds'> & {seeds: number}>();
  return {...options, seeds: SEEDS.slice(0, seeds)};
}
