import {keepingRows, keepingTargetsOf} from '../../studies/benchmark/keeping_tables.js';
import {COPY, FILL, FROM_JSON, REMOVE} from '../../studies/benchmark/search_keeping.js';
import type {KeepingPoint} from '../../studies/benchmark/search_keeping.js';

const point = (numClasses: number, medians: Record<string, number>): KeepingPoint => ({
  numClasses,
  timings: Object.fromEntries(
    Object.entries(medians).map(([name, median]) => [name, {median, lower: median, upper: median, samples: 5}]),
  ),
});

const POINTS = [
  point(1000, {[COPY]: 0.1, [FILL]: 1, [REMOVE]: 0.002}),
  point(100_000, {[COPY]: 10, [FROM_JSON]: 1000}),
  point(1_000_000, {[COPY]: 100, [FILL]: 450, [REMOVE]: 0.005}),
];

test('what a recognizer is kept by has targets, as far as it was measured', () => {
  expect(keepingTargetsOf(POINTS).map(({text, measured, isReached}) => [text, measured, isReached])).toEqual([
    ['fromCenters: at most 6 times copying the centers (C = 1,000,000)', '4.5×', true],
    ['fromJSON: at most 99 times copying the centers (C = 100,000)', '100×', false],
    ['remove one, enrol one: C = 1,000,000 within 3 times of C = 1,000', '2.5×', true],
  ]);
  expect(keepingTargetsOf(POINTS.slice(0, 1))).toEqual([]);
});

test('it has a row for each number of classes', () => {
  expect(keepingRows(POINTS).body).toEqual([
    ['1,000', '0.100', '1.00', '0.00200', ''],
    ['100,000', '10.0', '', '', '1.00e+3'],
    ['1,000,000', '100', '450', '0.00500', ''],
  ]);
});
