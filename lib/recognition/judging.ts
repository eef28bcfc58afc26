import type {Judgement, Scored} from './calibration.js';
import type {EnrolledClasses} from './enrolled_classes.js';
import {rowOf} from './search/matrix.js';
import type {Matrix} from './search/matrix.js';
import {differentPairs, pairsInTurn, samePairs} from './pairs.js';
import type {Pair} from './pairs.js';
import {pairScore, scoresOf} from './scores.js';
import type {Score} from './scores.js';
import {nearest} from './search/nearest.js';

/** The k nearest classes of each sample, the nearest first. */
export function nearestClasses(
  {centers, labels}: EnrolledClasses,
  samples: Matrix,
  k: number,
  score: Score,
): Judgement[][] {
  return nearest(centers, samples, k, score === 'relative').map((found) => {
    const scores = scoresOf(found, score);
    return found.hits.map(({index}, rank) => ({label: labels[index] ?? '', score: scores[rank] ?? NaN}));
  });
}

export function scorePairs(first: Matrix, second: Matrix, pairs: readonly Pair[], score: Score): number[] {
  return pairs.map(([i, j]) => pairScore(rowOf(first, i), rowOf(second, j), score));
}

/** All that a calibration has to know of its samples. */
export function scoreSamples(
  classes: EnrolledClasses,
  score: Score,
  {known, labels, unknown}: {known: Matrix; labels: readonly string[]; unknown: Matrix | undefined},
): Scored {
  const judge = (samples: Matrix) => nearestClasses(classes, samples, 1, score).flat();
  return {
    known: judge(known),
    labels,
    unknown: unknown && judge(unknown),
    same: scorePairs(known, known, samePairs(labels), score),
    different: [
      ...scorePairs(known, known, differentPairs(labels), score),
      ...(unknown ? scorePairs(unknown, known, pairsInTurn(unknown.rows, known.rows), score) : []),
    ],
  };
}
