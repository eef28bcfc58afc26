import {memories} from '../../../lib/recognition/search/memories.js';
import {nearest} from '../../../lib/recognition/search/nearest.js';
import {RowStore} from '../../../lib/recognition/search/row_store.js';
import type {Metric} from '../../../lib/recognition/search/row_store.js';
import {distance} from '../../../lib/recognition/search/vectors.js';
import {normalNumbers} from '../../support/random.js';

beforeEach(() => {
  memories.living = 0;
});

const WIDTH = 64;
const ROWS = 3000;
const QUERIES = 4;

const rows = Array.from({length: ROWS}, (_, i) => normalNumbers(WIDTH, i));
const long = (size: number, seed: number) => normalNumbers(WIDTH, 10_000 + seed).map((value) => size * value);
const queries = {values: normalNumbers(QUERIES * WIDTH, 99_999), rows: QUERIES, width: WIDTH};

function storeOf(given: readonly Float32Array[], metric: Metric = 'distance'): RowStore {
  const store = new RowStore(WIDTH, metric);
  store.reserve(given.length);
  for (const row of given) {
    store.add(row);
  }
  return store;
}

/** How many groups of rows may hold one of the best: what a search takes beyond the fast loops. */
function promisingGroups(store: RowStore): number {
  const {memory} = store;
  const compare = memory.compare.bind(memory);
  let groups = 0;
  memory.compare = (...args) => {
    const found = compare(...args);
    groups += found;
    return found;
  };
  nearest(store, queries, 3);
  memory.compare = compare;
  return groups;
}

function expectExact(store: RowStore, given: readonly Float32Array[]): void {
  nearest(store, queries, 5).forEach(({hits}, q) => {
    const query = queries.values.subarray(q * WIDTH, (q + 1) * WIDTH);
    const values = given.map((row, index) => ({index, value: distance(query, row)}));
    const best = values.sort((a, b) => a.value - b.value || a.index - b.index).slice(0, 5);
    expect(hits.map(({index}) => index)).toEqual(best.map(({index}) => index));
  });
}

const usual = promisingGroups(storeOf(rows));

describe('A row that is far longer than all others', () => {
  it.each([30, 300, 1000, 1e10])('costs the search what it takes to measure it: %d times as long', (times) => {
    // Before, amidst and behind the others, before the first search and after it.
    for (const place of [0, 1500, ROWS]) {
      const given = [...rows.slice(0, place), long(times, 1), ...rows.slice(place)];
      const store = storeOf(given);
      expect(promisingGroups(store)).toBeLessThanOrEqual(1.1 * usual + 2 * QUERIES);
      expectExact(store, given);
    }
    const store = storeOf(rows);
    nearest(store, queries, 1);
    store.add(long(times, 1));
    expect(promisingGroups(store)).toBeLessThanOrEqual(1.1 * usual + 2 * QUERIES);
    store.set(ROWS, long(times, 2));
    expect(promisingGroups(store)).toBeLessThanOrEqual(1.1 * usual + 2 * QUERIES);
  });

  it('costs nothing any more when it is removed or replaced', () => {
    for (const times of [3, 12, 300]) {
      const before = storeOf(rows);
      const {longest} = before.bounds;
      before.add(long(times, 1));
      before.remove(ROWS);
      expect(promisingGroups(before)).toBe(usual);
      expect(before.bounds.longest).toBeLessThan(2 * longest);
      const replaced = storeOf(rows);
      replaced.set(7, long(times, 1));
      replaced.set(7, rows[7] ?? []);
      expect(promisingGroups(replaced)).toBe(usual);
    }
  });

  it('is found where it is near', () => {
    const far = long(1000, 1);
    const store = storeOf([...rows, far, long(1000, 2)]);
    const [found] = nearest(store, {values: far, rows: 1, width: WIDTH}, 2);
    expect(found?.hits[0]).toEqual({index: ROWS, row: ROWS, value: 0});
    expect(found?.hits).toHaveLength(2);
  });

  it('may be one of some, but not of many: those are the usual ones then', () => {
    const some = storeOf([...rows, ...Array.from({length: 20}, (_, i) => long(300, i))]);
    expect(promisingGroups(some)).toBeLessThanOrEqual(1.1 * usual + 21 * QUERIES);
    expect(some.bounds.longest).toBeLessThan(20);
    const manyRows = [...rows, ...Array.from({length: 100}, (_, i) => long(300, i))];
    const many = storeOf(manyRows);
    expect(many.bounds.longest).toBeGreaterThan(300);
    expectExact(many, manyRows);
  });

  it('does not keep codes from being compared', () => {
    // All of one block, a quarter of its rows.
    const given = [...rows.slice(0, 64), ...Array.from({length: 20}, (_, i) => long(300, i)), ...rows.slice(64)];
    const store = storeOf(given);
    const {memory} = store;
    const compare = memory.compare.bind(memory);
    const seen = new Set<string>();
    memory.compare = (...args) => {
      seen.add(args[0]);
      return compare(...args);
    };
    nearest(store, queries, 3);
    expect([...seen]).toEqual(['codes']);
  });
});

