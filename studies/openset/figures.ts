import type {TopLevelSpec} from 'vega-lite';

import {meanOf} from '../../demo/mnist/statistics.js';
import {FONT, toSvg} from '../../demo/node/figure.js';
import {ROC_GRID} from './quality.js';
import type {Histogram} from './quality.js';
import type {Run} from './results.js';
import {TARGET_SCORE, SCORE_TITLES} from './scores.js';
import type {ScoreName} from './scores.js';
import {METHOD_TITLES, METHODS, trialsOf} from './summary.js';
import type {Method} from './summary.js';

/** Told apart with any colour vision: M. A. Petroff, "Accessible Color Sequences" (2021). */
const COLORS = ['#94a4a2', '#3f90da', '#bd1f01'];
const KNOWN_COLOR = '#3f90da';
const UNKNOWN_COLOR = '#ffa90e';

const CONFIG: NonNullable<TopLevelSpec['config']> = {
  font: FONT,
  axis: {labelFontSize: 10, titleFontSize: 11, titleFontWeight: 'normal', gridColor: '#eee'},
  header: {labelFontSize: 13, labelFontWeight: 'bold'},
  legend: {orient: 'bottom', labelFontSize: 11, labelLimit: 400},
  view: {stroke: '#ccc'},
};

/** What the ROC curves compare. */
const CURVES: readonly {method: Method; score: ScoreName}[] = [
  {method: 'softmax', score: 'softmax'},
  {method: 'softmax', score: TARGET_SCORE},
  {method: 'center loss', score: TARGET_SCORE},
];

/** Known pictures accepted against unknown ones let in: the mean of all trainings. */
export async function drawRocCurves({trials}: Run): Promise<string> {
  const titles = CURVES.map(({method, score}) => `${METHOD_TITLES[method]}, ${SCORE_TITLES[score]}`);
  const values = CURVES.flatMap(({method, score}, curve) =>
    ROC_GRID.map((letIn, index) => ({
      curve: titles[curve],
      letIn,
      accepted: meanOf(trialsOf(trials, method).map(({scores}) => scores[score].roc[index] ?? NaN)),
    })),
  );
  return toSvg({
    title: {text: 'Known or unknown?', anchor: 'start', fontSize: 15, offset: 12},
    data: {values},
    width: 500,
    height: 300,
    mark: {type: 'line', strokeWidth: 2, clip: true},
    encoding: {
      x: {
        field: 'letIn',
        type: 'quantitative',
        title: 'unknown pictures let in',
        axis: {format: '%'},
      },
      y: {
        field: 'accepted',
        type: 'quantitative',
        title: 'known pictures accepted',
        scale: {domain: [0.5, 1]},
        axis: {format: '%'},
      },
      color: {field: 'curve', type: 'nominal', title: null, scale: {domain: titles, range: COLORS}},
    },
    background: 'white',
    padding: 14,
    config: {...CONFIG, legend: {...CONFIG.legend, columns: 1}},
  });
}

/** The plainest one: how far a picture is from the nearest center. */
const SHOWN_SCORE = 'distance';

/** How often known and unknown test pictures get a score, without and with center loss: the first training of each. */
export async function drawHistograms({trials}: Run): Promise<string> {
  const panels = METHODS.map((method) => {
    const [first] = trialsOf(trials, method);
    return {title: METHOD_TITLES[method], values: first ? bins(first.scores[SHOWN_SCORE].histogram) : []};
  });
  return toSvg({
    title: {
      text: `Known and unknown digits by their score ${SCORE_TITLES[SHOWN_SCORE]}`,
      anchor: 'start',
      fontSize: 15,
      offset: 12,
    },
    hconcat: panels.map(({title, values}) => ({
      title: {text: title, fontSize: 13},
      width: 340,
      height: 220,
      data: {values},
      mark: {type: 'area', interpolate: 'step', opacity: 0.6},
      encoding: {
        x: {
          field: 'score',
          type: 'quantitative',
          title: 'score (right: nearer to a center)',
          scale: {nice: false, zero: false},
        },
        y: {
          field: 'share',
          type: 'quantitative',
          stack: null,
          title: 'share of the pictures',
          axis: {format: '%'},
        },
        color: {
          field: 'group',
          type: 'nominal',
          title: null,
          scale: {domain: ['known digits', 'unknown digits'], range: [KNOWN_COLOR, UNKNOWN_COLOR]},
        },
      },
    })),
    background: 'white',
    padding: 14,
    config: CONFIG,
  });
}

function bins({from, to, known, unknown}: Histogram) {
  const width = (to - from) / known.length;
  const groups: [string, number[]][] = [
    ['known digits', known],
    ['unknown digits', unknown],
  ];
  return groups.flatMap(([group, shares]) =>
    shares.map((share, bin) => ({group, score: from + (bin + 0.5) * width, share})),
  );
}
