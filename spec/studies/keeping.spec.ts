import {importRows, importTargetsOf} from '../../studies/benchmark/imports.js';
import {lastLine} from '../../studies/benchmark/keras.js';
import {keepingRows, keepingTargetsOf} from '../../studies/benchmark/keeping_tables.js';
import {memoryRows, memoryTargetsOf} from '../../studies/benchmark/memory.js';
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
    ['1,000', '0.1', '1', '0.002', ''],
    ['100,000', '10', '', '', '1,000'],
    ['1,000,000', '100', '450', '0.005', ''],
  ]);
});

test('memory is beside that of the centers, and a target of the most classes', () => {
  const points = [
    {numClasses: 1000, width: 50, bytes: 400_000},
    {numClasses: 2000, width: 50, bytes: 520_000},
    {numClasses: 2000, width: 100, bytes: 1_048_000},
  ];
  expect(memoryRows(points).body).toEqual([
    ['1,000', '50', '0.4', '2×'],
    ['2,000', '50', '0.52', '1.3×'],
    ['2,000', '100', '1.05', '1.31×'],
  ]);
  expect(memoryTargetsOf(points).map(({text, measured, isReached}) => [text, measured, isReached])).toEqual([
    ['memory: at most 1.3 times the centers (C = 2,000, D = 50)', '1.3×', true],
    ['memory: at most 1.3 times the centers (C = 2,000, D = 100)', '1.31×', false],
  ]);
});

test('an import is beside that of TensorFlow.js, where it comes before', () => {
  const times = [
    {entry: 'main', milliseconds: 20.1, tensorflow: 250},
    {entry: 'ops', milliseconds: 20, tensorflow: 250},
    {entry: 'alone', milliseconds: 30},
  ];
  expect(importRows(times).body).toEqual([
    ['`main`', '20.1', '250'],
    ['`ops`', '20', '250'],
    ['`alone`', '30', 'none'],
  ]);
  expect(importTargetsOf(times).map(({isReached}) => isReached)).toEqual([false, true]);
});

test('a backend of Keras that fails is left out with the error that Python ends with', () => {
  const failed = Object.assign(new Error('Command failed'), {stderr: "Traceback:\n  line\nNo module named 'jax'\n"});
  expect(lastLine(failed)).toBe("No module named 'jax'");
  expect(lastLine(new Error('spawn python9 ENOENT'))).toBe('spawn python9 ENOENT');
});
