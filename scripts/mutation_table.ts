import type {Rows} from '../studies/tables.js';

/** As StrykerJS reports it: lines and columns count from 1. */
export interface Mutant {
  mutatorName: string;
  replacement?: string;
  location: {start: Position; end: Position};
  status: string;
}

interface Position {
  line: number;
  column: number;
}

/** What became of the mutants of each file. */
export type Outcomes = ReadonlyMap<string, readonly Mutant[]>;

/** The better the earlier; a mutant that has another one was not tried. */
export const STATUSES: readonly string[] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'];

export function isNoticed({status}: Mutant): boolean {
  return status === 'Killed' || status === 'Timeout';
}

/** The percentage of the mutants that the specs noticed; NaN without mutants. */
export function scoreOf(mutants: readonly Mutant[]): number {
  return (100 * mutants.filter(isNoticed).length) / mutants.length;
}

/** The files with a lower score, in alphabetical order. */
export function belowScore(outcomes: Outcomes, score: number): string[] {
  const below = [...outcomes].filter(([, mutants]) => scoreOf(mutants) < score);
  return below.map(([file]) => file).sort((a, b) => a.localeCompare(b));
}

/** A row for all files together, and then one for each of these. */
export function mutationRows(outcomes: Outcomes, files: readonly string[]): Rows {
  const row = (name: string, mutants: readonly Mutant[]) => [
    name,
    ...STATUSES.map((status) => String(mutants.filter((mutant) => mutant.status === status).length)),
    `${scoreOf(mutants).toFixed(1)} %`,
  ];
  return {
    head: ['File', 'noticed by a failure', 'by a timeout', 'survived', 'not run', 'score'],
    numeric: [false, true, true, true, true, true],
    body: [
      row(`all ${outcomes.size} files`, [...outcomes.values()].flat()),
      ...files.map((file) => row(file, outcomes.get(file) ?? [])),
    ],
  };
}
