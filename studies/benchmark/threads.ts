import type {Page} from 'playwright-core';

import type {Size} from './contender.js';
import type * as wasmStep from './wasm_step.js';

/**
 * Milliseconds of our step on the wasm backend, on a page without threads, on one with them, and on another without: how
 * far the last is from the first is the measurement's doing.
 */
export interface ThreadsTimes extends Size {
  without: number;
  withThreads: number;
  control: number;
}

/** Opens a page for measurements, on which the wasm backend uses threads or none. */
export type OpenPage = (withThreads: boolean) => Promise<Page>;

const SIZES: readonly Size[] = [
  {numClasses: 1000, featureDim: 128, batchSize: 128},
  {numClasses: 1000, featureDim: 512, batchSize: 512},
];
/** Of some hundred steps on each page. */
const ROUNDS = 40;

/** Measures our step on pages with and without threads, in turn. */
export async function measureThreads(open: OpenPage): Promise<ThreadsTimes[]> {
  const pages = {without: await open(false), withThreads: await open(true), control: await open(false)};
  const results: ThreadsTimes[] = [];
  for (const size of SIZES) {
    // The fastest turn of each: the difference is small, and what else the machine does must not hide it.
    const fastest = {without: Infinity, withThreads: Infinity, control: Infinity};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, page] of Object.entries(pages) as [keyof typeof pages, Page][]) {
        fastest[name] = Math.min(fastest[name], await timeStep(page, size, name === 'withThreads'));
      }
    }
    results.push({...size, ...fastest});
  }
  return results;
}

function timeStep(page: Page, size: Size, withThreads: boolean): Promise<number> {
  return page.evaluate(
    async (args) => {
      const script = '/page.js';
      const {timeWasmStep} = (await import(script)) as typeof wasmStep;
      return timeWasmStep(...args);
    },
    [size, withThreads] as const,
  );
}
