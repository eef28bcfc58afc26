import {meanOf, summarize} from '../../demo/mnist/statistics.js';
import {percent} from '../numbers.js';
import type {Rows} from '../tables.js';
import {LOOKS} from './embedding.js';
import type {Looks} from './embedding.js';
import {MEASURES, measuredBy, METHOD_TITLES, METHODS, ofMethod, ofSet, PLAIN} from './summary.js';
import type {How, Measure} from './summary.js';
import {ENROLMENTS, TEMPLATES} from './templates.js';
import type {Templates} from './templates.js';
import {SCORES} from './trial.js';
import type {TrialResults} from './trial.js';

const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  oneShotErrors: 'one-shot errors',
  equalErrorRate: 'equal error rate',
  falseRejectAt1: 'false rejects at 1 % false accepts',
  recallAt1: 'recall at 1',
};

/** A row for each set and training, looked at plainly: mean and spread over the seeds. */
export function qualityRows(trials: readonly TrialResults[]): Rows {
  return {
    head: ['trained on', 'training', ...MEASURES.map((measure) => MEASURE_TITLES[measure])],
    numeric: [false, false, ...MEASURES.map(() => true)],
    body: [
      ...([1, 2] as const).flatMap((set) =>
        METHODS.map((method) => [
          `small set ${set}`,
          METHOD_TITLES[method],
          ...measureCells(ofMethod(ofSet(trials, set), method)),
        ]),
      ),
      ...METHODS.map((method) => ['both, mean', METHOD_TITLES[method], ...measureCells(ofMethod(trials, method))]),
    ],
  };
}

/** A row for each way to look and to compare, over both sets. */
export function waysRows(trials: readonly TrialResults[]): Rows {
  return {
    head: ['looks', 'score', 'training', ...MEASURES.map((measure) => MEASURE_TITLES[measure])],
    numeric: [false, false, false, ...MEASURES.map(() => true)],
    body: (Object.keys(LOOKS) as Looks[]).flatMap((looks) =>
      SCORES.flatMap((score) =>
        METHODS.map((method) => [
          looks,
          `'${score}'`,
          METHOD_TITLES[method],
          ...measureCells(ofMethod(trials, method), {looks, score}),
        ]),
      ),
    ),
  };
}

const TEMPLATE_TITLES: Readonly<Record<Templates, string>> = {
  mean: 'the mean of all samples',
  each: 'each sample',
  looks: 'the mean of each look',
};

/** A row for each enrolment and kind of templates: errors among the characters of an alphabet, over both sets. */
export function templateRows(trials: readonly TrialResults[]): Rows {
  return {
    head: ['enrolled', 'a class is compared by', ...METHODS.map((method) => METHOD_TITLES[method])],
    numeric: [false, false, true, true],
    body: ENROLMENTS.flatMap(({samples, looks}) =>
      TEMPLATES.flatMap((templates) => {
        const errors = METHODS.map((method) =>
          ofMethod(trials, method).flatMap((trial) =>
            trial.templates
              .filter((one) => one.samples === samples && one.looks === looks && one.templates === templates)
              .map((one) => one.errors),
          ),
        );
        const enrolled = `${samples} ${samples === 1 ? 'sample' : 'samples'}${looks > 1 ? ' of each of two characters' : ' of a character'}`;
        return errors.some((own) => own.length === 0)
          ? []
          : [[enrolled, TEMPLATE_TITLES[templates], ...errors.map((own) => spreadCell(own))]];
      }),
    ),
  };
}

/** One line for a training that is done. */
export function trialLine(trial: TrialResults): string {
  const method = METHOD_TITLES[trial.lossWeight > 0 ? 'center loss' : 'softmax'];
  const [measured] = measuredBy([trial], PLAIN);
  const values = MEASURES.map((measure) => `${MEASURE_TITLES[measure]} ${percent(measured?.[measure] ?? NaN, 1)}`);
  return `small set ${trial.set}, seed ${trial.seed}, ${method}: ${values.join(', ')}`;
}

function measureCells(trials: readonly TrialResults[], how: How = PLAIN): string[] {
  return MEASURES.map((measure) => spreadCell(measuredBy(trials, how).map((one) => one[measure])));
}

function spreadCell(values: readonly number[]): string {
  const {spread} = summarize(values);
  return `${percent(meanOf(values), 1)}${Number.isNaN(spread) ? '' : ` ± ${(100 * spread).toFixed(1)}`}`;
}
