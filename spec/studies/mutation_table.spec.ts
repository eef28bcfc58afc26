import {readFileSync} from 'node:fs';
import path from 'node:path';

import {belowScore, mutationRows} from '../../scripts/mutation_table.js';
import type {Mutant} from '../../scripts/mutation_table.js';
import {readPage} from '../docs/page.js';
import {ROOT} from '../support/source_files.js';

const mutants = (...statuses: string[]): Mutant[] =>
  statuses.map((status) => {
    const position = {line: 1, column: 1};
    return {status, mutatorName: 'any', location: {start: position, end: position}};
  });

const outcomes = new Map([
  ['lib/good.ts', mutants('Killed', 'Timeout')],
  ['lib/types.ts', []],
  ['lib/bad.ts', mutants('Killed', 'Survived', 'NoCoverage', 'Killed')],
  ['lib/b.ts', mutants('Survived')],
]);

test('the table has all files together, and those below a score', () => {
  expect(belowScore(outcomes, 90)).toEqual(['lib/b.ts', 'lib/bad.ts']);
  expect(mutationRows(outcomes, belowScore(outcomes, 90)).body).toEqual([
    ['all 4 files', '3', '1', '2', '1', '57.1 %'],
    ['lib/b.ts', '0', '0', '1', '0', '0.0 %'],
    ['lib/bad.ts', '2', '0', '1', '1', '50.0 %'],
  ]);
});

test('docs/testing.md has its form', () => {
  const {head} = mutationRows(outcomes, []);
  const file = path.join(ROOT, 'docs/testing.md');
  expect(readFileSync(file, 'utf8')).toMatch(/<!-- mutation -->\n\nThe run of [^]*<!-- \/mutation -->/);
  const [table] = readPage(file).tables.filter(([first]) => first?.join() === head.join());
  const [all, ...below] = table?.slice(1) ?? [];
  expect(all?.[0]).toMatch(/^all \d+ files$/);
  expect(below.map((row) => parseFloat(row.at(-1) ?? '')).filter((score) => !(score < 90))).toEqual([]);
  expect(below.map(([name]) => name)).toEqual(below.map(([name = '']) => name).sort((a, b) => a.localeCompare(b)));
});
