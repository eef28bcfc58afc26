import {measureOf} from '../../../lib/recognition/search/exact.js';
import type {Metric, RowStore} from '../../../lib/recognition/search/row_store.js';

/** Half a unit in the last place of a float32 number 1. */
const U = 2 ** -24;
/** Of length 3. */
const QUERY = Float32Array.of(1, 2, 2);
const CODE_ERROR = 0.01;

/** Of rows no longer than 5, with codes that leave out up to 0.1. */
function measure(metric: Metric) {
  const values = Float32Array.of(3, 4, 0, 0, 0, 0, 2, 0);
  const row = (index: number) => values.subarray(4 * index, 4 * index + 3);
  const [longest, largestTerm] = metric === 'cosine' ? [1, 0] : [5, 12.5];
  const bounds = {longest, largestTerm, largestCodeError: 0.1};
  const store = {stride: 4, metric, bounds, memory: {rows: {values}}, row};
  return measureOf(store as unknown as RowStore, QUERY, CODE_ERROR);
}

/** To a hundredth of what is added for roundings, far below a float32 step of the limits. */
function expectLimit(found: number, key: number, margin: number) {
  const ofLimit = 4 * U * Math.abs(key + margin);
  expect((found - key - ofLimit) / margin).toBeCloseTo(1, 2);
}

describe('The measure of a query', () => {
  it('is the distance to a row', () => {
    const byDistance = measure('distance');
    expect([byDistance.valueOf(0), byDistance.valueOf(1)]).toEqual([Math.sqrt(12), Math.sqrt(5)]);
  });

  it('is the negative cosine', () => {
    const byCosine = measure('cosine');
    expect(byCosine.valueOf(0)).toBeCloseTo(-11 / 15, 15);
    expect(byCosine.valueOf(1)).toBeCloseTo(-2 / 3, 15);
  });

  // Of the sums 4 / 4 additions and 12 more roundings follow each other.
  it('has limits of keys above what roundings can do', () => {
    // (2² - 3²) / 2; the products are up to 3 · 5, the terms 5² / 2, rounded in the term and in the key
    expectLimit(measure('distance').limitFor(2, 'products'), -2.5, 13 * U * (15 + 25));
    // The negative cosine times the length of the query
    expectLimit(measure('cosine').limitFor(-0.5, 'products'), -1.5, 13 * U * 3);
    // 2²
    expectLimit(measure('distance').limitFor(2, 'differences'), 4, 13 * U * 4);
  });

  it('has limits of keys by codes above what these leave out', () => {
    // Of the query 0.01 times the longest row, of a row 0.1 times the query as coded
    expectLimit(measure('distance').limitFor(2, 'codes'), -2.5, 0.01 * 5 + 3.01 * 0.1);
    expectLimit(measure('cosine').limitFor(-0.5, 'codes'), -1.5, 0.01 * 1 + 3.01 * 0.1);
  });

  it('has no limit as long as there is nothing to be better than, and one above 0 for what is 0', () => {
    expect(measure('distance').limitFor(Infinity, 'products')).toBe(Infinity);
    expect(measure('cosine').limitFor(Infinity, 'codes')).toBe(Infinity);
    expect(measure('distance').limitFor(0, 'differences')).toBeGreaterThan(0);
    expect(measure('distance').limitFor(0, 'differences')).toBeLessThan(1e-35);
  });
});
