import {BATCH_SIZE, blockRows} from './row_memory.js';
import type {Comparison, RowMemory} from './row_memory.js';

/** Rows in an array of JavaScript, compared by loops of JavaScript: for few rows, and for engines without SIMD. */
export class PlainMemory implements RowMemory {
  readonly values: Float32Array;
  readonly queries: Float32Array;
  private readonly stride: number;
  private readonly results: Float32Array;

  constructor(stride: number, rows: number) {
    this.stride = stride;
    this.values = new Float32Array(rows * stride);
    this.queries = new Float32Array(BATCH_SIZE * stride);
    this.results = new Float32Array(BATCH_SIZE * Math.min(rows, blockRows(stride)));
  }

  grow(): boolean {
    return false;
  }

  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): Float32Array {
    const {results, stride, values} = this;
    const compareRow = comparison === 'dotProduct' ? dotProduct : squaredDistance;
    const end = (firstRow + rows) * stride;
    let result = 0;
    for (let q = 0; q < queries; q++) {
      for (let row = firstRow * stride; row < end; row += stride) {
        results[result] = compareRow(this.queries, q * stride, values, row, stride);
        result++;
      }
    }
    return results;
  }
}

/** Four sums, since an addition to a sum has to wait for the one before. */
function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number, length: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < length; d += 4) {
    const difference0 = at(a, i + d) - at(b, j + d);
    const difference1 = at(a, i + d + 1) - at(b, j + d + 1);
    const difference2 = at(a, i + d + 2) - at(b, j + d + 2);
    const difference3 = at(a, i + d + 3) - at(b, j + d + 3);
    sum0 += difference0 * difference0;
    sum1 += difference1 * difference1;
    sum2 += difference2 * difference2;
    sum3 += difference3 * difference3;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function dotProduct(a: Float32Array, i: number, b: Float32Array, j: number, length: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < length; d += 4) {
    sum0 += at(a, i + d) * at(b, j + d);
    sum1 += at(a, i + d + 1) * at(b, j + d + 1);
    sum2 += at(a, i + d + 2) * at(b, j + d + 2);
    sum3 += at(a, i + d + 3) * at(b, j + d + 3);
  }
  return sum0 + sum1 + (sum2 + sum3);
}

/** An element that is known to be there. */
function at(values: Float32Array, i: number): number {
  return values[i] as number;
}
