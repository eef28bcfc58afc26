import {checkScores, sweep} from '../sweep.js';

/** One choice of a threshold, and what it costs. */
export interface RocPoint {
  /** What scores at least as much is accepted. The first of a curve is Infinity: it accepts nothing. */
  threshold: number;
  /** The share of known samples that is accepted: the true positive rate. */
  accepted: number;
  /** The share of unknown samples that is let in: the false positive rate. */
  falselyAccepted: number;
}

/**
 * The receiver operating characteristic: every choice that a threshold leaves, from accepting nothing to accepting
 * everything. scikit-learn's `roc_curve` with `drop_intermediate=False` gives the same.
 *
 * @param known Scores of known samples; higher means more likely known.
 * @param unknown Scores of unknown samples.
 * @returns A point at Infinity and one for each score that occurs, the highest first.
 * @throws ValueError if a group is empty, a score is NaN, or all scores are the same.
 * @example
 * ```js
 * const curve = rocCurve([-1, -2], [-3, -4]);
 * console.log(curve.map(({threshold}) => threshold)); // [Infinity, -1, -2, -3, -4]
 * console.log(curve[2]); // {threshold: -2, accepted: 1, falselyAccepted: 0}
 * ```
 */
export function rocCurve(known: ArrayLike<number>, unknown: ArrayLike<number>): RocPoint[] {
  checkScores({known, unknown}, 'rocCurve');
  const points = sweep(known, unknown).map(({threshold, counts: [accepted = 0, falselyAccepted = 0]}) => ({
    threshold,
    accepted: accepted / known.length,
    falselyAccepted: falselyAccepted / unknown.length,
  }));
  return [{threshold: Infinity, accepted: 0, falselyAccepted: 0}, ...points];
}
