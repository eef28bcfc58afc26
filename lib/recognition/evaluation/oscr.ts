import {quote, ValueError} from '../../errors.js';
import {checkScores, sweep} from '../sweep.js';

/**
 * The open-set classification rate (Dhamija, Günther, Boult, *Reducing Network Agnostophobia*, NeurIPS 2018) as one
 * number: the area under the share of known samples that are accepted *and* named rightly, over the share of unknown
 * samples that are let in. By trapezoids from (0, 0), with a threshold at every score.
 *
 * @param knownScores Scores of known samples; higher means more likely known.
 * @param knownCorrect For each of them whether it was named rightly: true or false, 1 or 0.
 * @param unknownScores Scores of unknown samples.
 * @returns From 0 to 1; at most the share of known samples named rightly, and at most the AUROC.
 * @throws ValueError if a group is empty, a score is NaN, all scores are the same, or `knownCorrect` has another length.
 * @example
 * ```js
 * console.log(oscr([-1, -2, -4], [true, false, true], [-3, -5])); // 0.5
 * ```
 */
export function oscr(
  knownScores: ArrayLike<number>,
  knownCorrect: ArrayLike<boolean | number>,
  unknownScores: ArrayLike<number>,
): number {
  checkScores({knownScores, unknownScores}, 'oscr');
  if (knownCorrect.length !== knownScores.length) {
    throw new ValueError(
      `oscr: expected knownCorrect to have ${knownScores.length} values, one for each known score, ` +
        `but got ${quote(knownCorrect.length)}.`,
    );
  }
  const known = Array.from(knownScores);
  const correct = known.filter((_, i) => Boolean(knownCorrect[i]));
  const wrong = known.filter((_, i) => !knownCorrect[i]);
  // Twice the area in units of one sample by one sample, counted exactly.
  let doubledArea = 0;
  let before = [0, 0, 0];
  for (const {counts} of sweep(correct, unknownScores, wrong)) {
    const [right = 0, falselyAccepted = 0] = counts;
    const [rightBefore = 0, falselyAcceptedBefore = 0] = before;
    doubledArea += (falselyAccepted - falselyAcceptedBefore) * (right + rightBefore);
    before = counts;
  }
  return doubledArea / (2 * known.length * unknownScores.length);
}
