import {inverseLength, length} from './vectors.js';
import type {Comparison} from './row_memory.js';
import type {RowStore} from './row_store.js';

/** The exact measure of a query, and how far the keys of the fast loops may be from it. */
export interface Measure {
  /** The distance to a row, or the negative cosine, in double precision: the smaller, the better. */
  valueOf(index: number): number;
  /** The key from which on a row cannot be better than this value, whatever a comparison leaves out. */
  limitFor(value: number, comparison: Comparison): number;
}

/** Half a unit in the last place of a float32 number 1. */
const ROUNDING = 2 ** -24;
/** Below the smallest normal number float32 rounds to more than that. */
const UNDERFLOW = 1e-36;
/** What rounds beside the additions of a sum: the products, the lanes of a vector, factors and terms, with some to spare. */
const OTHER_ROUNDINGS = 12;

/** @param codeError The length of what the codes of the query leave out. */
export function measureOf(store: RowStore, query: Float32Array, codeError: number): Measure {
  const {stride, metric} = store;
  const {longest, largestTerm, largestCodeError} = store.bounds;
  const {values} = store.memory.rows;
  const filledUp = new Float64Array(stride);
  filledUp.set(query);
  const queryLength = length(query);
  // The loops add up four sums at once: so many roundings follow each other.
  const error = (stride / 4 + OTHER_ROUNDINGS) * ROUNDING;
  // The usual bound for the error of a product, and that of the term.
  const margin = error * (queryLength * longest + 2 * largestTerm);
  // Beside that, what the query leaves out times a row, and what a row leaves out times the query as coded.
  const codesMargin = margin + codeError * longest + (queryLength + codeError) * largestCodeError;
  const inverse = inverseLength(query);
  const isCosine = metric === 'cosine';
  const keyOf = (value: number) => (isCosine ? value * queryLength : (value * value - queryLength * queryLength) / 2);
  return {
    valueOf: (index) =>
      isCosine
        ? 0 - product(filledUp, values, index * stride) * inverse * inverseLength(store.row(index))
        : Math.sqrt(squaredDistance(filledUp, values, index * stride)),
    limitFor: (value, comparison) => {
      if (comparison === 'differences') {
        return limit(value, value * value * (1 + error));
      }
      return limit(value, keyOf(value) + (comparison === 'codes' ? codesMargin : margin));
    },
  };
}

/** The key, widened to stay an upper bound after rounding to float32. Infinity until k rows are known. */
function limit(value: number, key: number): number {
  return value === Infinity ? Infinity : key + 4 * ROUNDING * Math.abs(key) + UNDERFLOW;
}

// These take the row where it is: to make an array of it would take longer than to measure it. Four sums at once do not wait
// for each other; the rows are filled up with zeros to whole groups of four, and so is the query.

function product(query: Float64Array, values: Float32Array, row: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < query.length; d += 4) {
    sum0 += (query[d] as number) * (values[row + d] as number);
    sum1 += (query[d + 1] as number) * (values[row + d + 1] as number);
    sum2 += (query[d + 2] as number) * (values[row + d + 2] as number);
    sum3 += (query[d + 3] as number) * (values[row + d + 3] as number);
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function squaredDistance(query: Float64Array, values: Float32Array, row: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let d = 0; d < query.length; d += 4) {
    const difference0 = (query[d] as number) - (values[row + d] as number);
    const difference1 = (query[d + 1] as number) - (values[row + d + 1] as number);
    const difference2 = (query[d + 2] as number) - (values[row + d + 2] as number);
    const difference3 = (query[d + 3] as number) - (values[row + d + 3] as number);
    sum0 += difference0 * difference0;
    sum1 += difference1 * difference1;
    sum2 += difference2 * difference2;
    sum3 += difference3 * difference3;
  }
  return sum0 + sum1 + (sum2 + sum3);
}
