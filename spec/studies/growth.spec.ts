import {MODEL} from '../../studies/benchmark/growth.js';
import type {GrowthPoint} from '../../studies/benchmark/growth.js';
import {growthRows, growthTargetsOf} from '../../studies/benchmark/growth_tables.js';
import {kerasRows, kerasTargetsOf, readSteps} from '../../studies/benchmark/keras.js';

const pointsOf = (what: string, unit: string, medians: Record<number, number>): GrowthPoint[] =>
  Object.entries(medians).map(([size, median]) => ({
    what,
    unit,
    size: Number(size),
    timing: {median, lower: median, upper: median, samples: 5},
  }));

// From 10 to 1,000, n log n grows 300 times.
const LINEAR = pointsOf('linear', 'scores', {10: 1, 100: 10, 1000: 100});
const SQUARE = pointsOf('square', 'scores', {10: 1, 100: 100, 1000: 10_000});
const LAYERS = [
  ...pointsOf(MODEL, 'layers', {10: 1, 1000: 3000}),
  ...pointsOf('as tf.model', 'layers', {10: 2, 1000: 6000}),
  ...pointsOf('worse', 'layers', {10: 1, 1000: 30_000}),
];

test('growth is beside n log n, and beside tf.model where a model is made', () => {
  expect(growthRows([...LINEAR, ...LAYERS]).body).toEqual([
    ['linear', '10 / 100 / 1,000 scores', '1 / 10 / 100', '0.333×', ''],
    [MODEL, '10 / 1,000 layers', '1 / 3,000', '10×', ''],
    ['as tf.model', '10 / 1,000 layers', '2 / 6,000', '10×', '2× / 2×'],
    ['worse', '10 / 1,000 layers', '1 / 30,000', '100×', '1× / 10×'],
  ]);
});

test('what grows faster is missed, unless tf.model does', () => {
  expect(growthTargetsOf([...LINEAR, ...SQUARE, ...LAYERS]).map(({text, isReached}) => [text, isReached])).toEqual([
    ['linear: no worse than n log n', true],
    ['square: no worse than n log n', false],
    ['as tf.model: no worse than n log n, or than tf.model', true],
    ['worse: no worse than n log n, or than tf.model', false],
  ]);
});

test('steps of Keras are read as its script prints them', () => {
  const milliseconds = readSteps('     none    0.660   0.82\n     1000    0.800   1.00\n  1000000    0.980   1.23\n');
  const results = [{backend: 'jax', milliseconds}];
  expect(kerasRows(results)).toMatchObject({
    head: ['backend of Keras', 'without the layer', '1,000', '1,000,000', 'most / fewest'],
    body: [['jax', '0.66', '0.8', '0.98', '1.22×']],
  });
  expect(kerasTargetsOf(results).map(({isReached}) => isReached)).toEqual([false]);
});
