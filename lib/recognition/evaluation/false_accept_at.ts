import {quote, ValueError} from '../../errors.js';
import {checkScores, sweep} from '../sweep.js';

/**
 * The share of unknown samples that is let in where the given share of known ones is accepted. With the default this is
 * the FPR95 of articles on unknown samples. No interpolation: of the thresholds at scores that occur it takes the highest
 * that accepts enough.
 *
 * @param known Scores of known samples; higher means more likely known.
 * @param unknown Scores of unknown samples.
 * @param accept The least share of known samples to accept, above 0 and at most 1.
 * @returns From 0 to 1; smaller is better.
 * @throws ValueError if a group is empty, a score is NaN, all scores are the same, or `accept` is out of range.
 * @example
 * ```js
 * console.log(falseAcceptAt([-1, -2, -4], [-3, -5])); // 0.5
 * console.log(falseAcceptAt([-1, -2, -4], [-3, -5], 0.6)); // 0
 * ```
 */
export function falseAcceptAt(known: ArrayLike<number>, unknown: ArrayLike<number>, accept = 0.95): number {
  checkScores({known, unknown}, 'falseAcceptAt');
  if (typeof accept !== 'number' || !(accept > 0 && accept <= 1)) {
    throw new ValueError(`falseAcceptAt: expected accept to be above 0 and at most 1, but got ${quote(accept)}.`);
  }
  const cut = sweep(known, unknown).find(({counts: [accepted = 0]}) => accepted / known.length >= accept);
  return (cut?.counts[1] ?? NaN) / unknown.length;
}
