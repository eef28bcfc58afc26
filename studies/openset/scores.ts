import type {Recognizer} from 'tfjs-center-loss/recognition';
import type {Predictions} from '../../demo/mnist/evaluation.js';

/** Scores of the logits. */
const LOGIT_SCORES = ['softmax', 'logit'] as const;
/** Scores of the package's recognizer, which looks at the features. */
export const RECOGNIZER_SCORES = ['distance', 'relative', 'cosine'] as const;
/** Higher means more likely known. */
export const SCORES = [...LOGIT_SCORES, ...RECOGNIZER_SCORES] as const;
/** The recognizer's, where none is asked for: it does not change when classes come and go. */
export const DEFAULT_SCORE = 'distance';
/** The best one for classes that stay, as here. Targets are measured with it. */
export const TARGET_SCORE = 'relative';
/** How it finds the nearest center. */
export const DEFAULT_NEAREST = 'distance';

export type RecognizerScore = (typeof RECOGNIZER_SCORES)[number];
export type ScoreName = (typeof SCORES)[number];

export const SCORE_TITLES: Readonly<Record<ScoreName, string>> = {
  softmax: 'maximum of softmax',
  logit: 'maximum logit',
  distance: "'distance'",
  relative: "'relative'",
  cosine: "'cosine'",
};

/** What a score makes of some pictures: for each its value, and the digit that it names. */
export interface Scored {
  values: number[];
  digits: number[];
}

/** Scores pictures by the logits of the known digits: the maximum of softmax, and the maximum itself. */
export async function scoreLogits(
  {logits, classIds}: Predictions,
  known: readonly number[],
): Promise<Record<(typeof LOGIT_SCORES)[number], Scored>> {
  const rows = await logits.array();
  const digits = Array.from(await classIds.data(), (classId) => known[classId] ?? NaN);
  return {
    softmax: {values: rows.map(logOfMaxSoftmax), digits},
    logit: {values: rows.map((row) => Math.max(...row)), digits},
  };
}

/** Scores pictures by the nearest center. The recognizer's labels are digits. */
export async function scoreFeatures(recognizer: Recognizer, {features}: Predictions): Promise<Scored> {
  const nearest = (await recognizer.identify(features, {k: 1})).map((identification) => identification.nearest[0]);
  return {
    values: nearest.map((best) => best?.score ?? NaN),
    digits: nearest.map((best) => Number(best?.label)),
  };
}

/**
 * Its logarithm, which puts the pictures in the same order. The maximum itself rounds to 1 for the surest pictures,
 * which would make them equal.
 */
function logOfMaxSoftmax(logits: readonly number[]): number {
  const highest = logits.indexOf(Math.max(...logits));
  const others = logits.filter((_, classId) => classId !== highest);
  return -Math.log1p(others.reduce((sum, logit) => sum + Math.exp(logit - (logits[highest] ?? NaN)), 0));
}
