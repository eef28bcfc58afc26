import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import {block, cssValue, onThemeChange} from '../../pages/elements.js';
import type {Frame} from '../protocol.js';

/** Beyond this many frames every second one is dropped. */
const MAX_POINTS = 1200;

type Series = [x: number[], softmax: (number | null)[], centerLoss: (number | null)[]];
type Curve = 'loss' | 'centerLoss' | 'accuracy';

/** Three curves for each of the two networks. */
export class Charts {
  private readonly charts = [
    new Chart('chart-loss', 'loss', {}),
    new Chart('chart-center-loss', 'centerLoss', {log: true}),
    new Chart('chart-accuracy', 'accuracy', {max: 1}),
  ];

  add(frame: Frame): void {
    this.charts.forEach((chart) => {
      chart.add(frame);
    });
  }
}

interface ChartOptions {
  log?: boolean;
  max?: number;
}

class Chart {
  private readonly holder: HTMLElement;
  private readonly curve: Curve;
  private readonly options: ChartOptions;
  private data: Series = [[], [], []];
  private plot: uPlot;

  constructor(id: string, curve: Curve, options: ChartOptions) {
    this.holder = block(id);
    this.curve = curve;
    this.options = options;
    this.plot = this.create();
    new ResizeObserver(() => {
      this.plot.setSize(this.size);
    }).observe(this.holder);
    onThemeChange(() => {
      this.plot.destroy();
      this.plot = this.create();
    });
  }

  add({sides: [softmax, centered], samplesSeen, samplesPlanned, epochs}: Frame): void {
    const x = (samplesSeen / samplesPlanned) * epochs;
    // Nothing is left of what comes after a point that the networks have gone back to.
    const kept = this.data[0].filter((before) => before < x).length;
    this.data = this.data.map((values) => values.slice(0, kept)) as Series;
    const [xs, ...curves] = this.data;
    xs.push(x);
    [softmax, centered].forEach((side, i) => {
      const value = side?.[this.curve] ?? NaN;
      // A logarithm has no place for the zero of the start.
      curves[i]?.push(Number.isFinite(value) && (!this.options.log || value > 0) ? value : null);
    });
    if (xs.length > MAX_POINTS) {
      this.data = this.data.map((values) => values.filter((_, i) => i % 2 === 0)) as Series;
    }
    this.plot.setData(this.data);
  }

  private get size(): {width: number; height: number} {
    return {width: this.holder.clientWidth, height: this.holder.clientHeight};
  }

  private create(): uPlot {
    const {log, max} = this.options;
    const axis: uPlot.Axis = {
      stroke: cssValue('--faint'),
      font: `11px ${cssValue('--font')}`,
      grid: {stroke: cssValue('--line'), width: 1},
      ticks: {show: false},
      gap: 2,
    };
    const spanGaps = true;
    const points = {show: false};
    return new uPlot(
      {
        ...this.size,
        padding: [6, 6, 0, 0],
        legend: {show: false},
        cursor: {show: false},
        scales: {
          x: {time: false, range: (_, min, high) => [min || 0, Math.max(high || 0, 1)]},
          y: {
            ...(log === true && {distr: 3}),
            ...(max !== undefined && {range: (_, min) => [Math.min(min, 0.9), max] as [number, number]}),
          },
        },
        axes: [
          {...axis, size: 20, space: 40},
          {
            ...axis,
            size: 38,
            space: 26,
            ...(max === 1 && {values: (_, splits) => splits.map(percent)}),
            ...(log === true && {
              splits: (_, _axis, low, high) => powersOfTen(low, high),
              filter: (_, splits) => splits,
              values: (_, splits) => splits.map(String),
            }),
          },
        ],
        series: [
          {},
          {stroke: cssValue('--softmax'), width: 1.6, dash: [5, 4], spanGaps, points},
          {stroke: cssValue('--accent'), width: 2, spanGaps, points},
        ],
      },
      this.data,
      this.holder,
    );
  }
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}

function powersOfTen(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({length: Math.max(last - first + 1, 0)}, (_, i) => Number(`1e${first + i}`));
}
