import {inverseLength, length} from '../vectors.js';
import type {Comparison} from './row_memory.js';
import type {RowStore} from './row_store.js';

/** The exact measure of a query, and how far the keys of the fast loops may be from it. */
export interface Measure {
  /** The distance to a row, or the negative cosine, in double precision: the smaller, the better. */
  valueOf(index: number): number;
  /** The key from which on a row cannot be better than this value, whatever the rounding. */
  limitFor(value: number): number;
}

/** Half a unit in the last place of a float32 number 1. */
const ROUNDING = 2 ** -24;
/** Below the smallest normal number float32 rounds to more than that. */
const UNDERFLOW = 1e-36;
/** What rounds beside the additions of a sum: the products, the lanes of a vector, the term, with some to spare. */
const OTHER_ROUNDINGS = 12;

export function measureOf(store: RowStore, query: Float32Array, comparison: Comparison): Measure {
  const {stride} = store;
  const {values} = store.memory;
  // The loops add up four sums at once: so many roundings follow each other.
  const error = (stride / 4 + OTHER_ROUNDINGS) * ROUNDING;
  const queryLength = length(query);
  if (comparison === 'cosine') {
    const inverse = inverseLength(query);
    return {
      valueOf: (index) => 0 - product(query, values, index * stride) * inverse * inverseLength(store.row(index)),
      limitFor: (value) => limit(value, value * queryLength + error * queryLength),
    };
  }
  const valueOf = (index: number) => Math.sqrt(squaredDistance(query, values, index * stride));
  if (comparison === 'difference') {
    return {valueOf, limitFor: (value) => limit(value, value * value * (1 + error))};
  }
  // The usual bound for the error of a product, and that of the term.
  const margin = error * (queryLength + store.longest) * store.longest;
  return {valueOf, limitFor: (value) => limit(value, (value * value - queryLength * queryLength) / 2 + margin)};
}

/** Above the key in float32 as well; everything is of interest as long as there is no value to be better than. */
function limit(value: number, key: number): number {
  return value === Infinity ? Infinity : key + 4 * ROUNDING * Math.abs(key) + UNDERFLOW;
}

// These take the row where it is: to make an array of it would take longer than to measure it.

function product(query: Float32Array, values: Float32Array, row: number): number {
  let sum = 0;
  for (let d = 0; d < query.length; d++) {
    sum += (query[d] as number) * (values[row + d] as number);
  }
  return sum;
}

function squaredDistance(query: Float32Array, values: Float32Array, row: number): number {
  let sum = 0;
  for (let d = 0; d < query.length; d++) {
    const difference = (query[d] as number) - (values[row + d] as number);
    sum += difference * difference;
  }
  return sum;
}
