import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {measuredHere} from '../measured_here.js';
import type {BackendResults} from './run.js';
import type {SearchPoint} from './search.js';
import type {KeepingPoint} from './search_keeping.js';

/** All that has been measured on this machine. */
export interface Results {
  date: string;
  machine: string;
  node: BackendResults[];
  browser: BackendResults[];
  search: SearchPoint[];
  keeping: KeepingPoint[];
}

const FILE = 'benchmark.json';

/** Puts new results in the place of older ones of the same backends, and keeps the rest. */
export async function saveResults(
  folder: string,
  fresh: Pick<Results, 'node' | 'browser' | 'search' | 'keeping'>,
): Promise<Results> {
  const file = join(folder, FILE);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const earlier = text === undefined ? undefined : (JSON.parse(text) as Results);
  const results: Results = {
    ...measuredHere(),
    node: merged(earlier?.node ?? [], fresh.node),
    browser: merged(earlier?.browser ?? [], fresh.browser),
    search: fresh.search.length > 0 ? fresh.search : (earlier?.search ?? []),
    // Results of earlier versions have none.
    keeping: fresh.keeping.length > 0 ? fresh.keeping : ((earlier as Partial<Results> | undefined)?.keeping ?? []),
  };
  await mkdir(folder, {recursive: true});
  await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);
  return results;
}

function merged(earlier: BackendResults[], fresh: BackendResults[]): BackendResults[] {
  const kept = earlier.filter(({backend}) => !fresh.some((result) => result.backend === backend));
  return [...kept, ...fresh].sort((a, b) => a.backend.localeCompare(b.backend));
}
