import {classScores} from '../../../lib/recognition/scoring.js';
import {memories} from '../../../lib/recognition/search/memories.js';
import {nearest} from '../../../lib/recognition/search/nearest.js';
import {PlainMemory} from '../../../lib/recognition/search/plain_memory.js';
import {RowStore} from '../../../lib/recognition/search/row_store.js';
import type {Metric} from '../../../lib/recognition/search/row_store.js';
import {SimdMemory} from '../../../lib/recognition/search/simd_memory.js';
import {normalNumbers, toRows} from '../../support/random.js';

beforeEach(() => {
  memories.living = 0;
});

type Row = readonly number[];

/** Without SIMD, as on an old engine or a page that must not compile WebAssembly. */
function withoutSimd<T>(use: () => T): T {
  const create = jestFreeReplacement(SimdMemory, 'create', () => undefined);
  try {
    return use();
  } finally {
    create();
  }
}

/** Replaces a method until the returned function is called. Chromium has no jest.spyOn. */
function jestFreeReplacement<T extends object, Key extends keyof T>(target: T, key: Key, value: T[Key]): () => void {
  const original = target[key];
  target[key] = value;
  return () => {
    target[key] = original;
  };
}

function storeOf(rows: readonly Row[], metric: Metric = 'distance'): RowStore {
  const store = new RowStore(rows[0]?.length ?? 0, metric);
  store.reserve(rows.length);
  for (const row of rows) {
    store.add(row);
  }
  return store;
}

function matrixOf(rows: readonly Row[]): {values: Float32Array; rows: number; width: number} {
  return {values: Float32Array.from(rows.flat()), rows: rows.length, width: rows[0]?.length ?? 0};
}

/** The search as one would write it down: all values in double precision, sorted. */
function expectedHits(query: Row, rows: readonly Row[], k: number, metric: Metric) {
  return rows
    .map((row, index) => ({index, value: metric === 'cosine' ? -cosineOf(query, row) : distanceOf(query, row)}))
    .sort((a, b) => a.value - b.value || a.index - b.index)
    .slice(0, k);
}

function distanceOf(a: Row, b: Row): number {
  return Math.sqrt(a.reduce((sum, value, d) => sum + (value - (b[d] ?? NaN)) ** 2, 0));
}

function cosineOf(a: Row, b: Row): number {
  const product = (x: Row, y: Row) => x.reduce((sum, value, d) => sum + value * (y[d] ?? NaN), 0);
  const lengths = Math.sqrt(product(a, a)) * Math.sqrt(product(b, b));
  return lengths === 0 ? 0 : product(a, b) / lengths;
}

/** The reference and the search add up in the same precision, in another order at most. */
const ROUNDING = 1e-12;

function expectHits(
  found: readonly {index: number; value: number}[],
  expected: readonly {index: number; value: number}[],
) {
  expect(found.map(({index}) => index)).toEqual(expected.map(({index}) => index));
  found.forEach(({value}, rank) => {
    expect(Math.abs(value - (expected[rank]?.value ?? NaN))).toBeLessThan(ROUNDING * (1 + Math.abs(value)));
  });
}

const ENGINES = {
  'plain loops': <T>(use: () => T) => withoutSimd(use),
  'SIMD where it is worth it': <T>(use: () => T) => use(),
};

