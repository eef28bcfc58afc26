import Table from 'cli-table3';

import {FLOOR} from './grid.js';
import type {Point} from './grid.js';
import type {Timing} from './measure.js';
import type {BackendResults} from './run.js';
import type {Target} from './targets.js';

/** Rows of text, for the terminal and for Markdown. */
export interface Rows {
  head: string[];
  /** Columns of numbers stand to the right. */
  numeric: boolean[];
  body: string[][];
}

export function toTerminal({head, numeric, body}: Rows): string {
  const colAligns = numeric.map((isNumeric) => (isNumeric ? 'right' : 'left'));
  const table = new Table({head, colAligns, style: {head: [], border: [], compact: true}});
  table.push(...body);
  return table.toString();
}

export function toMarkdown({head, numeric, body}: Rows): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(numeric.map((isNumeric) => (isNumeric ? '--:' : '---'))), ...body.map(line)].join('\n');
}

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

export function targetRows(targets: readonly Target[]): Rows {
  return {
    head: ['backend', 'target', 'measured', ''],
    numeric: [false, false, true, false],
    body: targets.map(({backend, text, measured, format, isReached}) => [
      backend,
      text,
      format === 'percent' ? `${(100 * measured).toFixed(1)} %` : `${digits(measured)}×`,
      isReached ? 'reached' : 'missed',
    ]),
  };
}

export function fitRows(results: readonly BackendResults[]): Rows {
  const percent = ({median, lower, upper}: Timing) =>
    [median, lower, upper].map((ratio) => `${(100 * (ratio - 1)).toFixed(1)} %`) as [string, string, string];
  return {
    head: ['backend', 'network', 'without (ms)', 'with (ms)', 'added', 'quartiles', 'empty layer', 'control'],
    numeric: [false, false, true, true, true, true, true, true],
    body: results.flatMap(({backend, fitSteps}) =>
      fitSteps.map(({network, without, withLayer, ratio, emptyLayer, control}) => {
        const [added, lower, upper] = percent(ratio);
        const [emptyAdded] = percent(emptyLayer);
        const [controlAdded] = percent(control);
        return [
          backend,
          network,
          digits(without.median),
          digits(withLayer.median),
          added,
          `${lower} to ${upper}`,
          emptyAdded,
          controlAdded,
        ];
      }),
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
        digits(without),
        digits(withThreads),
        `${digits(withThreads / without)}×`,
        `${digits(control / without)}×`,
      ]),
    ),
  };
}

export function profileRows({profile}: BackendResults): Rows {
  return {
    head: ['operation', 'ms'],
    numeric: [false, true],
    body: profile.slice(0, 8).map(({name, milliseconds}) => [name, digits(milliseconds)]),
  };
}

/** The median, and by how many percent the quartiles lie around it. */
function timeCell(timing: Timing | undefined): string | undefined {
  if (!timing) {
    return undefined;
  }
  const spread = Math.round((50 * (timing.upper - timing.lower)) / timing.median);
  return `${digits(timing.median)} ±${spread} %`;
}

/** Three digits that count. */
function digits(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
