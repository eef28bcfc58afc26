import type {TopLevelSpec} from 'vega-lite';

import {COLORS} from './figures.js';

/** Shares of two groups by their score, in bins of equal width. */
export interface Histogram {
  from: number;
  to: number;
  known: number[];
  unknown: number[];
}

const BINS = 60;
/** The few lowest scores would make the rest of the picture narrow: they go into the first bin. */
const LOWEST_SHARE = 0.005;

/** `known`: scores of those that belong together, which are the higher ones. */
export function histogramOf(known: readonly number[], unknown: readonly number[]): Histogram {
  const all = [...known, ...unknown].sort((a, b) => a - b);
  const from = all[Math.floor(LOWEST_SHARE * all.length)] ?? NaN;
  const to = all.at(-1) ?? NaN;
  const shares = (values: readonly number[]) => {
    const counts = Array.from({length: BINS}, () => 0);
    for (const value of values) {
      const bin = Math.min(Math.max(Math.floor((BINS * (value - from)) / (to - from)), 0), BINS - 1);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts.map((count) => count / values.length);
  };
  return {from, to, known: shares(known), unknown: shares(unknown)};
}

type Panel = Extract<TopLevelSpec, {hconcat: unknown}>['hconcat'][number];

/** What a histogram shows, in words. */
export interface HistogramTitles {
  known: string;
  unknown: string;
  score: string;
  share: string;
}

/** Draws one: a panel of a figure. */
export function histogramPanel(
  title: string,
  histogram: Histogram,
  {known, unknown, score, share}: HistogramTitles,
): Panel {
  const {from, to} = histogram;
  const width = (to - from) / histogram.known.length;
  const groups: [string, number[]][] = [
    [known, histogram.known],
    [unknown, histogram.unknown],
  ];
  const values = groups.flatMap(([group, shares]) =>
    shares.map((value, bin) => ({group, score: from + (bin + 0.5) * width, share: value})),
  );
  return {
    title: {text: title, fontSize: 13},
    width: 340,
    height: 220,
    data: {values},
    mark: {type: 'area', interpolate: 'step', opacity: 0.6},
    encoding: {
      x: {field: 'score', type: 'quantitative', title: score, scale: {nice: false, zero: false}},
      y: {field: 'share', type: 'quantitative', stack: null, title: share, axis: {format: '%'}},
      color: {
        field: 'group',
        type: 'nominal',
        title: null,
        scale: {domain: [known, unknown], range: [COLORS.blue, COLORS.yellow]},
      },
    },
  };
}
