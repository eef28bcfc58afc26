import {FAISS, PLAIN, RECOGNIZER} from './search.js';
import type {SearchPoint} from './search.js';
import type {Rows} from './tables.js';

const TARGETS = [
  {ours: RECOGNIZER, theirs: FAISS, bound: 1},
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
      ...names.map((name) => timings[name]?.median.toPrecision(3) ?? ''),
    ]),
  };
}

/** What is promised of the search, as ratios of times of one run; what was not measured is left out. */
export function searchTargetRows(points: readonly SearchPoint[]): Rows {
  const body = TARGETS.flatMap(({ours, theirs, bound}) =>
    points.flatMap(({numClasses, queries, timings}) => {
      const gain = (timings[theirs]?.median ?? NaN) / (timings[ours]?.median ?? NaN);
      const name = `${ours}: ${bound} times as fast as ${theirs} (${numClasses.toLocaleString('en')} classes, ${queries} queries)`;
      return isNaN(gain) ? [] : [[name, `${gain.toPrecision(3)}×`, gain >= bound ? 'reached' : 'missed']];
    }),
  );
  return {head: ['target', 'measured', ''], numeric: [false, true, false], body};
}
