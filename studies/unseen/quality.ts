import {equalErrorRate, recallAt1, rocCurve} from 'tfjs-center-loss/recognition';

import type {Rows} from './embedding.js';
import type {OneShotRun} from './omniglot.js';
import type {Characters} from './pictures.js';

/** Minus the squared distance, which puts pairs in the order of the distance. */
export function likeness(a: Rows, i: number, b: Rows, j: number): number {
  let sum = 0;
  for (let d = 0; d < a.width; d++) {
    const difference = (a.values[i * a.width + d] ?? NaN) - (b.values[j * b.width + d] ?? NaN);
    sum += difference * difference;
  }
  return -sum;
}

/** The place of the most alike of some rows, the first of equal ones. */
export function mostAlike(sample: Rows, i: number, among: Rows): number {
  const count = among.values.length / among.width;
  let best = 0;
  let highest = -Infinity;
  for (let j = 0; j < count; j++) {
    const value = likeness(sample, i, among, j);
    if (value > highest) {
      [best, highest] = [j, value];
    }
  }
  return best;
}

/** The share of test pictures of Lake's runs that are named wrongly. */
export function oneShotErrors(runs: readonly {test: Rows; known: Rows; right: OneShotRun['right']}[]): number {
  const wrong = runs.map(({test, known, right}) => right.filter((own, i) => mostAlike(test, i, known) !== own).length);
  return sum(wrong) / sum(runs.map(({right}) => right.length));
}

/** Scores of all pairs of pictures of the same alphabet. */
export interface PairScores {
  /** Of the same character. */
  genuine: number[];
  /** Of two characters. */
  impostor: number[];
}

export function pairsWithinAlphabets(features: Rows, {labels, alphabets}: Omit<Characters, 'pixels'>): PairScores {
  const scores: PairScores = {genuine: [], impostor: []};
  for (let i = 0; i < labels.length; i++) {
    for (let j = i + 1; j < labels.length; j++) {
      if (alphabets[i] === alphabets[j]) {
        (labels[i] === labels[j] ? scores.genuine : scores.impostor).push(likeness(features, i, features, j));
      }
    }
  }
  return scores;
}

/** How well pictures of characters that were never seen are told apart. All are shares. */
export interface Quality {
  equalErrorRate: number;
  /** Genuine pairs that are refused where one in a hundred impostors is let in. */
  falseRejectAt1: number;
  recallAt1: number;
}

const FALSE_ACCEPT = 0.01;

export async function measureQuality(
  features: Rows,
  characters: Omit<Characters, 'pixels'>,
  {genuine, impostor}: PairScores,
): Promise<Quality> {
  const within = rocCurve(genuine, impostor).filter(({falselyAccepted}) => falselyAccepted <= FALSE_ACCEPT);
  return {
    equalErrorRate: equalErrorRate(genuine, impostor).rate,
    falseRejectAt1: 1 - Math.max(...within.map(({accepted}) => accepted)),
    recallAt1: await recallAt1(features.values, characters.labels),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
