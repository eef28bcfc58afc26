import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {writeDocs} from '../../studies/unseen/docs.js';
import type {SmallSet} from '../../studies/unseen/omniglot.js';
import {toRun} from '../../studies/unseen/results.js';
import {qualityRows, templateRows, waysRows} from '../../studies/unseen/tables.js';
import {targetsOf} from '../../studies/unseen/targets.js';
import {ROOT} from '../support/source_files.js';
import type {TrialResults} from '../../studies/unseen/trial.js';
import {formOf} from './form.js';

/** Measured by distances as it is said, with one look and with nine. */
function trial(
  ...[set, lossWeight, seed, errors, rate = errors, nine = errors]: [SmallSet, number, number, number, number?, number?]
): TrialResults {
  const rest = {falseRejectAt1: 0.4, recallAt1: 0.9};
  const other = {oneShotErrors: 0.5, equalErrorRate: 0.5, ...rest};
  return {
    ...{set, seed, lossWeight, epochs: 24},
    measured: [
      {looks: 'one look', score: 'distance', oneShotErrors: errors, equalErrorRate: rate, ...rest},
      {looks: 'one look', score: 'cosine', ...other},
      {looks: 'nine looks', score: 'distance', oneShotErrors: nine, equalErrorRate: nine, ...rest},
      {looks: 'nine looks', score: 'cosine', ...other},
    ],
    templates: [
      {samples: 1, looks: 1, templates: 'mean', errors: 0.2},
      {samples: 5, looks: 1, templates: 'mean', errors: 0.1},
      {samples: 5, looks: 1, templates: 'each', errors: 0.11},
      {samples: 5, looks: 2, templates: 'mean', errors: 0.3},
      {samples: 5, looks: 2, templates: 'each', errors: 0.12},
      {samples: 5, looks: 2, templates: 'looks', errors: 0.1},
    ],
    histogram: {from: -3, to: 0, known: [0, 0.25, 0.75], unknown: [0.5, 0.25, 0.25]},
    cpuSeconds: 120,
  };
}

const TRIALS = [
  trial(1, 0, 1, 0.12),
  trial(1, 0.3, 1, 0.08),
  trial(2, 0, 1, 0.08),
  trial(2, 0.3, 1, 0.06),
  trial(1, 0, 2, 0.1),
  trial(1, 0.3, 2, 0.07),
  trial(2, 0, 2, 0.1),
  trial(2, 0.3, 2, 0.07),
];

test('the tables keep sets, trainings and ways apart', () => {
  expect(qualityRows(TRIALS).body.map((row) => row.slice(0, 4))).toEqual([
    ['small set 1', 'softmax alone', '11.0 % ± 1.4', '11.0 % ± 1.4'],
    ['small set 1', 'softmax + center loss', '7.5 % ± 0.7', '7.5 % ± 0.7'],
    ['small set 2', 'softmax alone', '9.0 % ± 1.4', '9.0 % ± 1.4'],
    ['small set 2', 'softmax + center loss', '6.5 % ± 0.7', '6.5 % ± 0.7'],
    ['both, mean', 'softmax alone', '10.0 % ± 1.6', '10.0 % ± 1.6'],
    ['both, mean', 'softmax + center loss', '7.0 % ± 0.8', '7.0 % ± 0.8'],
  ]);
  expect(waysRows(TRIALS).body.map((row) => row.slice(0, 4))).toContainEqual([
    'one look',
    "'cosine'",
    'softmax alone',
    '50.0 % ± 0.0',
  ]);
  expect(templateRows(TRIALS).body).toHaveLength(6);
  expect(templateRows(TRIALS).body[5]).toEqual([
    '5 samples of each of two characters',
    'the mean of each look',
    '10.0 % ± 0.0',
    '10.0 % ± 0.0',
  ]);
});

test('targets are reached by what was measured, and missed by less', () => {
  const reached = (...trials: TrialResults[]) => targetsOf(trials).map(({isReached}) => isReached);
  // One look: 25 % fewer errors, a rate 20 % lower; nine looks: the same; 7.5 % errors; 4.5 %
  const softmax = trial(1, 0, 1, 0.1);
  expect(reached(softmax, trial(1, 0.3, 1, 0.07))).toEqual([true, true, true, true, true, false]);
  expect(reached(softmax, trial(1, 0.3, 1, 0.076))).toEqual([false, true, false, true, false, false]);
  expect(reached(softmax, trial(1, 0.3, 1, 0.045, 0.081))).toEqual([true, false, true, true, true, true]);
  expect(reached(softmax, trial(1, 0.3, 1, 0.07, 0.07, 0.09))).toEqual([true, true, false, false, false, false]);
});

test('a run has trainings in pairs, without and with center loss', () => {
  const {trials} = toRun([...TRIALS.slice(0, 4), trial(1, 0, 3, 0.1)]);
  expect(trials).toEqual(TRIALS.slice(0, 4));
});

describe('the page', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unseen-'));
  });
  afterEach(async () => {
    await rm(folder, {recursive: true});
  });

  async function written(): Promise<string> {
    await writeFile(join(folder, 'unseen.md'), '# Page\n\n<!-- unseen omniglot -->\n\n<!-- /unseen omniglot -->\n');
    await writeDocs(folder, {
      date: '2026-01-01',
      machine: '2 cores (a machine), Node.js 20.0.0, TensorFlow.js 4.22.0',
      trials: TRIALS,
    });
    return readFile(join(folder, 'unseen.md'), 'utf8');
  }

  test('has tables, a picture, and how much center loss helps', async () => {
    const page = await written();
    expect(page).toMatch(/small set 1 +\| softmax alone +\| +11\.0 % ± 1\.4/);
    expect(page).toContain('30 % fewer one-shot errors');
    const png = await readFile(join(folder, 'pictures/unseen_scores.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  test('docs/unseen.md has the form of what is written', async () => {
    const section = (page: string) =>
      page.slice(page.indexOf('<!-- unseen omniglot -->'), page.indexOf('<!-- /unseen omniglot -->'));
    const published = await readFile(join(ROOT, 'docs/unseen.md'), 'utf8');
    expect(formOf(section(published))).toEqual(formOf(section(await written())));
  });
});
