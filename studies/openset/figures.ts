import {meanOf} from '../../demo/mnist/statistics.js';
import {toSvg} from '../../demo/node/figure.js';
import {COLORS, CONFIG, figureTitle} from '../figures.js';
import {histogramPanel} from '../histogram.js';
import {ROC_GRID} from './quality.js';
import type {Run} from './results.js';
import {TARGET_SCORE, SCORE_TITLES} from './scores.js';
import type {ScoreName} from './scores.js';
import {METHOD_TITLES, METHODS, trialsOf} from './summary.js';
import type {Method} from './summary.js';

/** What the ROC curves compare. */
const CURVES: readonly {method: Method; score: ScoreName; color: string}[] = [
  {method: 'softmax', score: 'softmax', color: COLORS.grey},
  {method: 'softmax', score: TARGET_SCORE, color: COLORS.blue},
  {method: 'center loss', score: TARGET_SCORE, color: COLORS.red},
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
    title: figureTitle('Known or unknown?'),
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
      color: {
        field: 'curve',
        type: 'nominal',
        title: null,
        scale: {domain: titles, range: CURVES.map(({color}) => color)},
      },
    },
    config: {...CONFIG, legend: {...CONFIG.legend, columns: 1}},
  });
}

/** The plainest one: how far a picture is from the nearest center. */
const SHOWN_SCORE = 'distance';

/** How often known and unknown test pictures get a score, without and with center loss: the first training of each. */
export async function drawHistograms({trials}: Run): Promise<string> {
  return toSvg({
    title: figureTitle(`Known and unknown digits by their score ${SCORE_TITLES[SHOWN_SCORE]}`),
    hconcat: METHODS.flatMap((method) =>
      trialsOf(trials, method)
        .slice(0, 1)
        .map(({scores}) =>
          histogramPanel(METHOD_TITLES[method], scores[SHOWN_SCORE].histogram, {
            known: 'known digits',
            unknown: 'unknown digits',
            score: 'score (right: nearer to a center)',
            share: 'share of the pictures',
          }),
        ),
    ),
    config: CONFIG,
  });
}
