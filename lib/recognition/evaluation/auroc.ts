import {checkScores, sweep} from '../sweep.js';

/**
 * The area under the receiver operating characteristic: how likely a known sample scores above an unknown one, where
 * equal scores count as one half. 0.5 is guessing, 1 is perfect. The same as scikit-learn's `roc_auc_score`.
 *
 * @param known Scores of known samples; higher means more likely known.
 * @param unknown Scores of unknown samples.
 * @returns From 0 to 1.
 * @throws ValueError if a group is empty, a score is NaN, or all scores are the same.
 * @example
 * ```js
 * console.log(auroc([-1, -2, -4], [-3, -5])); // 0.8333333333333334
 * ```
 */
export function auroc(known: ArrayLike<number>, unknown: ArrayLike<number>): number {
  checkScores({known, unknown}, 'auroc');
  // Twice the number of pairs in which the known sample scores higher, counted exactly.
  let doubledPairs = 0;
  let before = [0, 0];
  for (const {counts} of sweep(known, unknown)) {
    const [accepted = 0, falselyAccepted = 0] = counts;
    const [acceptedBefore = 0, falselyAcceptedBefore = 0] = before;
    doubledPairs += (falselyAccepted - falselyAcceptedBefore) * (accepted + acceptedBefore);
    before = counts;
  }
  return doubledPairs / (2 * known.length * unknown.length);
}
