import {PlainMemory} from '../../../lib/recognition/search/plain_memory.js';
import type {Comparison, RowMemory} from '../../../lib/recognition/search/row_memory.js';
import {SimdMemory} from '../../../lib/recognition/search/simd_memory.js';
import {normalNumbers} from '../../support/random.js';

const STRIDE = 12;
/** A multiple of 8. */
const CODE_STRIDE = 16;
const ROWS = 42;
const QUERIES = 5;
/** In the midst of the rows, and to the end, which is no whole group. */
const FIRST_ROW = 8;
const COMPARED = ROWS - FIRST_ROW;
const ROWS_OF_KEYS = 36;

const numbers = normalNumbers(ROWS * STRIDE, 1);
const queries = normalNumbers(QUERIES * STRIDE, 2);
const terms = normalNumbers(ROWS, 3);
const factors = normalNumbers(ROWS, 4);
const codes = numbers.map((value) => Math.round(30 * value));
const queryCodes = queries.map((value) => Math.round(3000 * value));
const queryFactors = normalNumbers(QUERIES, 5);

function simdMemory(rows = ROWS): SimdMemory {
  const memory = SimdMemory.create(STRIDE, rows);
  if (!memory) {
    throw new Error('Expected an engine with SIMD.');
  }
  return memory;
}

function fill(memory: RowMemory): void {
  memory.rows.values.set(numbers);
  memory.rows.terms.set(terms);
  memory.rows.factors.set(factors);
  memory.queries.set(queries);
  if (memory.codes) {
    const ofWidth = (all: Float32Array, width: number, row: number) => all.subarray(row * width, (row + 1) * width);
    for (let row = 0; row < ROWS; row++) {
      memory.codes.rows.set(ofWidth(codes, STRIDE, row), row * CODE_STRIDE);
    }
    for (let q = 0; q < QUERIES; q++) {
      memory.codes.queries.set(ofWidth(queryCodes, STRIDE, q), q * CODE_STRIDE);
    }
    memory.codes.factors.set(factors);
    memory.codes.queryFactors.set(queryFactors);
  }
}

function expectedKey(comparison: Comparison, q: number, row: number): number {
  const [x, c] = comparison === 'codes' ? [queryCodes, codes] : [queries, numbers];
  let [product, squares] = [0, 0];
  for (let d = 0; d < STRIDE; d++) {
    const [one, other] = [x[q * STRIDE + d] ?? NaN, c[row * STRIDE + d] ?? NaN];
    product += one * other;
    squares += (one - other) ** 2;
  }
  const factor = (factors[row] ?? NaN) * (comparison === 'codes' ? (queryFactors[q] ?? NaN) : 1);
  return comparison === 'differences' ? squares : (terms[row] ?? NaN) - product * factor;
}

/** Groups of four of which a key is below the limit. */
function expectedPromising(keys: Float32Array, limits: Float32Array, queryCount: number): number[] {
  const places: number[] = [];
  for (let q = 0; q < queryCount; q++) {
    for (let r = 0; r < ROWS_OF_KEYS; r += 4) {
      const place = q * ROWS_OF_KEYS + r;
      if (keys.subarray(place, place + 4).some((key) => key < (limits[q] ?? NaN))) {
        places.push(place);
      }
    }
  }
  return places;
}

const MEMORIES: [string, () => RowMemory, Comparison[]][] = [
  ['in plain arrays', () => new PlainMemory(STRIDE, ROWS), ['products', 'differences']],
  ['in a WebAssembly module', () => simdMemory(), ['codes', 'products', 'differences']],
  [
    'in a WebAssembly module that has grown',
    () => {
      const memory = simdMemory(3);
      memory.rows.values.set(numbers.subarray(0, 3 * STRIDE));
      expect(memory.grow(ROWS)).toBe(true);
      return memory;
    },
    ['codes', 'products', 'differences'],
  ],
];

describe.each(MEMORIES)('Rows %s', (_, create, comparisons) => {
  it.each(comparisons)('are compared by %s', (comparison) => {
    const memory = create();
    fill(memory);
    for (const queryCount of [1, 2, QUERIES]) {
      // Five keys of each query are below.
      for (let q = 0; q < queryCount; q++) {
        const keys = Array.from({length: COMPARED}, (__, r) => expectedKey(comparison, q, FIRST_ROW + r));
        memory.limits[q] = keys.sort((a, b) => a - b)[5] ?? NaN;
      }
      const found = memory.compare(comparison, queryCount, FIRST_ROW, COMPARED);
      for (let q = 0; q < queryCount; q++) {
        for (let r = 0; r < COMPARED; r++) {
          const expected = expectedKey(comparison, q, FIRST_ROW + r);
          const key = memory.keys[q * ROWS_OF_KEYS + r] ?? NaN;
          expect(Math.abs(key - expected)).toBeLessThan(1e-5 * (20 + Math.abs(expected)));
        }
      }
      expect([...memory.promising.subarray(0, found)].sort((a, b) => a - b)).toEqual(
        expectedPromising(memory.keys, memory.limits, queryCount),
      );
      expect(found).toBeGreaterThan(0);
    }
  });
});

it('Rows in a WebAssembly module stay what they are when it grows', () => {
  const memory = simdMemory();
  fill(memory);
  const {values, terms: kept, factors: keptFactors} = memory.rows;
  const before = [values, kept, keptFactors, memory.codes.rows, memory.codes.factors].map((part) => [...part]);
  expect(memory.grow(100 * ROWS)).toBe(true);
  const {rows, codes: after} = memory;
  [rows.values, rows.terms, rows.factors, after.rows, after.factors].forEach((part, i) => {
    expect([...part.subarray(0, before[i]?.length)]).toEqual(before[i]);
    expect(part.length).toBeGreaterThanOrEqual(100 * (before[i]?.length ?? NaN) - 400 * STRIDE);
  });
});
