import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import type {Target} from '../targets.js';
import {medianText} from './measure.js';
import {COPY, FILL, FROM_BYTES, FROM_JSON, REMOVE, TO_BYTES, TO_JSON} from './search_keeping.js';
import type {KeepingPoint} from './search_keeping.js';

/** Milliseconds, the median. */
export function keepingRows(points: readonly KeepingPoint[]): Rows {
  const names = [...new Set(points.flatMap(({timings}) => Object.keys(timings)))];
  return {
    head: ['classes', ...names],
    numeric: [true, ...names.map(() => true)],
    body: points.map(({numClasses, timings}) => [
      numClasses.toLocaleString('en'),
      ...names.map((name) => medianText(timings[name])),
    ]),
  };
}

/** As multiples of copying the centers. Those of JSON are half of what version 0.2 took; what is loaded is filled as well. */
const OF_COPYING: [name: string, numClasses: number, bound: number][] = [
  [FILL, 1_000_000, 6],
  [TO_BYTES, 1_000_000, 3],
  [FROM_BYTES, 1_000_000, 6],
  [TO_JSON, 100_000, 53],
  [FROM_JSON, 100_000, 99],
];

const [FEW, MANY, MOST_GROWTH] = [1000, 1_000_000, 3];

/** What is wanted, as ratios of times of one run; what was not measured is left out. */
export function keepingTargetsOf(points: readonly KeepingPoint[]): Target[] {
  const timeOf = (numClasses: number, name: string) =>
    points.find((point) => point.numClasses === numClasses)?.timings[name]?.median ?? NaN;
  const target = (text: string, measured: number, bound: number): Target[] =>
    isNaN(measured)
      ? []
      : [{subject: 'recognizer', text, measured: `${threeDigits(measured)}×`, isReached: measured <= bound}];
  return [
    ...OF_COPYING.flatMap(([name, numClasses, bound]) =>
      target(
        `${name}: at most ${bound} times ${COPY} (C = ${numClasses.toLocaleString('en')})`,
        timeOf(numClasses, name) / timeOf(numClasses, COPY),
        bound,
      ),
    ),
    ...target(
      `${REMOVE}: C = ${MANY.toLocaleString('en')} within ${MOST_GROWTH} times of C = ${FEW.toLocaleString('en')}`,
      timeOf(MANY, REMOVE) / timeOf(FEW, REMOVE),
      MOST_GROWTH,
    ),
  ];
}
