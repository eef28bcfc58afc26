import {rowOf} from './matrix.js';
import type {Matrix} from './matrix.js';
import {encode, maxQueryCode} from './codes.js';
import {KBest} from './k_best.js';
import type {Hit} from './k_best.js';
import {measureOf} from './exact.js';
import type {Measure} from './exact.js';
import {BATCH_SIZE, GROUP_SIZE, MAX_KEYS, roundUp} from './row_memory.js';
import type {Comparison} from './row_memory.js';
import type {RowStore} from './row_store.js';
import {SoftminSum} from './softmin_sum.js';

/** What a search finds out about one query. */
export interface Found {
  /** The best first; of equally good ones the lower class. */
  hits: readonly Hit[];
  /** What the other classes weigh beside the nearest; NaN if it was not asked for. */
  weightOfOthers: number;
}

/** What is known of a query while the rows pass by. */
interface Running {
  best: KBest;
  measure: Measure;
  sum: SoftminSum | undefined;
  /** The shortest squared distance to each class, where it is summed up and classes have several rows. */
  shortest: Float32Array | undefined;
}

/** So many of those are kept at once, or those of one query. */
const MAX_SHORTEST = 2 ** 22;

/** The first block is small: before it nothing is known that would let a row be passed over. */
const FIRST_BLOCK = 64;
const BLOCK_GROWTH = 4;

/** Where more than this share of the rows was measured in vain, a comparison that is slower and more exact takes less time. */
const MAX_IN_VAIN = 1 / 8;

/**
 * The k best classes for each query, by the metric of the store: a class is as good as the best of its rows. Fast loops tell
 * which rows may be among the best; these are measured in double precision. So the result is exact, and the same whichever
 * loops there are.
 *
 * @param weighOthers Whether to sum up the weights of the others for a softmin of the distances.
 * @param classOf The class of each row; without it each row is a class of its own.
 */
export function nearest(
  store: RowStore,
  queries: Matrix,
  k: number,
  weighOthers = false,
  classOf?: Uint32Array,
): Found[] {
  const found: Found[] = [];
  const most = weighOthers && classOf ? Math.ceil(Math.min(BATCH_SIZE, MAX_SHORTEST / store.count)) : BATCH_SIZE;
  for (let first = 0; first < queries.rows; first += most) {
    const size = Math.min(most, queries.rows - first);
    const batch = Array.from({length: size}, (_, q) => rowOf(queries, first + q));
    for (const {best, sum} of runBatch(store, batch, k, weighOthers, classOf)) {
      found.push({hits: best.take(), weightOfOthers: sum?.others ?? NaN});
    }
  }
  return found;
}

function runBatch(
  store: RowStore,
  batch: readonly Float32Array[],
  k: number,
  weighOthers: boolean,
  classOf: Uint32Array | undefined,
): Running[] {
  const {memory, stride} = store;
  const running = batch.map((query, q): Running => {
    memory.queries.set(query, q * stride);
    const measure = measureOf(store, query, encodeQuery(store, query, q));
    const sum = weighOthers ? new SoftminSum() : undefined;
    const shortest = sum && classOf && new Float32Array(store.count).fill(Infinity);
    return {best: new KBest(k, classOf), measure, sum, shortest};
  });
  // Whole groups, since the keys of a group are all written, and there is no room for more than MAX_KEYS.
  const maxRows = GROUP_SIZE * Math.floor(MAX_KEYS / roundUp(batch.length) / GROUP_SIZE);
  let block = Math.min(FIRST_BLOCK, maxRows);
  let comparison = comparisonFor(store, weighOthers);
  for (let row = 0; row < store.count; row += block, block = Math.min(BLOCK_GROWTH * block, maxRows)) {
    const rows = Math.min(block, store.count - row);
    const inVain = runBlock(store, running, comparison, row, rows, classOf);
    if (comparison === 'codes' && inVain > MAX_IN_VAIN * rows * batch.length) {
      comparison = 'products';
    }
  }
  for (const {sum, shortest} of running) {
    if (shortest) {
      sum?.add(shortest, 0, shortest.length);
    }
  }
  // Nothing of what was asked for stays behind.
  memory.queries.fill(0, 0, batch.length * stride);
  memory.codes?.queries.fill(0, 0, batch.length * store.codeStride);
  return running;
}

/** Returns what the codes of the query leave out. */
function encodeQuery({memory, codeStride}: RowStore, query: Float32Array, q: number): number {
  const {codes} = memory;
  if (!codes) {
    return 0;
  }
  const {factor, error} = encode(query, 0, query.length, maxQueryCode(codeStride), codes.queries, q * codeStride);
  codes.queryFactors[q] = factor;
  return error;
}

function comparisonFor({memory}: RowStore, weighOthers: boolean): Comparison {
  // The weights need each distance, and not only the order.
  if (weighOthers) {
    return 'differences';
  }
  return memory.codes ? 'codes' : 'products';
}

/** Returns how many rows were measured that are not among the best, but for those that are apart. */
function runBlock(
  {memory}: RowStore,
  running: readonly Running[],
  comparison: Comparison,
  firstRow: number,
  rows: number,
  classOf: Uint32Array | undefined,
): number {
  const {keys, limits, promising} = memory;
  running.forEach(({best, measure}, q) => {
    limits[q] = measure.limitFor(best.worst, comparison);
  });
  const promisingCount = memory.compare(comparison, running.length, firstRow, rows);
  const rowsOfKeys = roundUp(rows);
  let inVain = 0;
  for (let i = 0; i < promisingCount; i++) {
    const slot = promising[i] as number;
    const q = Math.floor(slot / rowsOfKeys);
    const first = slot % rowsOfKeys;
    const {best, measure} = running[q] as Running;
    for (let r = first; r < Math.min(first + GROUP_SIZE, rows); r++) {
      if ((keys[q * rowsOfKeys + r] as number) < (limits[q] as number)) {
        if (best.offer(firstRow + r, measure.valueOf(firstRow + r))) {
          limits[q] = measure.limitFor(best.worst, comparison);
        } else if ((keys[q * rowsOfKeys + r] as number) > -Infinity) {
          inVain++;
        }
      }
    }
  }
  running.forEach(({sum, shortest}, q) => {
    if (shortest && classOf) {
      for (let r = 0; r < rows; r++) {
        const own = classOf[firstRow + r] as number;
        const key = keys[q * rowsOfKeys + r] as number;
        if (key < (shortest[own] as number)) {
          shortest[own] = key;
        }
      }
    } else {
      sum?.add(keys, q * rowsOfKeys, rows);
    }
  });
  return inVain;
}
