import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {writeDocs} from '../../studies/openset/docs.js';
import {SPLITS} from '../../studies/openset/protocol.js';
import {ROC_GRID} from '../../studies/openset/quality.js';
import {saveRun, toRun} from '../../studies/openset/results.js';
import type {Results, Run} from '../../studies/openset/results.js';
import {summarize} from '../../demo/mnist/statistics.js';
import {calibrationRows, fewSamplesRows, qualityRows} from '../../studies/openset/tables.js';
import {targetsOf, turnedTargetsOf} from '../../studies/openset/targets.js';
import type {ScoreResults, TrialResults} from '../../studies/openset/trial.js';
import {ROOT} from '../support/source_files.js';
import {formOf} from './form.js';

/** All scores of a training alike. */
function trial(lossWeight: number, seed: number, {auroc, fpr95}: {auroc: number; fpr95: number}): TrialResults {
  const results: ScoreResults = {
    accuracy: 0.98,
    auroc,
    fpr95,
    oscr: auroc - 0.01,
    roc: ROC_GRID.map(Math.sqrt),
    histogram: {from: -3, to: 0, known: [0, 0.25, 0.75], unknown: [0.5, 0.25, 0.25]},
  };
  const shares = [{asked: 0.95, accepted: 0.96, acceptedByDigit: [0.93, 0.95, 0.95, 0.95, 0.95, 0.96]}];
  const few = [{samples: 5, accuracy: lossWeight > 0 ? 0.9 : 0.8, enrolledAccuracy: 0.5}];
  return {
    kind: 'trial',
    network: 'dense',
    known: SPLITS[0] ?? [],
    seed,
    epochs: 1,
    lossWeight,
    turned: false,
    draws: 1,
    scores: {softmax: results, logit: results, distance: results, relative: results, cosine: results},
    calibration: {distance: shares, relative: shares, cosine: shares},
    fewSamples: {distance: few, cosine: few},
    cpuSeconds: 1,
  };
}

function runOf(without: number, withCenterLoss: number): Run {
  return {
    date: '2026-01-01',
    machine: 'a machine',
    backend: 'wasm',
    workers: 2,
    trials: [
      trial(0, 1, {auroc: without - 0.001, fpr95: 0.4}),
      trial(0, 2, {auroc: without + 0.001, fpr95: 0.4}),
      trial(0.03, 1, {auroc: withCenterLoss, fpr95: 0.2}),
    ],
    pixels: [
      {
        kind: 'pixels',
        known: SPLITS[0] ?? [],
        draws: 1,
        fewSamples: [{samples: 5, accuracy: 0.75, enrolledAccuracy: 0.3}],
        cpuSeconds: 1,
      },
    ],
    wallSeconds: 60,
    cpuSeconds: 100,
    load: 2,
  };
}

const reached = (run: Run) => targetsOf('dense', run).map(({isReached}) => isReached);

test('mean and spread are those of a sample', () => {
  expect(summarize([1, 3])).toEqual({mean: 2, spread: Math.SQRT2});
  expect(summarize([5])).toEqual({mean: 5, spread: NaN});
});

test('the tables keep the trainings apart', () => {
  const run = runOf(0.91, 0.95);
  const {body} = qualityRows(run);
  expect(body).toHaveLength(10);
  expect(body[0]).toEqual([
    'softmax alone',
    'maximum of softmax',
    '0.9800 ± 0.0000',
    '0.9100 ± 0.0014',
    '0.4000 ± 0.0000',
    '0.9000 ± 0.0014',
  ]);
  expect(body[5]?.slice(0, 4)).toEqual(['softmax + center loss', 'maximum of softmax', '0.9800', '0.9500']);
  expect(fewSamplesRows(run).body.map((row) => row[2])).toEqual([
    '0.8000 ± 0.0000',
    '0.8000 ± 0.0000',
    '0.9000',
    '0.9000',
    '0.7500',
  ]);
  expect(calibrationRows(run).body[0]).toEqual([
    "'distance'",
    '95 %',
    '96.00 %',
    '1.00 points',
    '94.83 %',
    '2.00 points',
    '83 %',
  ]);
});

test('targets are reached by what was measured, and missed by less', () => {
  // AUROC over softmax, by the default as well, over the best score; FPR95; minutes; five samples; calibration
  expect(reached(runOf(0.91, 0.95)).slice(0, 7)).toEqual([true, true, true, true, true, true, true]);
  expect(reached(runOf(0.935, 0.95)).slice(0, 7)).toEqual([false, false, true, true, true, true, true]);
  expect(reached(runOf(0.945, 0.95)).slice(0, 7)).toEqual([false, false, false, true, true, true, true]);
  expect(reached({...runOf(0.91, 0.95), cpuSeconds: 2 * 26 * 60})[4]).toBe(false);
});

test('targets with turned copies are reached by what was measured, and missed by less', () => {
  const results = (network: 'dense' | 'convolutional', run: Run) =>
    turnedTargetsOf(network, run).map(({isReached}) => isReached);
  // five samples: errors of 0.1 against 0.25 by the nearest picture
  expect(results('dense', runOf(0.9, 0.95))).toEqual([true]);
  expect(results('convolutional', runOf(0.9, 0.9951))).toEqual([true, true]);
  expect(results('convolutional', runOf(0.9, 0.9949))).toEqual([true, false]);
  const run = runOf(0.9, 0.9951);
  const worse = run.trials.map((one): TrialResults => {
    const few = [{samples: 5, accuracy: 0.9, enrolledAccuracy: one.lossWeight > 0 ? 0.49 : 0.5}];
    return {...one, fewSamples: {distance: few, cosine: few}};
  });
  expect(results('convolutional', {...run, trials: worse})).toEqual([false, true]);
});

