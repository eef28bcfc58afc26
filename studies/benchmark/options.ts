import {Option} from 'commander';

import {integer} from '../../demo/node/option_values.js';
import {studyCommand} from '../options.js';
import type {StudyOptions} from '../options.js';
import type {Grid} from './grid.js';

const NODE_BACKENDS = ['cpu', 'wasm', 'tensorflow'];
const BROWSER_BACKENDS = ['wasm', 'webgl', 'webgpu'];
/** Those beside which the search is measured. */
const SEARCH_BACKENDS = ['cpu', 'wasm'];

/** Of the search, by the recognizer. */
const SEARCH_CLASSES = [10_000, 100_000, 1_000_000];
/** Of what a recognizer is filled, saved and loaded in. */
const KEPT_CLASSES = [1000, 100_000, 1_000_000];

/** What may be measured by itself; all of it, unless it is told. */
const PARTS = ['steps', 'search', 'keeping', 'imports', 'growth', 'keras'] as const;

const GRID: Grid = {classes: [10, 1000, 10_000, 100_000, 1_000_000], dims: [2, 128, 512], batches: [32, 128, 512]};
/** In Chromium without a GPU every step takes its time. */
const BROWSER_GRID: Grid = {classes: [10, 1000, 10_000], dims: [2, 128], batches: [32, 128]};

export interface BenchmarkOptions extends StudyOptions {
  browser: boolean;
  parts: readonly (typeof PARTS)[number][];
  backends: string[];
  grid: Grid;
  searchClasses: readonly number[];
  keptClasses: readonly number[];
  /** Those of the backends that the search is measured beside. */
  searchBackends: readonly string[];
  /** A program. */
  python: string;
}

/** Throws commander's CommanderError, after its message is printed, for wrong options and for `--help`. */
export function parseOptions(argv: readonly string[]): BenchmarkOptions {
  const {browser, only, python, output, docs, ...chosen} = studyCommand('benchmark', 'benchmarks.md')
    .description(
      'Measures a step of center loss beside ports of what people use, what it adds to training, the search of the ' +
        'recognizer beside matMul + topk, FAISS and USearch, and what grows with classes, scores, samples and layers.',
    )
    .option('--browser', 'run in Chromium, on the backends that browsers have', false)
    .addOption(new Option('--only <parts...>', 'in Node.js: nothing but that').choices(PARTS).conflicts('browser'))
    .option(
      '--python <program>',
      'with numpy, faiss-cpu, usearch, keras and jax, tensorflow or torch, or some of them',
      'python3',
    )
    .addOption(
      new Option('--backends <names...>', 'backends of TensorFlow.js').choices([
        ...new Set([...NODE_BACKENDS, ...BROWSER_BACKENDS]),
      ]),
    )
    .option('--classes <numbers...>', 'numbers of classes', collectIntegers)
    .option('--dims <numbers...>', 'widths of the features', collectIntegers)
    .option('--batches <numbers...>', 'batch sizes', collectIntegers)
    .parse(argv, {from: 'user'})
    .opts<
      Omit<BenchmarkOptions, 'parts' | 'backends' | 'grid' | 'searchClasses' | 'keptClasses' | 'searchBackends'> & {
        only?: (typeof PARTS)[number][];
        backends?: string[];
      } & Partial<Grid>
    >();
  const {backends = browser ? BROWSER_BACKENDS : NODE_BACKENDS, ...sizes} = chosen;
  const grid = {...(browser ? BROWSER_GRID : GRID), ...sizes};
  const searchClasses = sizes.classes ?? SEARCH_CLASSES;
  const keptClasses = sizes.classes ?? KEPT_CLASSES;
  const searchBackends = backends.filter((backend) => SEARCH_BACKENDS.includes(backend));
  return {
    browser,
    parts: browser ? ['steps'] : (only ?? PARTS),
    searchClasses,
    keptClasses,
    searchBackends,
    python,
    output,
    docs,
    backends,
    grid,
  };
}

/** Commander hands over one of several values at a time, with what came of those before. */
function collectIntegers(text: string, before: number[] = []): number[] {
  return [...before, integer(1)(text)];
}
