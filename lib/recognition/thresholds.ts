/** Rounding of a product of a share and a count. */
const ROUNDING = 1e-9;

/**
 * The threshold that accepts new samples with at least the given probability, if they come from where the given ones do:
 * the quantile of split conformal prediction, which counts the new sample among the n + 1.
 *
 * @param share Above 0, at most 1.
 * @returns A score that occurs; undefined if there are too few to promise that much.
 */
export function thresholdToAccept(scores: readonly number[], share: number): number | undefined {
  const rank = Math.ceil((scores.length + 1) * share - ROUNDING);
  return descending(scores)[rank - 1];
}

/** As `thresholdToAccept`; the lowest score where there are too few to promise that much. */
export function thresholdToAcceptMost(scores: readonly number[], share: number): number {
  return thresholdToAccept(scores, share) ?? descending(scores).at(-1) ?? NaN;
}

/**
 * The lowest threshold that lets in new samples with at most the given probability, by the same count as
 * `thresholdToAccept`. With too few scores to promise that little it is next above the highest.
 *
 * @param share At least 0, below 1.
 */
export function thresholdToRefuse(scores: readonly number[], share: number): number {
  const sorted = descending(scores);
  const letIn = Math.floor((scores.length + 1) * share + ROUNDING);
  // What is equal to the best that has to stay out has to stay out as well.
  const mustStayOut = sorted[letIn] ?? -Infinity;
  const above = sorted.filter((score) => score > mustStayOut).at(-1);
  return above ?? nextAbove(mustStayOut);
}

function descending(scores: readonly number[]): number[] {
  return [...scores].sort((a, b) => b - a);
}

/** The next number of double precision. */
function nextAbove(value: number): number {
  const number = Float64Array.of(value + 0);
  const bits = new BigInt64Array(number.buffer);
  bits[0] = (bits[0] ?? 0n) + (value < 0 ? -1n : 1n);
  return number[0] ?? NaN;
}
