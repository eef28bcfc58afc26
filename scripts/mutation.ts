/**
 * Mutation testing of the whole library. What the specs of one project do not notice is tried on the next: code for
 * backends where labels are not read at once does not run on cpu. Writes the table of docs/testing.md, lists what nobody
 * noticed, and fails below a score of 90 %.
 */
import {spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';

import {writeSections} from '../studies/sections.js';
import {toMarkdown, toTerminal} from '../studies/tables.js';
import {MUTATED} from '../stryker.config.js';
import {belowScore, isNoticed, mutationRows, scoreOf, STATUSES} from './mutation_table.js';
import type {Mutant, Outcomes} from './mutation_table.js';

interface Report {
  files: Record<string, {mutants: Mutant[]}>;
}

const MIN_SCORE = 90;
const DOCUMENT = 'docs/testing.md';

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

const all: Outcomes = new Map([...outcomes].map(([file, mutants]) => [file, [...mutants.values()]]));
console.log(toTerminal(mutationRows(all, [...all.keys()])));
for (const [file, mutants] of all) {
  for (const mutant of mutants) {
    if (!isNoticed(mutant)) {
      const {mutatorName, replacement = '', location} = mutant;
      console.log(`${file}:${location.start.line}:${location.start.column} ${mutatorName}: ${replacement}`);
    }
  }
}
const date = new Date().toISOString().slice(0, 10);
await writeSections(DOCUMENT, {
  mutation: [
    `The run of ${date} took ${minutes} minutes. All files together, and each that is below ${MIN_SCORE} % by itself:`,
    toMarkdown(mutationRows(all, belowScore(all, MIN_SCORE))),
  ].join('\n\n'),
});
const score = scoreOf([...all.values()].flat());
if (score < MIN_SCORE) {
  throw new Error(`Expected a score of at least ${MIN_SCORE} %, got ${score.toFixed(1)} %.`);
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

/** In the option of StrykerJS lines count from 1 and columns from 0. */
function rangeOf(file: string, {location: {start, end}}: Mutant): string {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}
