import Table from 'cli-table3';

import type {Separation} from '../mnist/evaluation.js';
import type {RunResults} from './results.js';

const COLUMNS = ['test\naccuracy', 'intra-class\ndistance', 'inter-class\ndistance', 'intra /\ninter'];
const STYLE = {head: [], border: [], compact: true};

/** A row for every run. */
export function summaryTable(runs: readonly RunResults[]): string {
  const table = new Table({
    head: ['', ...COLUMNS],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: STYLE,
  });
  table.push(...runs.map(({name, evaluation}) => [name, ...cells(evaluation)]));
  return table.toString();
}

/** A row for every digit and run. */
export function perClassTable(runs: readonly RunResults[]): string {
  const table = new Table({
    head: ['digit', '', ...COLUMNS],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right'],
    style: STYLE,
  });
  const digits = runs[0]?.evaluation.perClass.keys() ?? [];
  for (const digit of digits) {
    table.push(
      ...runs.map(({name, evaluation}, index) => [
        ...(index === 0 ? [{content: digit, rowSpan: runs.length}] : []),
        name,
        ...cells(evaluation.perClass[digit]),
      ]),
    );
  }
  return table.toString();
}

function cells(separation: Separation | undefined): string[] {
  const {accuracy = NaN, intraClass = NaN, interClass = NaN, ratio = NaN} = separation ?? {};
  return [accuracy.toFixed(4), intraClass.toFixed(3), interClass.toFixed(3), ratio.toFixed(3)];
}