describe('Rows that come and go', () => {
  it.each(['distance', 'cosine'] as const)('are bounded as in a store that never held others, by %s', (metric) => {
    const store = storeOf(rows.slice(0, 1500), metric);
    const given = rows.slice(0, 1500);
    const random = normalNumbers(400, 7);
    random.forEach((value, step) => {
      const index = Math.floor(Math.abs(value) * 1e6) % given.length;
      const row = long(2 ** (step % 12), step);
      if (step % 4 === 0) {
        store.remove(index);
        store.compact(() => undefined);
        given.splice(index, 1);
      } else if (step % 4 === 1) {
        store.add(row);
        given.push(row);
      } else {
        store.set(index, row);
        given[index] = row;
      }
      if (step % 50 === 0 && metric === 'distance') {
        expectExact(store, given);
      }
    });
    // All that was long goes, one by one.
    for (let i = given.length - 1; i >= 0; i--) {
      if (Math.hypot(...(given[i] ?? [])) > 16) {
        store.remove(i);
        store.compact(() => undefined);
        given.splice(i, 1);
      }
    }
    const fresh = storeOf(given, metric);
    for (const bound of ['longest', 'largestTerm', 'largestCodeError'] as const) {
      const factor = bound === 'largestTerm' ? 4 : 2;
      expect(store.bounds[bound]).toBeGreaterThanOrEqual(fresh.bounds[bound]);
      expect(store.bounds[bound]).toBeLessThanOrEqual(factor * fresh.bounds[bound]);
    }
    expect(fresh.bounds.largestCodeError).toBeGreaterThan(0);
  });

  it('stay exact when those that were usual become few, and the long ones usual', () => {
    const store = storeOf([...rows.slice(0, 1100), ...Array.from({length: 5}, (_, i) => long(1000, i))]);
    const given = [...rows.slice(0, 1100), ...Array.from({length: 5}, (_, i) => long(1000, i))];
    for (let i = 0; i < 1100; i++) {
      if (i % 200 === 0) {
        expectExact(store, given);
      }
      store.set(i, long(900, 50 + i));
      given[i] = long(900, 50 + i);
    }
    expectExact(store, given);
    expect(store.bounds.longest).toBeGreaterThan(7000);
  });

  it('are not looked at when one of them goes', () => {
    const store = storeOf([...rows, long(1000, 1), long(30, 2)]);
    nearest(store, queries, 1);
    let looks = 0;
    const watched = store as unknown as {scaleOf(index: number): unknown};
    const original = watched.scaleOf.bind(store);
    watched.scaleOf = (index) => {
      looks++;
      return original(index);
    };
    for (let i = 0; i < 20; i++) {
      store.remove(store.count - 1);
      expect(store.bounds.longest).toBeGreaterThan(0);
    }
    expect(looks).toBeGreaterThanOrEqual(20);
    expect(looks).toBeLessThan(100);
  });
});
