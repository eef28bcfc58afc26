/**
 * Mutation testing of the whole library: each file by the specs of the backend that its code is for. Fails below a score
 * of 90 %.
 */
import {spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';

import Table from 'cli-table3';

import {MUTATED} from '../stryker.config.js';

interface Mutant {
  mutatorName: string;
  replacement?: string;
  location: object;
  status: string;
}

interface Report {
  files: Record<string, {mutants: Mutant[]}>;
}

const LEAST_SCORE = 90;
/** The better the earlier. */
const STATUSES = ['Killed', 'Timeout', 'Survived', 'NoCoverage'];

/** By file and then by mutant, the best of what became of it on the backends. */
const outcomes = new Map<string, Map<string, number>>();
for (const backend of Object.keys(MUTATED)) {
  const env = {...process.env, MUTATION_BACKEND: backend};
  const {status: exitCode} = spawnSync('npx', ['stryker', 'run'], {stdio: 'inherit', env});
  if (exitCode !== 0) {
    throw new Error(`StrykerJS ended with ${exitCode} for the specs on ${backend}.`);
  }
  const {files} = JSON.parse(await readFile(`output/mutation/${backend}.json`, 'utf8')) as Report;
  for (const [file, {mutants}] of Object.entries(files)) {
    const ofFile = outcomes.get(file) ?? new Map<string, number>();
    outcomes.set(file, ofFile);
    for (const {mutatorName, replacement, location, status} of mutants) {
      const key = JSON.stringify([mutatorName, replacement, location]);
      const rank = STATUSES.indexOf(status);
      if (rank >= 0) {
        ofFile.set(key, Math.min(rank, ofFile.get(key) ?? Infinity));
      }
    }
  }
}
const rows = [...outcomes].map(([file, ofFile]) => ({
  file,
  counts: STATUSES.map((_, rank) => [...ofFile.values()].filter((value) => value === rank).length),
}));

const total = STATUSES.map((_, i) => rows.reduce((sum, {counts}) => sum + (counts[i] ?? 0), 0));
const table = new Table({head: ['file', ...STATUSES, 'score'], style: {head: [], border: []}});
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
