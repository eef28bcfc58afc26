/**
 * Mutation testing of the whole library. What the specs of one project do not notice is tried on the next: code for
 * backends where labels are not read at once does not run on cpu. Writes the table of docs/testing.md, lists what nobody
 * noticed, and fails below a score of 90 %.
 */
import {spawnSync} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import process from 'node:process';

import {format, resolveConfig} from 'prettier';

import {toMarkdown, toTerminal} from '../studies/benchmark/tables.js';
import type {Rows} from '../studies/benchmark/tables.js';
import {MUTATED} from '../stryker.config.js';

/** As StrykerJS reports it: lines and columns count from 1. */
interface Mutant {
  mutatorName: string;
  replacement?: string;
  location: {start: Place; end: Place};
  status: string;
}

interface Place {
  line: number;
  column: number;
}

interface Report {
  files: Record<string, {mutants: Mutant[]}>;
}

const LEAST_SCORE = 90;
/** The better the earlier; a mutant that has another one was not tried. */
const STATUSES = ['Killed', 'Timeout', 'Survived', 'NoCoverage'];
const DOCUMENT = 'docs/testing.md';
const [BEGIN, END] = ['<!-- npm run mutation writes this table -->', '<!-- up to here -->'];

/** By file, and then by what a mutant is, the best that became of it. */
const outcomes = new Map<string, Map<string, Mutant>>();

const begin = Date.now();
for (const project of Object.keys(MUTATED)) {
  const unnoticed = [...outcomes].flatMap(([file, mutants]) =>
    [...mutants.values()].filter((mutant) => !isNoticed(mutant)).map((mutant) => rangeOf(file, mutant)),
  );
  record(await testMutants(project, unnoticed));
}
const minutes = Math.round((Date.now() - begin) / 60_000);

const total = countsOf([...outcomes.values()].flatMap((mutants) => [...mutants.values()]));
const table = rows();
console.log(toTerminal(table));
for (const [file, mutants] of outcomes) {
  for (const mutant of mutants.values()) {
    if (!isNoticed(mutant)) {
      const {mutatorName, replacement = '', location} = mutant;
      console.log(`${file}:${location.start.line}:${location.start.column} ${mutatorName}: ${replacement}`);
    }
  }
}
await writeTable();
if (scoreOf(total) < LEAST_SCORE) {
  throw new Error(`Expected a score of at least ${LEAST_SCORE} %, got ${scoreOf(total).toFixed(1)} %.`);
}

/** Runs StrykerJS with the specs of a project, on the files that are meant for it, and on these ranges within others. */
async function testMutants(project: string, ranges: string[]): Promise<Report> {
  const {status} = spawnSync('npx', ['stryker', 'run'], {
    stdio: 'inherit',
    env: {...process.env, MUTATION_PROJECT: project, MUTATION_RANGES: ranges.join(' ')},
  });
  if (status !== 0) {
    throw new Error(`StrykerJS ended with ${status ?? 'a signal'} with the specs of ${project}.`);
  }
  return JSON.parse(await readFile(`output/mutation/${project}.json`, 'utf8')) as Report;
}

function record({files}: Report): void {
  for (const [file, {mutants}] of Object.entries(files)) {
    const ofFile = outcomes.get(file) ?? new Map<string, Mutant>();
    outcomes.set(file, ofFile);
    for (const mutant of mutants.filter(({status}) => STATUSES.includes(status))) {
      const {mutatorName, replacement, location} = mutant;
      const key = JSON.stringify([mutatorName, replacement, location]);
      const before = ofFile.get(key);
      if (!before || STATUSES.indexOf(mutant.status) < STATUSES.indexOf(before.status)) {
        ofFile.set(key, mutant);
      }
    }
  }
}

function isNoticed({status}: Mutant): boolean {
  return status === 'Killed' || status === 'Timeout';
}

/** In the option of StrykerJS lines count from 1 and columns from 0. */
function rangeOf(file: string, {location: {start, end}}: Mutant): string {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

function countsOf(mutants: readonly Mutant[]): number[] {
  return STATUSES.map((name) => mutants.filter(({status}) => status === name).length);
}

/** The percentage of mutants that the specs noticed. */
function scoreOf([killed = 0, timedOut = 0, survived = 0, notRun = 0]: number[]): number {
  const noticed = killed + timedOut;
  return (100 * noticed) / (noticed + survived + notRun);
}

function rows(): Rows {
  const line = (name: string, counts: number[]) => [name, ...counts.map(String), `${scoreOf(counts).toFixed(1)} %`];
  const files = [...outcomes].sort(([a], [b]) => a.localeCompare(b));
  return {
    head: ['File', 'noticed by a failure', 'by a timeout', 'survived', 'not run', 'score'],
    numeric: [false, true, true, true, true, true],
    body: [...files.map(([file, mutants]) => line(file, countsOf([...mutants.values()]))), line('all', total)],
  };
}

async function writeTable(): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  if (before < BEGIN.length || after < before) {
    throw new Error(`Expected '${BEGIN}' and then '${END}' in ${DOCUMENT}.`);
  }
  const date = new Date().toISOString().slice(0, 10);
  const caption = `The run of ${date} took ${minutes} minutes:`;
  const written = [text.slice(0, before), caption, toMarkdown(table), text.slice(after)].join('\n\n');
  await writeFile(DOCUMENT, await format(written, {...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT}));
}
