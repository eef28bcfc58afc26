import {writeFile} from 'node:fs/promises';

import type {TopLevelSpec} from 'vega-lite';

import {FONT, svgToPng} from '../demo/node/figure.js';

/** Told apart with any colour vision: M. A. Petroff, "Accessible Color Sequences" (2021). */
export const COLORS = {
  red: '#bd1f01',
  blue: '#3f90da',
  yellow: '#ffa90e',
  purple: '#832db6',
  brown: '#a96b59',
  grey: '#94a4a2',
} as const;

/** How all figures of the studies look. */
export const CONFIG: NonNullable<TopLevelSpec['config']> = {
  font: FONT,
  axis: {labelFontSize: 10, titleFontSize: 11, titleFontWeight: 'normal', gridColor: '#eee'},
  header: {labelFontSize: 13, labelFontWeight: 'bold'},
  legend: {orient: 'bottom', labelFontSize: 11, labelLimit: 400},
  view: {stroke: '#ccc'},
  background: 'white',
  padding: 14,
};

/** The title above a whole figure. */
export function figureTitle(text: string) {
  return {text, anchor: 'start', fontSize: 15, offset: 12} as const;
}

/** Writes a picture as SVG, and as PNG for pages that show no SVG. `file` is without an ending. */
export async function writePicture(file: string, svg: string): Promise<void> {
  await writeFile(`${file}.svg`, svg);
  await writeFile(`${file}.png`, svgToPng(svg));
}
