import type {Page} from 'playwright-core';

import type * as pageScript from './browser_page.js';
import type {Size} from './contender.js';
import {timingOf} from './measure.js';
import type {Timing} from './measure.js';

/** What a step costs on the wasm backend with threads. */
export interface ThreadsTimes extends Size {
  /** Milliseconds of our step, on a page without threads and on one with them. */
  without: Timing;
  withThreads: Timing;
  /** Times with threads as multiples of those without, round by round. */
  ratio: Timing;
  /** The same of another page without threads: how far it is from 1 is the measurement's doing. */
  control: Timing;
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
    const times: Record<keyof typeof pages, number[]> = {without: [], withThreads: [], control: []};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, page] of Object.entries(pages) as [keyof typeof pages, Page][]) {
        times[name].push(await timeStep(page, size, name === 'withThreads'));
      }
    }
    const ratios = (of: number[]) => timingOf(of.map((time, i) => time / (times.without[i] ?? NaN)));
    results.push({
      ...size,
      without: timingOf(times.without),
      withThreads: timingOf(times.withThreads),
      ratio: ratios(times.withThreads),
      control: ratios(times.control),
    });
  }
  return results;
}

function timeStep(page: Page, size: Size, withThreads: boolean): Promise<number> {
  return page.evaluate(
    async (args) => {
      const script = '/page.js';
      const {timeWasmStep} = (await import(script)) as typeof pageScript;
      return timeWasmStep(...args);
    },
    [size, withThreads] as const,
  );
}