describe.each(Object.entries(ENGINES))('The search with %s', (_, on) => {
  const SIZES: [rows: number, width: number, queries: number, k: number][] = [
    [1, 1, 1, 1],
    [3, 2, 5, 3],
    [10, 64, 130, 2],
    [70, 3, 1, 100],
    [1030, 64, 3, 5],
    [2049, 67, 66, 7],
    [17_001, 5, 2, 4],
    [20, 5000, 2, 3],
  ];
  describe.each(['distance', 'cosine'] as const)('by %s', (metric) => {
    it.each(SIZES)('finds the best among %d rows of width %d for %d queries, k = %d', (rows, width, queries, k) => {
      const all = toRows(normalNumbers(rows * width, 1), width);
      const asked = toRows(normalNumbers(queries * width, 2), width);
      const found = on(() => nearest(storeOf(all, metric), matrixOf(asked), k));
      expect(found).toHaveLength(queries);
      found.forEach(({hits}, q) => {
        expectHits(hits, expectedHits(asked[q] ?? [], all, k, metric));
      });
    });

    it('finds the same for a query, however many others are asked with it', () => {
      const rows = toRows(normalNumbers(6000 * 12, 1), 12);
      const asked = toRows(normalNumbers(64 * 12, 2), 12);
      const store = on(() => storeOf(rows, metric));
      const alone = asked.map((query) => nearest(store, matrixOf([query]), 5)[0]?.hits);
      for (let queries = 1; queries <= asked.length; queries++) {
        const found = nearest(store, matrixOf(asked.slice(0, queries)), 5);
        expect({queries, hits: found.map(({hits}) => hits)}).toEqual({queries, hits: alone.slice(0, queries)});
      }
    });

    it('takes the lower index of equal rows', () => {
      const rows = Array.from({length: 2100}, (__, i) => [i % 3, 1, ...new Array<number>(30).fill(0)]);
      const [found] = on(() => nearest(storeOf(rows, metric), matrixOf([rows[1] ?? []]), 4));
      expect(found?.hits.map(({index}) => index)).toEqual([1, 4, 7, 10]);
    });
  });

  it('is exact where the distances are tiny beside the length of the rows', () => {
    const width = 32;
    const far = normalNumbers(2100 * width, 3).map((value) => 10_000 + value);
    const rows = toRows(far, width);
    const queries = toRows(
      normalNumbers(3 * width, 4).map((value) => 10_000 + value),
      width,
    );
    const found = on(() => nearest(storeOf(rows), matrixOf(queries), 5));
    found.forEach(({hits}, q) => {
      expectHits(hits, expectedHits(queries[q] ?? [], rows, 5, 'distance'));
    });
  });

  it('tells long rows apart by the sums of their largest numbers', () => {
    // The products of the codes of a row of ones come to what 32 bits hold.
    const width = 4096;
    const rows = Array.from({length: 20}, (__, i) => new Array<number>(width).fill(i % 2 === 0 ? 1 : -1));
    const [found] = on(() => nearest(storeOf(rows), matrixOf(rows.slice(1, 2)), 11));
    expect(found?.hits.map(({index}) => index)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 0]);
  });

  it.each([1e15, 1e-25])('stays exact with numbers near %p', (size) => {
    const width = 64;
    const rows = toRows(
      normalNumbers(1100 * width, 5).map((value) => Math.tanh(value) * size),
      width,
    );
    const [found] = on(() => nearest(storeOf(rows), matrixOf(rows.slice(7, 8)), 2));
    expect(found?.hits.map(({index}) => index)).toEqual(
      expectedHits(rows[7] ?? [], rows, 2, 'distance').map(({index}) => index),
    );
    expect(found?.hits[0]).toEqual({index: 7, row: 7, value: 0});
  });

  it('finds a row where nothing has a direction', () => {
    const [found] = on(() =>
      nearest(
        storeOf(
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
          'cosine',
        ),
        matrixOf([[0, 0]]),
        3,
      ),
    );
    expect(found?.hits).toEqual([0, 1, 2].map((index) => ({index, row: index, value: 0})));
  });

  it('weighs the others for the softmin', () => {
    const width = 40;
    const rows = toRows(normalNumbers(1700 * width, 6), width);
    const queries = toRows(normalNumbers(3 * width, 7), width);
    const found = on(() => nearest(storeOf(rows), matrixOf(queries), 3, true));
    found.forEach((one, q) => {
      const distances = rows.map((row) => distanceOf(queries[q] ?? [], row)).sort((a, b) => a - b);
      const total = distances.reduce((sum, value) => sum + Math.exp(-value), 0);
      const expected = distances.slice(0, 3).map((value) => -value * (1 - Math.exp(-value) / total));
      classScores(one, 'relative').forEach((score, rank) => {
        // The weights come from distances in float32.
        expect(Math.abs(score / (expected[rank] ?? NaN) - 1)).toBeLessThan(1e-5);
      });
    });
  });

  it('follows what is added, changed and removed', () => {
    on(() => {
      const width = 64;
      const rows = toRows(normalNumbers(1500 * width, 8), width);
      const store = new RowStore(width, 'distance');
      for (const row of rows) {
        store.add(row);
      }
      store.remove(700);
      const near = [rows[0] ?? [], rows[700] ?? [], rows[701] ?? [], rows.at(-1) ?? []];
      // The others keep their places until they move together.
      const there = rows.map((row, index) => ({row, index})).filter(({index}) => index !== 700);
      nearest(store, matrixOf(near), 2).forEach(({hits}, q) => {
        const expected = expectedHits(near[q] ?? [], there.map(({row}) => row), 2, 'distance'); // prettier-ignore
        expectHits(hits, expected.map(({index, value}) => ({index: there[index]?.index ?? NaN, value}))); // prettier-ignore
      });
      store.compact(() => undefined);
      rows.splice(700, 1);
      const changed = rows[1] ?? [];
      store.set(1200, changed);
      rows[1200] = changed;
      const queries = [rows[0] ?? [], rows[700] ?? [], changed, rows.at(-1) ?? []];
      nearest(store, matrixOf(queries), 2).forEach(({hits}, q) => {
        expectHits(hits, expectedHits(queries[q] ?? [], rows, 2, 'distance'));
      });
      expect(store.count).toBe(1499);
    });
  });
});

