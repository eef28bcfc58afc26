/** Two samples, by their places. */
export type Pair = readonly [number, number];

/** Each sample with the next one of the same label: as many pairs as samples, not as many as there could be. */
export function samePairs(labels: readonly string[]): Pair[] {
  const last = new Map<string, number>();
  const pairs: Pair[] = [];
  labels.forEach((label, i) => {
    const before = last.get(label);
    if (before !== undefined) {
      pairs.push([before, i]);
    }
    last.set(label, i);
  });
  return pairs;
}

/** Each sample with the next one of another label, going round at the end. */
export function differentPairs(labels: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  let next = -1;
  // Backwards and twice round: before the end, what is next may be at the beginning.
  for (let step = 2 * labels.length - 1; step >= 0; step--) {
    const i = step % labels.length;
    const following = (i + 1) % labels.length;
    if (labels[following] !== labels[i]) {
      next = following;
    }
    if (step < labels.length && next >= 0) {
      pairs.push([i, next]);
    }
  }
  return pairs;
}

/** Each of some samples with one of others, which come again and again if they are fewer. */
export function pairsInTurn(samples: number, others: number): Pair[] {
  return Array.from({length: samples}, (_, i) => [i, i % others] as const);
}