test('a digit is calibrated well on average over the trainings, or not', () => {
  const trained = (...shares: number[]) =>
    shares.map((accepted, seed): TrialResults => {
      const results = trial(0.03, seed, {auroc: 0.95, fpr95: 0.2});
      const of = [{asked: 0.95, accepted: 0.95, acceptedByDigit: [0.95, 0.95, accepted, 0.95, 0.95, 0.95]}];
      return {...results, calibration: {distance: of, relative: of, cosine: of}};
    });
  const last = (...shares: number[]) => reached({...runOf(0.9, 0.95), trials: trained(...shares)}).at(-1);
  expect(last(0.93, 0.97)).toBe(true);
  expect(last(0.92, 0.94)).toBe(false);
});

test('a run has trainings in pairs, without and with center loss', () => {
  const {trials, pixels} = runOf(0.9, 0.95);
  const run = toRun([...trials, ...pixels], {backend: 'wasm', workers: 2, wallSeconds: 60});
  expect(run.trials.map(({seed, lossWeight}) => [seed, lossWeight])).toEqual([
    [1, 0],
    [1, 0.03],
  ]);
  expect(run.pixels).toEqual(pixels);
  expect(run.cpuSeconds).toBe(4);
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openset-'));
  });
  afterEach(async () => {
    await rm(folder, {recursive: true});
  });

  test('a run takes the place of the one of the same kind and network', async () => {
    await saveRun(folder, 'choice', 'dense', runOf(0.9, 0.95));
    await saveRun(folder, 'comparison', 'dense', runOf(0.91, 0.95));
    const results = await saveRun(folder, 'comparison', 'dense', runOf(0.92, 0.95));
    expect(results).toEqual({
      choice: {dense: runOf(0.9, 0.95)},
      comparison: {dense: runOf(0.92, 0.95)},
      turned: {},
    });
  });

  test('a stopped run takes the place of a smaller one alone', async () => {
    const run = runOf(0.9, 0.95);
    const smaller = {...run, trials: run.trials.slice(1)};
    await saveRun(folder, 'comparison', 'dense', smaller);
    expect((await saveRun(folder, 'comparison', 'dense', run, true)).comparison.dense).toEqual(run);
    expect((await saveRun(folder, 'comparison', 'dense', smaller, true)).comparison.dense).toEqual(run);
  });

  /** What the study writes where nothing but the comments stands. */
  async function written(results: Results): Promise<string> {
    const names = ['dense', 'convolutional'].flatMap((network) =>
      ['comparison', 'turned', 'choice'].map((kind) => `${network} ${kind}`),
    );
    const empty = names.map((name) => `<!-- openset ${name} -->\n\nOld ${name}.\n\n<!-- /openset ${name} -->\n`);
    await writeFile(join(folder, 'openset.md'), `# Study\n\n${empty.join('\n')}\n## More\n`);
    await writeDocs(folder, results);
    return readFile(join(folder, 'openset.md'), 'utf8');
  }

  test('the page has tables and pictures, no targets, and keeps what was not measured', async () => {
    const page = await written({
      comparison: {dense: runOf(0.91, 0.95)},
      choice: {dense: runOf(0.9, 0.95)},
      turned: {},
    });
    expect(page).toMatch(/^# Study\n[^]*Features of width 64[^]*The weight[^]*## More\n$/);
    expect(page).toMatch(/softmax alone +\| maximum of softmax +\| 0\.9800 ± 0\.0000 +\| 0\.9100 ± 0\.0014/);
    expect(page.match(/Old .*/g)).toEqual([
      'Old dense turned.',
      'Old convolutional comparison.',
      'Old convolutional turned.',
      'Old convolutional choice.',
    ]);
    expect(page).not.toMatch(/target|reached|missed/i);
    for (const [, picture = ''] of page.matchAll(/\]\((pictures\/[^)]*)\)/g)) {
      const png = await readFile(join(folder, picture));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
    }
    expect([...page.matchAll(/\]\(pictures\//g)]).toHaveLength(2);
  });

  test('docs/openset.md has the form of what is written', async () => {
    const run = runOf(0.91, 0.95);
    const page = await written({
      comparison: {dense: run, convolutional: {...run, backend: 'tensorflow'}},
      choice: {dense: run},
      turned: {dense: run},
    });
    const published = await readFile(join(ROOT, 'docs/openset.md'), 'utf8');
    for (const name of ['dense comparison', 'dense turned', 'dense choice', 'convolutional comparison']) {
      expect(formOf(sectionOf(published, name))).toEqual(formOf(sectionOf(page, name)));
    }
  });
});

function sectionOf(page: string, name: string): string {
  const [, section] = page.split(new RegExp(`<!-- /?openset ${name} -->`));
  if (section === undefined) {
    throw new Error(`Expected a section ${name}.`);
  }
  return section;
}
