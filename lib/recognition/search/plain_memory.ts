import {BATCH_SIZE, GROUP_SIZE, MOST_KEYS, roundUp} from './row_memory.js';
import type {Comparison, RowMemory} from './row_memory.js';

/** Rows in an array of JavaScript, compared by loops of JavaScript: for few rows, and for engines without SIMD. */
export class PlainMemory implements RowMemory {
  readonly values: Float32Array;
  readonly terms: Float32Array;
  readonly queries: Float32Array;
  readonly limits = new Float32Array(BATCH_SIZE);
  readonly keys: Float32Array;
  readonly promising: Int32Array;
  private readonly stride: number;

  constructor(stride: number, rows: number) {
    const capacity = roundUp(rows);
    const mostKeys = Math.min(MOST_KEYS, BATCH_SIZE * capacity);
    this.stride = stride;
    this.values = new Float32Array(capacity * stride);
    this.terms = new Float32Array(capacity);
    this.queries = new Float32Array(BATCH_SIZE * stride);
    this.keys = new Float32Array(mostKeys);
    this.promising = new Int32Array(mostKeys / GROUP_SIZE);
  }

  grow(): boolean {
    return false;
  }

  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): number {
    const {stride, limits, keys, promising} = this;
    const compareGroup = comparison === 'difference' ? squaredDifferences : products;
    const rowsOfKeys = roundUp(rows);
    let found = 0;
    for (let q = 0; q < queries; q++) {
      const limit = limits[q] as number;
      for (let r = 0; r < rows; r += GROUP_SIZE) {
        const place = q * rowsOfKeys + r;
        compareGroup(this.queries, q * stride, this.values, (firstRow + r) * stride, stride, keys, place);
        this.finishKeys(comparison, place, firstRow + r);
        if (
          at(keys, place) < limit ||
          at(keys, place + 1) < limit ||
          at(keys, place + 2) < limit ||
          at(keys, place + 3) < limit
        ) {
          promising[found] = place;
          found++;
        }
      }
    }
    return found;
  }

  /** Makes the keys of a group out of its products. */
  private finishKeys(comparison: Comparison, place: number, firstRow: number): void {
    const {keys, terms} = this;
    if (comparison !== 'difference') {
      for (let j = 0; j < GROUP_SIZE; j++) {
        const product = at(keys, place + j);
        const term = at(terms, firstRow + j);
        keys[place + j] = comparison === 'cosine' ? -product * term : term - product;
      }
    }
  }
}

/** Writes the squared distances of a query and the rows of a group. */
function squaredDifferences(
  queries: Float32Array,
  query: number,
  values: Float32Array,
  row: number,
  stride: number,
  results: Float32Array,
  place: number,
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
  results[place] = sum0;
  results[place + 1] = sum1;
  results[place + 2] = sum2;
  results[place + 3] = sum3;
}

/** Writes the products of a query and the rows of a group. */
function products(
  queries: Float32Array,
  query: number,
  values: Float32Array,
  row: number,
  stride: number,
  results: Float32Array,
  place: number,
): void {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < stride; d++) {
    const x = at(queries, query + d);
    sum0 += x * at(values, row + d);
    sum1 += x * at(values, row + stride + d);
    sum2 += x * at(values, row + 2 * stride + d);
    sum3 += x * at(values, row + 3 * stride + d);
  }
  results[place] = sum0;
  results[place + 1] = sum1;
  results[place + 2] = sum2;
  results[place + 3] = sum3;
}

/** An element that is known to be there. */
function at(values: Float32Array, i: number): number {
  return values[i] as number;
}
