import {quote, ValueError} from '../errors.js';

/** What a threshold accepts. */
export interface Cut {
  /** A score that occurs. What scores at least as much is accepted. */
  threshold: number;
  /** Of each group of scores, how many are accepted. */
  counts: number[];
}

/**
 * Lowers a threshold through all scores of all groups, and gives the cut at each score that occurs. Equal scores fall
 * into one cut: no threshold tells them apart.
 */
export function sweep(...groups: readonly ArrayLike<number>[]): Cut[] {
  const ascending = groups.map((scores) => Float64Array.from(scores).sort());
  const rest = ascending.map(({length}) => length);
  const highest = (): number => Math.max(...ascending.map((scores, g) => scores[(rest[g] ?? 0) - 1] ?? -Infinity));
  const cuts: Cut[] = [];
  while (rest.some((count) => count > 0)) {
    const threshold = highest();
    ascending.forEach((scores, g) => {
      let count = rest[g] ?? 0;
      while (count > 0 && (scores[count - 1] ?? NaN) >= threshold) {
        count--;
      }
      rest[g] = count;
    });
    cuts.push({threshold, counts: ascending.map(({length}, g) => length - (rest[g] ?? 0))});
  }
  return cuts;
}

/**
 * Checks scores of which a measure is asked.
 *
 * @param groups The scores of each group under its name.
 * @throws ValueError for a group without scores, for NaN, and if no two scores differ.
 */
export function checkScores(groups: Record<string, ArrayLike<number>>, caller: string): void {
  for (const [name, scores] of Object.entries(groups)) {
    // Whoever writes JavaScript may leave one out.
    if (!((Object(scores) as ArrayLike<number>).length > 0)) {
      throw new ValueError(`${caller}: expected at least one score in ${name}, but got ${quote(scores)}.`);
    }
    const bad = Array.prototype.findIndex.call(scores, (score: unknown) => typeof score !== 'number' || isNaN(score));
    if (bad >= 0) {
      throw new ValueError(
        `${caller}: expected numbers as scores, but got ${quote(scores[bad])} at index ${bad} of ${name}.`,
      );
    }
  }
  const all = Object.values(groups);
  const first = all[0]?.[0];
  if (all.every((scores) => Array.prototype.every.call(scores, (score) => score === first))) {
    throw new ValueError(`${caller}: expected scores that differ, but all are ${quote(first)}.`);
  }
}
