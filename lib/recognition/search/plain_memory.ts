import {BATCH_SIZE, GROUP_SIZE, MAX_KEYS, roundUp} from './row_memory.js';
import type {Comparison, RowMemory, Rows} from './row_memory.js';

/** Rows in arrays of JavaScript, compared by loops of JavaScript: for few rows, and for engines without SIMD. */
export class PlainMemory implements RowMemory {
  readonly rows: Rows;
  readonly codes = undefined;
  readonly queries: Float32Array;
  readonly limits = new Float32Array(BATCH_SIZE);
  readonly keys: Float32Array;
  readonly promising: Int32Array;
  private readonly stride: number;

  constructor(stride: number, rows: number) {
    const capacity = roundUp(rows);
    const maxKeys = Math.min(MAX_KEYS, BATCH_SIZE * capacity);
    this.stride = stride;
    this.rows = {
      values: new Float32Array(capacity * stride),
      terms: new Float32Array(capacity),
      factors: new Float32Array(capacity),
    };
    this.queries = new Float32Array(BATCH_SIZE * stride);
    this.keys = new Float32Array(maxKeys);
    this.promising = new Int32Array(maxKeys / GROUP_SIZE);
  }

  grow(): boolean {
    return false;
  }

  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): number {
    const {stride, keys} = this;
    const {values} = this.rows;
    const compareGroup = comparison === 'differences' ? squaredDifferences : products;
    const rowsOfKeys = roundUp(rows);
    let found = 0;
    for (let q = 0; q < queries; q++) {
      const start = q * rowsOfKeys;
      for (let r = 0; r < rows; r += GROUP_SIZE) {
        compareGroup(this.queries, q * stride, values, (firstRow + r) * stride, stride, keys, start + r);
      }
      if (comparison === 'products') {
        finishKeys(keys, start, rowsOfKeys, this.rows, firstRow);
      }
      found = note(keys, start, rowsOfKeys, at(this.limits, q), this.promising, found);
    }
    return found;
  }
}

/** Makes keys out of products. */
function finishKeys(keys: Float32Array, start: number, count: number, {terms, factors}: Rows, firstRow: number): void {
  for (let r = 0; r < count; r++) {
    keys[start + r] = at(terms, firstRow + r) - at(keys, start + r) * at(factors, firstRow + r);
  }
}

/** Notes the groups that have a key below the limit. Returns how many are noted then. */
function note(
  keys: Float32Array,
  start: number,
  count: number,
  limit: number,
  promising: Int32Array,
  noted: number,
): number {
  let end = noted;
  for (let slot = start; slot < start + count; slot += GROUP_SIZE) {
    if (
      at(keys, slot) < limit ||
      at(keys, slot + 1) < limit ||
      at(keys, slot + 2) < limit ||
      at(keys, slot + 3) < limit
    ) {
      promising[end] = slot;
      end++;
    }
  }
  return end;
}

/** Writes the squared distances of a query and the rows of a group. */
function squaredDifferences(
  queries: Float32Array,
  query: number,
  values: Float32Array,
  row: number,
  stride: number,
  results: Float32Array,
  slot: number,
): void {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < stride; d++) {
    const x = at(queries, query + d);
    const difference0 = x - at(values, row + d);
    const difference1 = x - at(values, row + stride + d);
    const difference2 = x - at(values, row + 2 * stride + d);
    const difference3 = x - at(values, row + 3 * stride + d);
    sum0 += difference0 * difference0;
    sum1 += difference1 * difference1;
    sum2 += difference2 * difference2;
    sum3 += difference3 * difference3;
  }
  results[slot] = sum0;
  results[slot + 1] = sum1;
  results[slot + 2] = sum2;
  results[slot + 3] = sum3;
}

/** Writes the products of a query and the rows of a group. Four numbers of each at once take a quarter less time than one. */
function products(
  queries: Float32Array,
  query: number,
  values: Float32Array,
  row: number,
  stride: number,
  results: Float32Array,
  slot: number,
): void {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < stride; d += 4) {
    const x0 = at(queries, query + d);
    const x1 = at(queries, query + d + 1);
    const x2 = at(queries, query + d + 2);
    const x3 = at(queries, query + d + 3);
    let c = row + d;
    sum0 += x0 * at(values, c) + x1 * at(values, c + 1) + x2 * at(values, c + 2) + x3 * at(values, c + 3);
    c += stride;
    sum1 += x0 * at(values, c) + x1 * at(values, c + 1) + x2 * at(values, c + 2) + x3 * at(values, c + 3);
    c += stride;
    sum2 += x0 * at(values, c) + x1 * at(values, c + 1) + x2 * at(values, c + 2) + x3 * at(values, c + 3);
    c += stride;
    sum3 += x0 * at(values, c) + x1 * at(values, c + 1) + x2 * at(values, c + 2) + x3 * at(values, c + 3);
  }
  results[slot] = sum0;
  results[slot + 1] = sum1;
  results[slot + 2] = sum2;
  results[slot + 3] = sum3;
}

/** An element that is known to be there. */
function at(values: Float32Array, i: number): number {
  return values[i] as number;
}
