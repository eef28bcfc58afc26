import {meanOf} from '../../demo/mnist/statistics.js';
import {percent, points} from '../numbers.js';
import type {Target} from '../targets.js';
import {farthest} from './calibration.js';
import {distinct} from './digit_features.js';
import type {NetworkName} from './networks.js';
import type {Run} from './results.js';
import {DEFAULT_NEAREST, DEFAULT_SCORE, SCORES, TARGET_SCORE} from './scores.js';
import {measureOf, METHODS, trialsOf} from './summary.js';
import type {FewSamples} from './few_samples.js';

type Measured = Omit<Target, 'subject'>;

const MINUTES = 25;

export function targetsOf(network: NetworkName, run: Run): Target[] {
  return [
    ...(network === 'dense' ? denseTargets(run) : convolutionalTargets(run)),
    ...fewSamplesTargets(run),
    ...calibrationTargets(run),
  ].map((target) => ({subject: network, ...target}));
}

/** With turned and mirrored copies as classes of their own. */
export function turnedTargetsOf(network: NetworkName, run: Run): Target[] {
  const ofNetwork = network === 'dense' ? fewSamplesTargets(run) : convolutionalTurnedTargets(run);
  return ofNetwork.map((target) => ({subject: `${network}, turned and mirrored copies`, ...target}));
}

function convolutionalTurnedTargets({trials}: Run): Measured[] {
  const enrolled = METHODS.map((method) =>
    meanOf(
      trialsOf(trials, method)
        .flatMap(({fewSamples}) => fewSamples[DEFAULT_NEAREST])
        .filter(({samples}) => samples === 5)
        .map(({enrolledAccuracy}) => enrolledAccuracy),
    ),
  );
  const [alone = NaN, withCenterLoss = NaN] = enrolled;
  const auroc = measureOf(trials, 'center loss', TARGET_SCORE, 'auroc');
  return [
    {
      text: 'of four digits enrolled with five samples at least as many named rightly as by softmax alone',
      measured: `${percent(withCenterLoss, 2)} and ${percent(alone, 2)}`,
      isReached: withCenterLoss >= alone,
    },
    {text: 'AUROC of at least 0.995', measured: auroc.toFixed(4), isReached: auroc >= 0.995},
  ];
}

function denseTargets({trials, wallSeconds, cpuSeconds, workers, load}: Run): Measured[] {
  const auroc = measureOf(trials, 'center loss', TARGET_SCORE, 'auroc');
  const ofSoftmax = measureOf(trials, 'softmax', 'softmax', 'auroc');
  const overSoftmax = auroc - ofSoftmax;
  const byDefault = measureOf(trials, 'center loss', DEFAULT_SCORE, 'auroc') - ofSoftmax;
  const overBest = auroc - Math.max(...SCORES.map((score) => measureOf(trials, 'softmax', score, 'auroc')));
  const fpr95 = measureOf(trials, 'center loss', TARGET_SCORE, 'fpr95');
  const lessFpr95 = 1 - fpr95 / measureOf(trials, 'softmax', 'softmax', 'fpr95');
  return [
    {
      text: 'AUROC with center loss at least 2 points above the maximum of softmax of softmax alone',
      measured: points(overSoftmax, 3),
      isReached: overSoftmax >= 0.02,
    },
    {
      text: "the same with the recognizer's default, 'distance'",
      measured: points(byDefault, 3),
      isReached: byDefault >= 0.02,
    },
    {
      text: 'at least 1 point above the best score of softmax alone',
      measured: points(overBest, 3),
      isReached: overBest >= 0.01,
    },
    {
      text: 'FPR95 at least 30 % lower than the maximum of softmax of softmax alone',
      measured: `${percent(lessFpr95, 1)} lower`,
      isReached: lessFpr95 >= 0.3,
    },
    {
      text: `the whole run within ${MINUTES} minutes on two idle cores, by the processor time of each`,
      measured: `${(cpuSeconds / 60 / workers).toFixed(1)} min (took ${(wallSeconds / 60).toFixed(1)} min under a load of ${load.toFixed(1)})`,
      isReached: cpuSeconds / workers <= 60 * MINUTES,
    },
  ];
}

function convolutionalTargets({trials}: Run): Measured[] {
  const auroc = measureOf(trials, 'center loss', TARGET_SCORE, 'auroc');
  const oscr = measureOf(trials, 'center loss', TARGET_SCORE, 'oscr');
  return [
    {text: 'AUROC of at least 0.992', measured: auroc.toFixed(4), isReached: auroc >= 0.992},
    {text: 'OSCR of at least 0.99', measured: oscr.toFixed(4), isReached: oscr >= 0.99},
    {text: 'aim: AUROC of 0.996', measured: auroc.toFixed(4), isReached: auroc >= 0.996},
  ];
}

function fewSamplesTargets({trials, pixels}: Run): Measured[] {
  const errorWithFive = (results: readonly FewSamples[]) =>
    1 - meanOf(results.filter(({samples}) => samples === 5).map(({accuracy}) => accuracy));
  const errorOfCenters = errorWithFive(
    trialsOf(trials, 'center loss').flatMap(({fewSamples}) => fewSamples[DEFAULT_NEAREST]),
  );
  const lessError = 1 - errorOfCenters / errorWithFive(pixels.flatMap(({fewSamples}) => fewSamples));
  return [
    {
      text: 'with five samples a digit at most half the errors of the nearest picture',
      measured: `${percent(lessError, 1)} fewer`,
      isReached: lessError >= 0.5,
    },
  ];
}

function calibrationTargets({trials}: Run): Measured[] {
  const shares = trialsOf(trials, 'center loss').flatMap(({calibration}) => calibration[TARGET_SCORE]);
  const all = farthest(shares.map(({asked, accepted}) => accepted - asked));
  const byDigit = trialsOf(trials, 'center loss').flatMap(({known, calibration}) =>
    calibration[TARGET_SCORE].flatMap(({asked, acceptedByDigit}) =>
      distinct(known).map((digit, index) => ({digit, asked, difference: (acceptedByDigit[index] ?? NaN) - asked})),
    ),
  );
  const meansByDigit = byDigit.map(({digit, asked}) =>
    meanOf(byDigit.filter((one) => one.digit === digit && one.asked === asked).map(({difference}) => difference)),
  );
  const meanDigit = farthest(meansByDigit);
  return [
    {
      text: 'accepted share of new known pictures within 1.5 points of what was asked, in every training',
      measured: `at most ${points(all, 3)} away`,
      isReached: all <= 0.015,
    },
    {
      text: 'the same for every digit, with a threshold for each, on average over the trainings',
      measured: `at most ${points(meanDigit, 3)} away`,
      isReached: meanDigit <= 0.015,
    },
  ];
}
