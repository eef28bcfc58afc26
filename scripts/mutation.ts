/**
 * Mutation testing of the whole library: each file by the specs of the backend that its code is for. Fails below a score
 * of 90 %.
 */
import {spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';

import Table from 'cli-table3';

import {MUTATED} from '../stryker.config.js';

interface Report {
  files: Record<string, {mutants: {status: string}[]}>;
}

const LEAST_SCORE = 90;
const COUNTED = ['Killed', 'Timeout', 'Survived', 'NoCoverage'] as const;

const rows: {file: string; counts: number[]}[] = [];
for (const backend of Object.keys(MUTATED)) {
  const env = {...process.env, MUTATION_BACKEND: backend};
  const {status} = spawnSync('npx', ['stryker', 'run'], {stdio: 'inherit', env});
  if (status !== 0) {
    throw new Error(`StrykerJS ended with ${status} for the specs on ${backend}.`);
  }
  const {files} = JSON.parse(await readFile(`output/mutation/${backend}.json`, 'utf8')) as Report;
  for (const [file, {mutants}] of Object.entries(files)) {
    rows.push({file, counts: COUNTED.map((status) => mutants.filter((mutant) => mutant.status === status).length)});
  }
}

const total = COUNTED.map((_, i) => rows.reduce((sum, {counts}) => sum + (counts[i] ?? 0), 0));
const table = new Table({head: ['file', ...COUNTED, 'score'], style: {head: [], border: []}});
for (const {file, counts} of [...rows, {file: 'all', counts: total}]) {
  table.push([file, ...counts, `${scoreOf(counts).toFixed(1)} %`]);
}
console.log(table.toString());
if (scoreOf(total) < LEAST_SCORE) {
  throw new Error(`Expected a score of at least ${LEAST_SCORE} %.`);
}

/** The percentage of mutants that the specs noticed. */
function scoreOf([killed = 0, timedOut = 0, survived = 0, notCovered = 0]: number[]): number {
  const noticed = killed + timedOut;
  return (100 * noticed) / (noticed + survived + notCovered);
}
