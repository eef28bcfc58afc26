/** What weighs less beside the likeliest number, and all beyond it, changes no sum of double precision. */
const NEGLIGIBLE = 1e-30;

/**
 * How likely it is that fewer than `limit` of so many samples are of a kind, of which the given share of all samples is: the
 * lower tail of the binomial distribution.
 *
 * The likeliest number gets the weight 1 and the others theirs from their neighbours', so that nothing overflows; the sum of all weights
 * makes shares of them.
 */
export function chanceOfFewer(limit: number, samples: number, share: number): number {
  if (share >= 1) {
    return Number(limit > samples);
  }
  const odds = share / (1 - share);
  const likeliest = Math.floor(samples * share);
  let [below, all] = [0, 0];
  const add = (count: number, weight: number) => {
    all += weight;
    below += count < limit ? weight : 0;
  };
  for (let count = likeliest, weight = 1; weight > NEGLIGIBLE; count++) {
    add(count, weight);
    weight *= ((samples - count) / (count + 1)) * odds;
  }
  for (let count = likeliest, weight = 1; count > 0; count--) {
    weight *= count / (samples - count + 1) / odds;
    if (weight < NEGLIGIBLE) {
      break;
    }
    add(count - 1, weight);
  }
  return below / all;
}
