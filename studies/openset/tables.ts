import {meanOf, summarize} from '../../demo/mnist/statistics.js';
import {percent, points} from '../numbers.js';
import type {Rows} from '../tables.js';
import {farthest} from './calibration.js';
import type {FewSamples} from './few_samples.js';
import type {Run} from './results.js';
import {RECOGNIZER_SCORES, SCORE_TITLES, SCORES} from './scores.js';
import {METHOD_TITLES, METHODS, trialsOf} from './summary.js';
import type {TrialResults} from './trial.js';

const WITHIN = 0.015;

/** A row for each training and score: mean and spread over splits and seeds. */
export function qualityRows({trials}: Run): Rows {
  return {
    head: ['training', 'score', 'accuracy', 'AUROC', 'FPR95', 'OSCR'],
    numeric: [false, false, true, true, true, true],
    body: METHODS.flatMap((method) =>
      SCORES.map((score) => {
        const results = trialsOf(trials, method).map(({scores}) => scores[score]);
        return [
          METHOD_TITLES[method],
          SCORE_TITLES[score],
          spreadCell(results.map(({accuracy}) => accuracy)),
          spreadCell(results.map(({auroc}) => auroc)),
          spreadCell(results.map(({fpr95}) => fpr95)),
          spreadCell(results.map(({oscr}) => oscr)),
        ];
      }),
    ),
  };
}

/** A row for each number of samples and way to name a picture. */
export function fewSamplesRows({trials, pixels}: Run): Rows {
  const ways: [string, FewSamples[]][] = [
    ...METHODS.flatMap((method) =>
      (['distance', 'cosine'] as const).map((by): [string, FewSamples[]] => [
        `${METHOD_TITLES[method]}, nearest center by ${by}`,
        trialsOf(trials, method).flatMap(({fewSamples}) => fewSamples[by]),
      ]),
    ),
    ['nearest picture, by distance of pixels', pixels.flatMap(({fewSamples}) => fewSamples)],
  ];
  const measured = ways.filter(([, results]) => results.length > 0);
  const counts = [...new Set(measured.flatMap(([, results]) => results.map(({samples}) => samples)))];
  return {
    head: ['samples a digit', '', 'accuracy among ten', 'of the enrolled four'],
    numeric: [true, false, true, true],
    body: counts.flatMap((count) =>
      measured.map(([title, results]) => {
        const own = results.filter(({samples}) => samples === count);
        return [
          String(count),
          title,
          spreadCell(own.map(({accuracy}) => accuracy)),
          spreadCell(own.map(({enrolledAccuracy}) => enrolledAccuracy)),
        ];
      }),
    ),
  };
}

/** A row for each share asked for: what was accepted of the test pictures of known digits. */
export function calibrationRows({trials}: Run): Rows {
  const ways = RECOGNIZER_SCORES.map((score) => ({
    score,
    shares: trialsOf(trials, 'center loss').flatMap(({calibration}) => calibration[score]),
  }));
  return {
    head: [
      'score',
      'asked',
      'one threshold: accepted',
      'farthest',
      'one a digit: accepted',
      'farthest',
      'digits within 1.5 points',
    ],
    numeric: [false, true, true, true, true, true, true],
    body: ways.flatMap(({score, shares}) =>
      [...new Set(shares.map(({asked}) => asked))].map((asked) => {
        const own = shares.filter((share) => share.asked === asked);
        const all = own.map(({accepted}) => accepted);
        const byDigit = own.flatMap(({acceptedByDigit}) => acceptedByDigit);
        const away = byDigit.map((accepted) => accepted - asked);
        return [
          SCORE_TITLES[score],
          percent(asked, 0),
          percent(meanOf(all), 2),
          points(farthest(all.map((accepted) => accepted - asked)), 2),
          percent(meanOf(byDigit), 2),
          points(farthest(away), 2),
          percent(away.filter((difference) => Math.abs(difference) <= WITHIN).length / away.length, 0),
        ];
      }),
    ),
  };
}

/** A row for each weight tried: accuracy, and the AUROC of each score. */
export function choiceRows({trials}: Run): Rows {
  const weights = [...new Set(trials.map(({lossWeight}) => lossWeight))].sort((a, b) => a - b);
  return {
    head: ['lossWeight', 'accuracy', ...SCORES.map((score) => SCORE_TITLES[score]), "mean of the recognizer's"],
    numeric: Array.from({length: 3 + SCORES.length}, () => true),
    body: weights.map((weight) => {
      const own = trials.filter(({lossWeight}) => lossWeight === weight);
      return [
        String(weight),
        spreadCell(own.map(({scores}) => scores.softmax.accuracy)),
        ...SCORES.map((score) => spreadCell(own.map(({scores}) => scores[score].auroc))),
        meanOf(own.map(({scores}) => meanOf(RECOGNIZER_SCORES.map((score) => scores[score].auroc)))).toFixed(4),
      ];
    }),
  };
}

/** One line for a trial that is done. */
export function trialLine({known, seed, lossWeight, scores}: TrialResults): string {
  const method = METHOD_TITLES[lossWeight > 0 ? 'center loss' : 'softmax'];
  const aurocs = SCORES.map((score) => `${SCORE_TITLES[score]} ${scores[score].auroc.toFixed(4)}`);
  return `${known.join('')} seed ${seed} ${method}: accuracy ${scores.softmax.accuracy.toFixed(4)}, AUROC ${aurocs.join(', ')}`;
}

function spreadCell(values: readonly number[]): string {
  const {mean, spread} = summarize(values);
  return Number.isNaN(spread) ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${spread.toFixed(4)}`;
}
