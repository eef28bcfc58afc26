import {differentPairs, MAX_PAIRS, samePairs} from '../../lib/recognition/pairs.js';
import type {Pair} from '../../lib/recognition/pairs.js';

const matrixOf = (rows: readonly (readonly number[])[]) => ({
  values: Float32Array.from(rows.flat()),
  rows: rows.length,
  width: rows[0]?.length ?? 0,
});

const NONE = matrixOf([]);

/** The pairs of both kinds. */
function pairsAmong(known: readonly (readonly number[])[], labels: readonly string[], unknown = NONE) {
  const labelled = {known: matrixOf(known), labels};
  return {same: samePairs(labelled), different: differentPairs(labelled, unknown)};
}

/** Of samples of one number. */
const numbersOf = (pairs: readonly Pair[]) => pairs.map(([first, second]) => [first[0], second[0]]);

describe('Pairs of samples', () => {
  it('are all that have the same label, and all that have not', () => {
    const {same, different} = pairsAmong([[5], [1], [4], [2], [3]], ['b', 'a', 'b', 'a', 'a']);
    expect(numbersOf(same)).toEqual([
      [1, 2],
      [1, 3],
      [2, 3],
      [4, 5],
    ]);
    expect(numbersOf(different)).toEqual([
      [1, 4],
      [1, 5],
      [2, 4],
      [2, 5],
      [3, 4],
      [3, 5],
    ]);
  });

  it('are different of a known and an unknown one, and nothing of two unknown ones', () => {
    const {same, different} = pairsAmong([[1], [2]], ['a', 'a'], matrixOf([[9], [8]]));
    expect(numbersOf(same)).toEqual([[1, 2]]);
    expect(numbersOf(different)).toEqual([
      [1, 8],
      [1, 9],
      [2, 8],
      [2, 9],
    ]);
  });

  it('are none of one class alone that are different, none of single samples that are the same', () => {
    expect(pairsAmong([[1], [2]], ['a', 'a']).different).toEqual([]);
    const single = pairsAmong([[1], [2], [3]], ['c', 'a', 'b']);
    expect(single.same).toEqual([]);
    expect(numbersOf(single.different)).toEqual([
      [2, 3],
      [2, 1],
      [3, 1],
    ]);
    expect(pairsAmong([[1]], ['a'])).toEqual({same: [], different: []});
  });

  it('order samples by the first number in which they differ', () => {
    const rows = [
      [2, 0, 1],
      [1, 3, 0],
      [1, -3, 9],
      [1, 3, -1],
    ];
    const {same} = pairsAmong(rows, ['a', 'a', 'a', 'a']);
    expect([...(same[0]?.[0] ?? [])]).toEqual([1, -3, 9]);
    expect(same.slice(0, 3).map(([, second]) => [...second])).toEqual([
      [1, 3, -1],
      [1, 3, 0],
      [2, 0, 1],
    ]);
  });
});

describe('Of too many pairs', () => {
  // 124,750 of each of two classes, and 250,000 between them.
  const PER_CLASS = 500;
  const samples = Array.from({length: 2 * PER_CLASS}, (_, i) => [i]);
  const labels = samples.map(([i = NaN]) => (i < PER_CLASS ? 'a' : 'b'));
  const {same, different} = pairsAmong(samples, labels);

  it('as many are drawn as are compared at most', () => {
    expect([same.length, different.length]).toEqual([MAX_PAIRS, MAX_PAIRS]);
  });

  it('those drawn are of the right kind, and hardly one comes twice', () => {
    const isSame = ([first, second]: Pair) => Number(first[0]) < PER_CLASS === Number(second[0]) < PER_CLASS;
    expect(same.every((pair) => isSame(pair) && pair[0][0] !== pair[1][0])).toBe(true);
    expect(different.some(isSame)).toBe(false);
    for (const pairs of [same, different]) {
      expect(new Set(numbersOf(pairs).map(String)).size).toBeGreaterThan(0.8 * MAX_PAIRS);
    }
  });

  it('each sample takes part, first and last as often as others', () => {
    const counts = new Array<number>(2 * PER_CLASS).fill(0);
    for (const [first = NaN, second = NaN] of numbersOf(same)) {
      counts[first] = (counts[first] ?? NaN) + 1;
      counts[second] = (counts[second] ?? NaN) + 1;
    }
    // 200 on average, drawn from 499 partners: the standard deviation is at most 11.
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeLessThan(250);
    // Each distance as often as it occurs: |i - j| is a third of the range on average.
    const mean = numbersOf(same).reduce((sum, [i = NaN, j = NaN]) => sum + Math.abs(i - j), 0) / MAX_PAIRS;
    expect(Math.abs(mean - 501 / 3)).toBeLessThan(1.2);
  });
});
