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
 * @throws ValueError if a group is empty, a score is NaN, all scores are the same, or `knownCorrect` has another length
 *   or other values.
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
  const given: unknown[] = Array.from(Object(knownCorrect) as ArrayLike<unknown>);
  if (given.length !== knownScores.length) {
    throw new ValueError(
      `oscr: expected knownCorrect to have ${knownScores.length} values, one for each known score, ` +
        `but got ${given.length}.`,
    );
  }
  const bad = given.findIndex((value) => typeof value !== 'boolean' && value !== 0 && value !== 1);
  if (bad >= 0) {
    throw new ValueError(
      `oscr: expected true or false, 1 or 0, but got ${quote(given[bad])} at index ${bad} of knownCorrect.`,
    );
  }
  const known = Array.from(knownScores);
  const correct = known.filter((_, i) => Boolean(given[i]));
  const wrong = known.filter((_, i) => !given[i]);
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
