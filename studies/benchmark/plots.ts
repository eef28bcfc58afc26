import type {TopLevelSpec} from 'vega-lite';

import {toSvg} from '../../demo/node/figure.js';
import {COLORS, CONFIG, figureTitle} from '../figures.js';
import {FLOOR} from './grid.js';
import type {Point} from './grid.js';
import {ours} from './ours.js';
import type {BackendResults} from './run.js';

/** Ours first; the floor is grey. */
const CONTENDER_COLORS = [COLORS.red, COLORS.blue, COLORS.yellow, COLORS.purple, COLORS.brown];

export interface Plot {
  title: string;
  /** What grows along x; the other two stay. */
  along: 'numClasses' | 'batchSize';
  axisTitle: string;
  where: (point: Point) => boolean;
}

/** Times of all contenders, a panel for each backend, both axes logarithmic. Returns SVG. */
export async function drawPlot(
  {title, along, axisTitle, where}: Plot,
  results: readonly BackendResults[],
): Promise<string> {
  const values = results.flatMap(({backend, points}) =>
    points.filter(where).flatMap((point) =>
      Object.entries(point.timings).map(([name, {median, lower, upper}]) => ({
        backend,
        name,
        x: point[along],
        median,
        lower,
        upper,
      })),
    ),
  );
  const names = [...new Set(values.map(({name}) => name))].filter((name) => name !== ours.name && name !== FLOOR);
  const domain = [ours.name, ...names, FLOOR];
  const x = {field: 'x', type: 'quantitative', scale: {type: 'log'}, title: axisTitle} as const;
  const y = {type: 'quantitative', scale: {type: 'log'}, title: 'milliseconds a step'} as const;
  const color = {
    field: 'name',
    type: 'nominal',
    title: null,
    scale: {domain, range: [...CONTENDER_COLORS.slice(0, domain.length - 1), COLORS.grey]},
  } as const;
  const spec: TopLevelSpec = {
    title: figureTitle(title),
    data: {values},
    facet: {field: 'backend', type: 'nominal', title: null},
    spec: {
      width: 320,
      height: 260,
      layer: [
        {
          mark: {type: 'line', point: {size: 40}, strokeWidth: 2},
          encoding: {x, y: {...y, field: 'median'}, color},
        },
        {
          mark: {type: 'rule', strokeWidth: 1},
          encoding: {x, y: {...y, field: 'lower'}, y2: {field: 'upper'}, color},
        },
      ],
    },
    config: {...CONFIG, legend: {...CONFIG.legend, columns: 3}},
  };
  return toSvg(spec);
}
