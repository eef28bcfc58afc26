import {chanceOfFewer} from './binomial.js';

/** Rounding of a product of a share and a count. */
const ROUNDING = 1e-9;

/**
 * How far one can rely on a threshold. With the k-th highest of n scores as threshold, the share of new samples that is accepted has
 * the distribution Beta(k, n + 1 - k) over calibrations, whatever the scores look like: all follows from that.
 */
export interface Assurance {
  /** By how many samples, or pairs, the threshold was chosen. */
  samples: number;
  /** How many it takes at least for what was asked; Infinity if no number is enough, as to accept all. */
  needed: number;
  /**
   * How likely it is, over the draw of these samples, that of new ones at least the share `accept` is accepted, or at most the
   * share `falseAccept`. Scores that are equal can only make it likelier.
   */
  confidence: number;
  /** The share of new samples that is accepted, or falsely accepted, on average over calibrations. */
  expected: number;
}

/** What is asked of a threshold. */
export interface Wish {
  /** Above 0. Of known samples to accept; of unknown ones to refuse. */
  share: number;
  /** With which probability over calibrations; undefined: on average over them. */
  confidence: number | undefined;
}

/**
 * Which one of so many scores, counted from the end where most are, has the share that is asked for on its side: for a new sample,
 * that is the quantile of split conformal prediction, which counts it among the n + 1; with confidence, a tolerance limit.
 *
 * @returns At least 1; one more than there are scores, if they are too few.
 */
export function rankFor(samples: number, {share, confidence}: Wish): number {
  if (confidence === undefined) {
    return Math.max(1, Math.ceil((samples + 1) * share - ROUNDING));
  }
  let [tooLow, enough] = [0, samples + 1];
  while (enough - tooLow > 1) {
    const middle = Math.floor((tooLow + enough) / 2);
    if (chanceOfFewer(middle, samples, share) < confidence) {
      tooLow = middle;
    } else {
      enough = middle;
    }
  }
  return enough;
}

/** @param expected Of new samples, the share accepted on average. */
export function assuranceOf(samples: number, rank: number, expected: number, {share, confidence}: Wish): Assurance {
  const needed =
    confidence === undefined
      ? (share - ROUNDING) / (1 - share)
      : Math.abs(Math.log1p(-confidence) / Math.log(share)) - ROUNDING;
  return {
    samples,
    needed: Math.max(1, Math.ceil(needed)),
    confidence: chanceOfFewer(rank, samples, share),
    expected,
  };
}

/** A threshold, and how far one can rely on it. */
export interface Chosen {
  threshold: number;
  assurance: Assurance;
}

/** The highest threshold that accepts what is wished of samples like these; the lowest score, if they are too few. */
export function thresholdToAccept(scores: readonly number[], wish: Wish): Chosen {
  const ascending = Float64Array.from(scores).sort();
  const {length} = ascending;
  const rank = Math.min(rankFor(length, wish), length);
  return {
    threshold: ascending[length - rank] ?? NaN,
    assurance: assuranceOf(length, rank, rank / (length + 1), wish),
  };
}

/** The lowest threshold that refuses what is wished of samples like these; next above the highest score, if they are too few. */
export function thresholdToRefuse(scores: readonly number[], wish: Wish): Chosen {
  const ascending = Float64Array.from(scores).sort();
  const {length} = ascending;
  const isOnAverage = wish.confidence === undefined;
  // On average, the highest that stays out is one below a score that is let in, and that score is the threshold.
  const stayOut = Math.min(rankFor(length, wish) - Number(isOnAverage), length);
  // What is equal to the best that has to stay out has to stay out as well.
  const best = ascending[stayOut - 1] ?? -Infinity;
  const above = isOnAverage ? ascending.find((score) => score > best) : undefined;
  const letIn = Math.max(1, length - stayOut + Number(!isOnAverage));
  return {
    threshold: above ?? nextAbove(best),
    assurance: assuranceOf(length, stayOut, letIn / (length + 1), wish),
  };
}

/** The next number of double precision. */
function nextAbove(value: number): number {
  const number = Float64Array.of(value + 0);
  const bits = new BigInt64Array(number.buffer);
  bits[0] = (bits[0] ?? 0n) + (value < 0 ? -1n : 1n);
  return number[0] ?? NaN;
}
