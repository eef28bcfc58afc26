import {mkdir, readFile} from 'node:fs/promises';
import {loadavg} from 'node:os';
import {join} from 'node:path';

import {writeWholeFile} from 'tfjs-center-loss/node';
import {measuredHere} from '../measured_here.js';
import type {JobResults} from './jobs.js';
import type {NetworkName} from './networks.js';
import type {Backend} from './options.js';
import {trialsOf} from './summary.js';
import type {Method} from './summary.js';
import type {PixelsResults, TrialResults} from './trial.js';

/** What one call of the command has measured. */
export interface Run {
  date: string;
  machine: string;
  backend: Backend;
  workers: number;
  trials: TrialResults[];
  pixels: PixelsResults[];
  wallSeconds: number;
  /** Of all processes. */
  cpuSeconds: number;
  /** Processes that wanted to run, over the last minutes: more than the machine has cores, and others ran beside. */
  load: number;
}

/** The latest run for each network. */
export interface Results {
  comparison: Partial<Record<NetworkName, Run>>;
  choice: Partial<Record<NetworkName, Run>>;
  /** The comparison with turned and mirrored copies as classes of their own. */
  turned: Partial<Record<NetworkName, Run>>;
}

const FILE = 'openset.json';

export function toRun(results: readonly JobResults[], how: Pick<Run, 'backend' | 'workers' | 'wallSeconds'>): Run {
  return {
    ...how,
    ...measuredHere(),
    trials: inPairs(results.filter((result) => result.kind === 'trial')),
    pixels: results.filter((result) => result.kind === 'pixels'),
    cpuSeconds: results.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, 0),
    load: loadavg()[2] ?? NaN,
  };
}

/** A stopped run may have one training without its other half; it would move the mean of one side alone. */
function inPairs(trials: readonly TrialResults[]): TrialResults[] {
  const key = ({known, seed}: TrialResults) => JSON.stringify([known, seed]);
  const keysOf = (method: Method) => new Set(trialsOf(trials, method).map(key));
  const without = keysOf('softmax');
  const withCenterLoss = keysOf('center loss');
  return trials.filter((trial) => without.has(key(trial)) && withCenterLoss.has(key(trial)));
}

/** Puts a run in the place of the one before it, and gives all. A stopped one only if it has more trainings. */
export async function saveRun(
  folder: string,
  kind: keyof Results,
  network: NetworkName,
  run: Run,
  isStopped = false,
): Promise<Results> {
  const file = join(folder, FILE);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  // A file of before such copies has none.
  const earlier: Results = {comparison: {}, choice: {}, turned: {}, ...(JSON.parse(text ?? '{}') as Partial<Results>)};
  if (isStopped && run.trials.length <= (earlier[kind][network]?.trials.length ?? 0)) {
    return earlier;
  }
  const results = {...earlier, [kind]: {...earlier[kind], [network]: run}};
  await mkdir(folder, {recursive: true});
  await writeWholeFile(file, JSON.stringify(results));
  return results;
}
