import {memories} from '../../../lib/recognition/search/memories.js';
import {RowStore} from '../../../lib/recognition/search/row_store.js';
import type {Metric} from '../../../lib/recognition/search/row_store.js';
import {normalNumbers} from '../../support/random.js';

beforeEach(() => {
  memories.living = 0;
});

const WIDTH = 64;
/** From here on the rows stand in the memory of a WebAssembly module, with codes. */
const MANY = 1024;

/** Lengths fall, then rise: neither the first nor the last row is the longest. */
function storeOf(metric: Metric): {store: RowStore; rows: Float32Array[]} {
  const store = new RowStore(WIDTH, metric);
  store.reserve(MANY);
  const rows = [3, 1, 5, 2].map((size, i) => normalNumbers(WIDTH, i).map((value) => size * value));
  for (const row of rows) {
    store.add(row);
  }
  return {store, rows};
}

const lengthOf = (row: Float32Array) => Math.hypot(...row);

describe.each(['distance', 'cosine'] as const)('Rows to be compared by %s', (metric) => {
  const {store, rows} = storeOf(metric);
  const lengths = rows.map(lengthOf);
  const factors = lengths.map((length) => (metric === 'cosine' ? 1 / length : 1));
  const terms = lengths.map((length) => (metric === 'cosine' ? 0 : length ** 2 / 2));

  it('have terms and factors, and what none of them exceeds', () => {
    const {rows: kept} = store.memory;
    rows.forEach((_, i) => {
      expect(kept.factors[i]).toBeCloseTo(factors[i] ?? NaN, 6);
      expect(kept.terms[i]).toBeCloseTo(terms[i] ?? NaN, 2);
    });
    expect(store.bounds.longest).toBeCloseTo(metric === 'cosine' ? 1 : Math.max(...lengths), 6);
    expect(store.bounds.largestTerm).toBeCloseTo(Math.max(...terms), 6);
  });

  it('have codes, and leave out no more than is told', () => {
    const {codes} = store.memory;
    const left = rows.map((row, i) => {
      const factor = (codes?.factors[i] ?? NaN) / (factors[i] ?? NaN);
      const own = codes?.rows.subarray(i * WIDTH, (i + 1) * WIDTH) ?? [];
      return lengthOf(row.map((value, d) => value - (own[d] ?? NaN) * factor)) * (factors[i] ?? NaN);
    });
    expect(store.bounds.largestCodeError / Math.max(...left)).toBeCloseTo(1, 4);
    expect(store.bounds.largestCodeError).toBeGreaterThan(0);
  });
});

describe('The room for rows', () => {
  it('stays where less or as much is asked for', () => {
    const {store} = storeOf('distance');
    const {rows} = store.memory;
    store.reserve(MANY);
    store.reserve(3);
    expect(store.memory.rows).toBe(rows);
  });

  it('grows in the same memory, with the rows where they were', () => {
    const {store, rows} = storeOf('distance');
    const {memory} = store;
    store.reserve(2 * MANY);
    expect(store.memory).toBe(memory);
    expect(rows.map((_, i) => store.row(i))).toEqual(rows);
  });
});
