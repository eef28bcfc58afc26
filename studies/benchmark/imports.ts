import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import type {Target} from '../targets.js';
import {outputOf} from './output_of.js';

/** What importing an entry of the built package takes in a new process of Node.js: the fastest of some, in turn. */
export interface ImportTime {
  entry: string;
  milliseconds: number;
  /** That of TensorFlow.js, which was imported before it; undefined where none was. */
  tensorflow?: number;
}

const MAIN = 'tfjs-center-loss';
/** What each entry is used beside. */
const ENTRIES = [
  {entry: MAIN, before: ['@tensorflow/tfjs']},
  {entry: `${MAIN}/recognition`, before: []},
];

const PROCESSES = 15;
const MOST_MILLISECONDS = 20;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** In the root of the repository an import of its name is one of `dist`. */
export async function measureImports(signal?: AbortSignal): Promise<ImportTime[]> {
  if (!existsSync(new URL('../../dist', import.meta.url))) {
    console.log('\nImports are left out: `npm run build` has not made dist yet.');
    return [];
  }
  const fastest = ENTRIES.map((): number[] => []);
  for (let nth = 0; nth < PROCESSES; nth++) {
    for (const [i, {entry, before}] of ENTRIES.entries()) {
      const script = `for (const name of ${JSON.stringify([...before, entry])}) {
        const start = performance.now();
        await import(name);
        console.log(performance.now() - start);
      }`;
      const args = ['--input-type=module', '--eval', script];
      const printed = await outputOf(process.execPath, args, signal, {cwd: ROOT});
      const times = printed.trim().split('\n').map(Number);
      fastest[i] = times.map((time, j) => Math.min(time, fastest[i]?.[j] ?? Infinity));
    }
  }
  return ENTRIES.map(({entry}, i) => {
    const [milliseconds = NaN, tensorflow] = [...(fastest[i] ?? [])].reverse();
    return {entry, milliseconds, ...(tensorflow === undefined ? {} : {tensorflow})};
  });
}

export function importRows(times: readonly ImportTime[]): Rows {
  return {
    head: ['entry', 'milliseconds', 'TensorFlow.js before it'],
    numeric: [false, true, true],
    body: times.map(({entry, milliseconds, tensorflow}) => [
      `\`${entry}\``,
      threeDigits(milliseconds),
      tensorflow === undefined ? 'none' : threeDigits(tensorflow),
    ]),
  };
}

/** Of what is imported beside TensorFlow.js: the first import of a process has the loader of Node.js to start. */
export function importTargetsOf(times: readonly ImportTime[]): Target[] {
  return times
    .filter(({tensorflow}) => tensorflow !== undefined)
    .map(({entry, milliseconds}) => ({
      subject: 'import',
      text: `${entry} in at most ${MOST_MILLISECONDS} milliseconds`,
      measured: `${threeDigits(milliseconds)} ms`,
      isReached: milliseconds <= MOST_MILLISECONDS,
    }));
}
