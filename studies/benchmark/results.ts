import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {measuredHere} from '../measured_here.js';
import type {GrowthPoint} from './growth.js';
import type {ImportTime} from './imports.js';
import type {KerasSteps} from './keras.js';
import type {MemoryPoint} from './memory.js';
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
  memory: MemoryPoint[];
  imports: ImportTime[];
  growth: GrowthPoint[];
  keras: KerasSteps[];
}

type Fresh = Omit<Results, 'date' | 'machine'>;

const FILE = 'benchmark.json';

/** Puts new results in the place of older ones of the same backends, and keeps the rest. */
export async function saveResults(folder: string, fresh: Fresh): Promise<Results> {
  const file = join(folder, FILE);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  // Results of earlier versions do not have all.
  const earlier: Partial<Results> = text === undefined ? {} : (JSON.parse(text) as Partial<Results>);
  const newest = <Key extends Exclude<keyof Fresh, 'node' | 'browser'>>(key: Key): Fresh[Key] =>
    fresh[key].length > 0 ? fresh[key] : (earlier[key] ?? fresh[key]);
  const results: Results = {
    ...measuredHere(),
    node: merged(earlier.node ?? [], fresh.node),
    browser: merged(earlier.browser ?? [], fresh.browser),
    search: newest('search'),
    keeping: newest('keeping'),
    memory: newest('memory'),
    imports: newest('imports'),
    growth: newest('growth'),
    keras: newest('keras'),
  };
  await mkdir(folder, {recursive: true});
  await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);
  return results;
}

function merged(earlier: BackendResults[], fresh: BackendResults[]): BackendResults[] {
  const kept = earlier.filter(({backend}) => !fresh.some((result) => result.backend === backend));
  return [...kept, ...fresh].sort((a, b) => a.backend.localeCompare(b.backend));
}