describe('What the rows are compared by', () => {
  const WIDTH = 32;
  const ROWS = 2100;

  /** By what each block of rows was compared with a query. */
  function comparisonsOf(store: RowStore, query: Row, weighOthers = false): string[] {
    const seen: string[] = [];
    const {memory} = store;
    const original = memory.compare.bind(memory);
    const restore = jestFreeReplacement(memory, 'compare', (comparison, ...others) => {
      seen.push(comparison);
      return original(comparison, ...others);
    });
    nearest(store, matrixOf([query]), 5, weighOthers);
    restore();
    return [...new Set(seen)];
  }

  function storeAround(offset: number): RowStore {
    return storeOf(
      toRows(
        normalNumbers(ROWS * WIDTH, 10).map((value) => offset + value),
        WIDTH,
      ),
    );
  }

  function queryAround(offset: number): Row {
    return Array.from(normalNumbers(WIDTH, 11), (value) => offset + value);
  }

  it('is codes with SIMD, products without, and differences where each distance is asked for', () => {
    const query = queryAround(0);
    expect(comparisonsOf(storeAround(0), query)).toEqual(['codes']);
    expect(
      comparisonsOf(
        withoutSimd(() => storeAround(0)),
        query,
      ),
    ).toEqual(['products']);
    expect(comparisonsOf(storeAround(0), query, true)).toEqual(['differences']);
  });

  it('is products instead of codes where codes do not tell the rows apart', () => {
    expect(comparisonsOf(storeAround(1000), queryAround(1000))).toEqual(['codes', 'products']);
  });
});

describe('Where the rows are', () => {
  const WIDTH = 128;

  function memoryFor(rows: number): unknown {
    const store = new RowStore(WIDTH, 'distance');
    store.reserve(rows);
    return store.memory;
  }

  it('is an array for few, and the memory of a WebAssembly module for many', () => {
    expect(memoryFor(511)).toBeInstanceOf(PlainMemory);
    expect(memoryFor(512)).toBeInstanceOf(SimdMemory);
  });

  it('takes a quarter more than the rows themselves, for their codes', () => {
    const store = new RowStore(WIDTH, 'distance');
    store.reserve(50_000);
    const bytes = 50_000 * WIDTH * 4;
    expect(store.memory.rows.values.buffer.byteLength).toBeGreaterThan(bytes);
    expect(store.memory.rows.values.buffer.byteLength).toBeLessThan(1.29 * bytes);
  });

  it('is an array where a page must not compile WebAssembly', () => {
    const original = WebAssembly.Instance;
    const restore = jestFreeReplacement(WebAssembly, 'Instance', function () {
      throw new WebAssembly.CompileError('Refused to compile');
    } as unknown as typeof WebAssembly.Instance);
    try {
      expect(memoryFor(5000)).toBeInstanceOf(PlainMemory);
    } finally {
      restore();
    }
    expect(WebAssembly.Instance).toBe(original);
  });

  it('is an array for more than the 4 GiB that a module reaches to', () => {
    expect(SimdMemory.create(WIDTH, 2 ** 23)).toBeUndefined();
    expect(SimdMemory.create(WIDTH, 512)?.grow(2 ** 23)).toBe(false);
  });

  it('is an array when the memory of the module cannot grow, with the rows that were there', () => {
    const store = new RowStore(WIDTH, 'distance');
    store.reserve(512);
    const rows = toRows(normalNumbers(513 * WIDTH, 9), WIDTH);
    rows.slice(0, 512).forEach((row) => {
      store.add(row);
    });
    const {prototype} = WebAssembly.Memory;
    const restoreGrow = jestFreeReplacement(prototype, 'grow', () => {
      throw new RangeError('failed to grow memory');
    });
    const restoreCreate = jestFreeReplacement(SimdMemory, 'create', () => undefined);
    try {
      store.add(rows[512] ?? []);
    } finally {
      restoreGrow();
      restoreCreate();
    }
    expect(store.memory).toBeInstanceOf(PlainMemory);
    const [found] = nearest(store, matrixOf(rows.slice(3, 4)), 2);
    expectHits(found?.hits ?? [], expectedHits(rows[3] ?? [], rows, 2, 'distance'));
  });
});
