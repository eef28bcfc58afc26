import type {TopLevelSpec} from 'vega-lite';

import {FONT, toSvg} from '../../demo/node/figure.js';
import {FLOOR} from './grid.js';
import type {Point} from './grid.js';
import {ours} from './ours.js';
import type {BackendResults} from './run.js';

/** Told apart with any colour vision: M. A. Petroff, "Accessible Color Sequences" (2021); the floor is grey. */
const COLORS = ['#bd1f01', '#3f90da', '#ffa90e', '#832db6', '#a96b59'];
const FLOOR_COLOR = '#94a4a2';

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
    scale: {domain, range: [...COLORS.slice(0, domain.length - 1), FLOOR_COLOR]},
  } as const;
  const spec: TopLevelSpec = {
    title: {text: title, anchor: 'start', fontSize: 15, offset: 12},
    data: {values},
    facet: {field: 'backend', type: 'nominal', title: null, header: {labelFontSize: 13, labelFontWeight: 'bold'}},
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
    background: 'white',
    padding: 14,
    config: {
      font: FONT,
      axis: {labelFontSize: 10, titleFontSize: 11, titleFontWeight: 'normal', gridColor: '#eee'},
      legend: {orient: 'bottom', labelFontSize: 11, labelLimit: 400, columns: 3},
      view: {stroke: '#ccc'},
    },
  };
  return toSvg(spec);
}
