import {createRequire} from 'node:module';

import {Resvg} from '@resvg/resvg-js';
import {parse, View} from 'vega';
import {compile} from 'vega-lite';
import type {TopLevelSpec} from 'vega-lite';

import {DIGIT_COLORS} from '../mnist/colors.js';

type Panel = Extract<TopLevelSpec, {hconcat: unknown}>['hconcat'][number];

/** The one font that `svgToPng` has. */
export const FONT = 'DejaVu Sans';
const PANEL_SIZE = 400;
const PNG_SCALE = 2;

export interface FigurePanel {
  title: string;
  subtitle: string[];
  /** 2-D, with the digit of each. */
  features: number[][];
  labels: number[];
  /** 2-D, one for every digit. */
  centers: number[][];
}

/** Panels side by side: features as points, centers as numbered circles. Returns SVG. */
export async function drawFigure(title: string, panels: readonly FigurePanel[]): Promise<string> {
  const spec: TopLevelSpec = {
    title: {text: title, anchor: 'middle', fontSize: 17, offset: 18},
    hconcat: panels.map(drawPanel),
    spacing: 36,
    background: 'white',
    padding: 16,
    config: {
      font: FONT,
      title: {fontSize: 14, subtitleFontSize: 12, subtitleColor: '#555', subtitlePadding: 6},
      axis: {labelFontSize: 10, titleFontSize: 11, titleFontWeight: 'normal', gridColor: '#eee'},
      legend: {labelFontSize: 12, titleFontSize: 12},
      view: {stroke: '#ccc'},
    },
  };
  return toSvg(spec);
}

/** Draws without a browser. */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), {renderer: 'none'});
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The fonts come from a package: a machine without a screen may have none. */
export function svgToPng(svg: string): Buffer {
  const require = createRequire(import.meta.url);
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
    require.resolve(`dejavu-fonts-ttf/ttf/${file}`),
  );
  return new Resvg(svg, {
    font: {fontFiles, loadSystemFonts: false, defaultFontFamily: FONT},
    fitTo: {mode: 'zoom', value: PNG_SCALE},
  })
    .render()
    .asPng();
}

function drawPanel({title, subtitle, features, labels, centers}: FigurePanel): Panel {
  const points = features.map(([x = NaN, y = NaN], index) => ({x, y, digit: labels[index]}));
  const numbers = centers.map(([x = NaN, y = NaN], digit) => ({x, y, digit}));
  const {x, y} = squareAround([...points, ...numbers]);
  const position = {
    x: {field: 'x', type: 'quantitative', scale: {domain: x, nice: false}, title: 'feature 1'},
    y: {field: 'y', type: 'quantitative', scale: {domain: y, nice: false}, title: 'feature 2'},
  } as const;
  const color = {
    field: 'digit',
    type: 'nominal',
    scale: {domain: [...DIGIT_COLORS.keys()], range: [...DIGIT_COLORS]},
  } as const;
  return {
    title: {text: title, subtitle},
    width: PANEL_SIZE,
    height: PANEL_SIZE,
    layer: [
      {
        data: {values: points},
        mark: {type: 'circle', size: 14, opacity: 0.65},
        encoding: {
          ...position,
          color: {
            ...color,
            legend: {title: 'digit', symbolSize: 110, symbolOpacity: 1},
          },
        },
      },
      {
        data: {values: numbers},
        mark: {type: 'circle', size: 330, fill: 'white', opacity: 1, strokeWidth: 3},
        encoding: {...position, stroke: color},
      },
      {
        data: {values: numbers},
        mark: {type: 'text', fontSize: 13, fontWeight: 'bold', color: 'black', dy: 1},
        encoding: {...position, text: {field: 'digit'}},
      },
    ],
  };
}

interface Point {
  x: number;
  y: number;
}

/** The same scale along x and y, so that distances in the figure are distances between features. */
function squareAround(points: readonly Point[]): {x: [number, number]; y: [number, number]} {
  const extent = (values: number[]) => ({min: Math.min(...values), max: Math.max(...values)});
  const x = extent(points.map((point) => point.x));
  const y = extent(points.map((point) => point.y));
  const half = 0.53 * Math.max(x.max - x.min, y.max - y.min);
  const around = ({min, max}: {min: number; max: number}): [number, number] => [
    (min + max) / 2 - half,
    (min + max) / 2 + half,
  ];
  return {x: around(x), y: around(y)};
}
