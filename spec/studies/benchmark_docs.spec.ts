import {readFileSync} from 'node:fs';
import path from 'node:path';

import {benchmarksPage} from '../../studies/benchmark/docs.js';
import {FLOOR} from '../../studies/benchmark/grid.js';
import type {Timing} from '../../studies/benchmark/measure.js';
import {ours} from '../../studies/benchmark/ours.js';
import {article} from '../../studies/benchmark/peers/article.js';
import {composite} from '../../studies/benchmark/peers/composite.js';
import {distanceMatrix} from '../../studies/benchmark/peers/distance_matrix.js';
import {oneHot} from '../../studies/benchmark/peers/one_hot.js';
import type {Results} from '../../studies/benchmark/results.js';
import type {BackendResults} from '../../studies/benchmark/run.js';
import {FAISS, FAISS_8_BITS, PLAIN, READING, RECOGNIZER, USEARCH} from '../../studies/benchmark/search.js';
import {COPY, FILL, FROM_BYTES, FROM_JSON, REMOVE, TO_BYTES, TO_JSON} from '../../studies/benchmark/search_keeping.js';
import {searchTargetsOf} from '../../studies/benchmark/search_tables.js';
import {targetsOf} from '../../studies/benchmark/targets.js';
import {ROOT} from '../support/source_files.js';
import {formOf} from './form.js';

const timing = (median: number): Timing => ({median, lower: 0.9 * median, upper: 1.1 * median, samples: 5});
const timings = (medians: Record<string, number>) =>
  Object.fromEntries(Object.entries(medians).map(([name, median]) => [name, timing(median)]));

/** A step with 1,000 classes, width 128 and 128 samples. */
function measured(backend: string, medians: Record<string, number>, added = 1.01): BackendResults {
  const fitStep = {
    network: 'a network',
    without: timing(8),
    withLayer: timing(8),
    emptyLayer: timing(1),
    control: timing(1),
  };
  return {
    backend,
    points: [{numClasses: 1000, featureDim: 128, batchSize: 128, timings: timings(medians), skipped: {}}],
    fitSteps: [{...fitStep, ratio: timing(added)}],
    profile: [{name: 'AddN', milliseconds: 0.01}],
  };
}

const PEERS = {[article.name]: 40, [oneHot.name]: 600, [distanceMatrix.name]: 700};
const IN_NODE = {[ours.name]: 1, ...PEERS, [FLOOR]: 0.4};

const results: Results = {
  date: '2026-01-01',
  machine: '8 cores (one of them), Node.js 22.1.0, TensorFlow.js 4.22.0',
  node: ['cpu', 'tensorflow', 'wasm'].map((backend) => ({
    ...measured(backend, IN_NODE),
    ...(backend === 'tensorflow'
      ? {fitProfiles: [{network: 'a network', without: {}, emptyLayer: {}, withLayer: {}}]}
      : {}),
  })),
  browser: [
    {
      ...measured('wasm', IN_NODE),
      firstSteps: {
        without: {milliseconds: 1, compiled: 1, perStep: 1},
        withLayer: {milliseconds: 1, compiled: 1, perStep: 1},
      },
      threads: [{numClasses: 1000, featureDim: 128, batchSize: 128, without: 1, withThreads: 1.1, control: 1}],
    },
    measured('webgl', {[ours.name]: 1, [composite.name]: 5, ...PEERS}),
    measured('webgpu', {[ours.name]: 1, [composite.name]: 5, [oneHot.name]: 600, [distanceMatrix.name]: 700}),
  ],
  keeping: [
    {
      numClasses: 1000,
      timings: timings(
        Object.fromEntries([COPY, FILL, TO_BYTES, FROM_BYTES, TO_JSON, FROM_JSON, REMOVE].map((name) => [name, 1])),
      ),
    },
  ],
  memory: [{numClasses: 100_000, width: 128, bytes: 1}],
  imports: [{entry: 'tfjs-center-loss', milliseconds: 1, tensorflow: 1}],
  growth: [{what: 'auroc', unit: 'scores', size: 1000, timing: timing(1)}],
  keras: [{backend: 'jax', milliseconds: {none: 1, 1000: 1, 100000: 1, 1000000: 1}}],
  search: [
    {
      numClasses: 1000,
      queries: 1,
      timings: timings({
        [RECOGNIZER]: 1,
        [PLAIN]: 4,
        'matMul + topk on cpu': 20,
        'matMul + topk on wasm': 7,
        [FAISS]: 1.5,
        [FAISS_8_BITS]: 0.5,
        [USEARCH]: 10,
        [READING]: 0.1,
      }),
    },
  ],
};

test('docs/benchmarks.md has the form of what is written', () => {
  const published = readFileSync(path.join(ROOT, 'docs/benchmarks.md'), 'utf8');
  expect(formOf(published)).toEqual(formOf(benchmarksPage(results)));
  expect(published).not.toMatch(/target|reached|missed/i);
});

test('what was not measured has no section', () => {
  const titles = (page: string) => [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  const less = benchmarksPage({...results, keeping: [], memory: [], imports: [], growth: [], keras: []});
  expect(titles(benchmarksPage(results)).filter((title) => !titles(less).includes(title))).toEqual([
    'Keeping a recognizer',
    'Imports',
    'Growth',
    'In Keras',
  ]);
});

const outcomeOf = (backend: BackendResults, inNode = true) =>
  targetsOf(backend, inNode).map(({subject, measured, isReached}) => [subject, measured, isReached]);

test('a speed is reached from its bound on, a time and what is added up to it', () => {
  // Beside both ports; the closest peer; a step of fit
  expect(outcomeOf(measured('cpu', IN_NODE))).toEqual([
    ['cpu', '40×', true],
    ['cpu', '600×', true],
    ['cpu', '40×', true],
    ['cpu', '1.0 %', true],
  ]);
  expect(outcomeOf(measured('cpu', {...IN_NODE, [article.name]: 0.5, [oneHot.name]: 499}, 1.021))).toEqual([
    ['cpu', '0.5×', false],
    ['cpu', '499×', false],
    ['cpu', '0.5×', false],
    ['cpu', '2.1 %', false],
  ]);
  const [withThreads] = results.browser.slice(0, 1);
  expect(withThreads && outcomeOf(withThreads, false).at(-1)).toEqual(['wasm in Chromium', '1.1×', false]);
});

test('FAISS with codes of 8 bits, which is not exact, is a target of one query among 10,000 classes', () => {
  const [point] = results.search;
  const among = [1000, 10_000].map((numClasses) => ({...point, numClasses, queries: 1, timings: point?.timings ?? {}}));
  expect(searchTargetsOf(among).filter(({text}) => text.includes('8 bits'))).toEqual([
    {
      subject: 'search',
      text: 'recognizer: not slower than FAISS, 8 bits (C = 10,000, one query)',
      measured: '0.5×',
      isReached: false,
    },
  ]);
});

test('the search has targets beside what was measured with it', () => {
  // FAISS; matMul + topk on wasm, which is to take 8 times as long; on cpu, against the plain loops
  expect(searchTargetsOf(results.search).map(({measured, isReached}) => [measured, isReached])).toEqual([
    ['1.5×', true],
    ['7×', false],
    ['5×', true],
  ]);
});
