import {readFile} from 'node:fs/promises';
import path from 'node:path';

import type {Evaluation} from '../mnist/evaluation.js';
import type {TrainingLogs} from '../mnist/training.js';
import type {DemoOptions} from './options.js';
import {writeWholeFile} from 'tfjs-center-loss/node';

const RESULTS_FILE = 'results.json';

/** Everything that can change a result. */
export type ResultOptions = Omit<DemoOptions, 'output' | 'perClass'>;

export interface RunResults {
  name: string;
  lossWeight: number;
  history: TrainingLogs[];
  evaluation: Evaluation;
}

/** What the models in the output folder gave before they were saved. */
export interface Recorded {
  centers: number[][];
  /** The predicted classes of all test pictures. */
  classIds: number[];
  /** Of the first test pictures. */
  logits: number[][];
}

export interface Results {
  options: ResultOptions;
  runs: RunResults[];
  recorded: Recorded;
}

export function resultsFile(folder: string): string {
  return path.join(folder, RESULTS_FILE);
}

export async function writeResults(folder: string, results: Results): Promise<void> {
  await writeWholeFile(resultsFile(folder), JSON.stringify(results));
}

export async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(resultsFile(folder), 'utf8')) as Results;
}
