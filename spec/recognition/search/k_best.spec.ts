import {KBest} from '../../../lib/recognition/search/k_best.js';
import {normalNumbers} from '../../support/random.js';

function offered(k: number, values: readonly number[]) {
  const best = new KBest(k);
  const taken = values.map((value, index) => best.offer(index, value));
  return {best, taken, hits: best.take()};
}

describe('The k best', () => {
  it.each([1, 2, 3, 5, 8, 40, 100])('of many numbers are the %d smallest, in their order', (k) => {
    const values = [...normalNumbers(100, 3)];
    const expected = values.map((value, index) => ({index, row: index, value})).sort((a, b) => a.value - b.value);
    const {hits, best} = offered(k, values);
    expect(hits).toEqual(expected.slice(0, k));
    expect(best.worst).toBe(expected[k - 1]?.value);
  });

  it.each([
    ['fall', [9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['rise', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('are right where the numbers %s', (_, values) => {
    expect(offered(4, values).hits.map(({value}) => value)).toEqual([1, 2, 3, 4]);
  });

  it('are of equal numbers those that came first', () => {
    const {hits, taken} = offered(3, [2, 1, 2, 1, 2, 1, 1]);
    expect(hits).toEqual([1, 3, 5].map((index) => ({index, row: index, value: 1})));
    expect(taken).toEqual([true, true, true, true, false, true, false]);
  });

  it('are all, and nothing is too bad to be one, where there are fewer than k', () => {
    const {best, hits} = offered(3, [5, 4]);
    expect(hits.map(({index}) => index)).toEqual([1, 0]);
    expect(best.worst).toBe(Infinity);
  });
});
