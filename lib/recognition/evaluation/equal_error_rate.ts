import {checkScores, sweep} from '../sweep.js';

/** Where the two errors of verification are alike. */
export interface EqualErrorRate {
  /** The mean of the two errors at the threshold, from 0 to 1; smaller is better. */
  rate: number;
  /** Pairs that score at least as much count as the same. It is a score that occurs. */
  threshold: number;
}

/**
 * Where the two errors of verification are alike: the share of different pairs that are taken for the same (false accept
 * rate), and the share of same pairs that are taken for different (false reject rate). Of the scores that occur it takes
 * as threshold the one at which the two are closest, and of equally close ones the highest. No interpolation.
 *
 * @param same Scores of pairs that are the same; higher means more alike.
 * @param different Scores of pairs that are different.
 * @throws ValueError if a group is empty, a score is NaN, or all scores are the same.
 * @example
 * ```js
 * console.log(equalErrorRate([-1, -2, -3, -5], [-4, -6, -7, -8])); // {rate: 0.25, threshold: -4}
 * ```
 */
export function equalErrorRate(same: ArrayLike<number>, different: ArrayLike<number>): EqualErrorRate {
  checkScores({same, different}, 'equalErrorRate');
  let smallest = Infinity;
  let best = {rate: NaN, threshold: NaN};
  for (const {threshold, counts} of sweep(same, different)) {
    const [accepted = 0, falselyAccepted = 0] = counts;
    const rejected = same.length - accepted;
    // Both shares times both lengths: whole numbers, whose comparison is exact.
    const difference = Math.abs(falselyAccepted * same.length - rejected * different.length);
    if (difference < smallest) {
      smallest = difference;
      best = {rate: (falselyAccepted / different.length + rejected / same.length) / 2, threshold};
    }
  }
  return best;
}
