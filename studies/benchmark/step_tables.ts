import {percent, threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import {FLOOR} from './grid.js';
import type {Point} from './grid.js';
import type {Timing} from './measure.js';
import type {BackendResults} from './run.js';

/** Milliseconds of a step of each contender. */
export function gridRows(points: readonly Point[]): Rows {
  const names = [
    ...new Set(points.flatMap(({timings, skipped}) => [...Object.keys(timings), ...Object.keys(skipped)])),
  ];
  const ordered = [...names.filter((name) => name !== FLOOR), ...names.filter((name) => name === FLOOR)];
  return {
    head: ['C', 'D', 'B', ...ordered],
    numeric: [true, true, true, ...ordered.map(() => true)],
    body: points.map((point) => [
      point.numClasses.toLocaleString('en'),
      String(point.featureDim),
      String(point.batchSize),
      ...ordered.map((name) => timeCell(point.timings[name]) ?? point.skipped[name] ?? ''),
    ]),
  };
}

export function fitRows(results: readonly BackendResults[]): Rows {
  const added = (ratio: number) => percent(ratio - 1, 1);
  return {
    head: ['backend', 'network', 'without (ms)', 'with (ms)', 'added', 'quartiles', 'empty layer', 'control'],
    numeric: [false, false, true, true, true, true, true, true],
    body: results.flatMap(({backend, fitSteps}) =>
      fitSteps.map(({network, without, withLayer, ratio, emptyLayer, control}) => [
        backend,
        network,
        threeDigits(without.median),
        threeDigits(withLayer.median),
        added(ratio.median),
        `${added(ratio.lower)} to ${added(ratio.upper)}`,
        added(emptyLayer.median),
        added(control.median),
      ]),
    ),
  };
}

/** What a step costs with threads, as a multiple of what it costs without. */
export function threadsRows(results: readonly BackendResults[]): Rows {
  return {
    head: ['C', 'D', 'B', 'without (ms)', 'with (ms)', 'with / without', 'control'],
    numeric: [true, true, true, true, true, true, true],
    body: results.flatMap(({threads = []}) =>
      threads.map(({numClasses, featureDim, batchSize, without, withThreads, control}) => [
        numClasses.toLocaleString('en'),
        String(featureDim),
        String(batchSize),
        threeDigits(without),
        threeDigits(withThreads),
        `${threeDigits(withThreads / without)}×`,
        `${threeDigits(control / without)}×`,
      ]),
    ),
  };
}

export function profileRows({profile}: BackendResults): Rows {
  return {
    head: ['operation', 'ms'],
    numeric: [false, true],
    body: profile.slice(0, 8).map(({name, milliseconds}) => [name, threeDigits(milliseconds)]),
  };
}

/** The median, and by how many percent the quartiles lie around it. */
function timeCell(timing: Timing | undefined): string | undefined {
  if (!timing) {
    return undefined;
  }
  const spread = Math.round((50 * (timing.upper - timing.lower)) / timing.median);
  return `${threeDigits(timing.median)} ±${spread} %`;
}

export function firstStepRows(results: readonly BackendResults[]): Rows {
  return {
    head: [
      'backend',
      'without (ms)',
      'with (ms)',
      'with / without',
      'compiled without',
      'compiled with',
      'run in a step without',
      'run in a step with',
    ],
    numeric: [false, true, true, true, true, true, true, true],
    body: results.flatMap(({backend, firstSteps}) =>
      firstSteps
        ? [
            [
              backend,
              threeDigits(firstSteps.without.milliseconds),
              threeDigits(firstSteps.withLayer.milliseconds),
              `${threeDigits(firstSteps.withLayer.milliseconds / firstSteps.without.milliseconds)}×`,
              ...[firstSteps.without.compiled, firstSteps.withLayer.compiled].map(String),
              ...[firstSteps.without.perStep, firstSteps.withLayer.perStep].map(String),
            ],
          ]
        : [],
    ),
  };
}
