import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import type {Target} from '../targets.js';
import {medianText} from './measure.js';
import {FAISS, FAISS_8_BITS, PLAIN, RECOGNIZER} from './search.js';
import type {SearchPoint} from './search.js';

interface Wanted {
  ours: string;
  theirs: string;
  bound: number;
  /** Of one query alone, among so many classes; of all that was measured, if undefined. */
  ofOneAmong?: number;
}

const TARGETS: Wanted[] = [
  {ours: RECOGNIZER, theirs: FAISS, bound: 1},
  {ours: RECOGNIZER, theirs: FAISS_8_BITS, bound: 1, ofOneAmong: 10_000},
  {ours: RECOGNIZER, theirs: 'matMul + topk on wasm', bound: 8},
  {ours: PLAIN, theirs: 'matMul + topk on cpu', bound: 3},
];

/** Milliseconds of a search, the median. */
export function searchRows(points: readonly SearchPoint[]): Rows {
  const names = [...new Set(points.flatMap(({timings}) => Object.keys(timings)))];
  return {
    head: ['classes', 'queries', ...names],
    numeric: [true, true, ...names.map(() => true)],
    body: points.map(({numClasses, queries, timings}) => [
      numClasses.toLocaleString('en'),
      String(queries),
      ...names.map((name) => medianText(timings[name])),
    ]),
  };
}

/** What is wanted of the search, as ratios of times of one run; what was not measured is left out. */
export function searchTargetsOf(points: readonly SearchPoint[]): Target[] {
  return TARGETS.flatMap(({ours, theirs, bound, ofOneAmong}) =>
    points.flatMap(({numClasses, queries, timings}): Target[] => {
      if (ofOneAmong !== undefined && (numClasses !== ofOneAmong || queries !== 1)) {
        return [];
      }
      const measured = (timings[theirs]?.median ?? NaN) / (timings[ours]?.median ?? NaN);
      const wanted = bound > 1 ? `at least ${bound} times as fast as` : 'not slower than';
      const asked = queries === 1 ? 'one query' : `${queries} queries`;
      const text = `${ours}: ${wanted} ${theirs} (C = ${numClasses.toLocaleString('en')}, ${asked})`;
      const target = {subject: 'search', text, measured: `${threeDigits(measured)}×`, isReached: measured >= bound};
      return isNaN(measured) ? [] : [target];
    }),
  );
}
