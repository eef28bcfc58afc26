import {rowOf} from '../features.js';
import type {Matrix} from '../features.js';
import {KBest} from './k_best.js';
import type {Candidate} from './k_best.js';
import {BATCH_SIZE, blockRows} from './row_memory.js';
import type {RowStore} from './row_store.js';
import {SoftminSum} from './softmin_sum.js';
import {cosine, distance} from '../vectors.js';

/** A row that was found. */
export interface Hit {
  index: number;
  /** The distance or the cosine, in double precision: whatever loops found the row, it is the same to the last bit. */
  value: number;
}

/** What a search finds out about one query. */
export interface Found {
  /** The best first; of equally good ones the lower index. */
  hits: Hit[];
  /** What the other rows weigh beside the nearest; asked for with `weighOthers` alone. */
  weightOfOthers: number;
}

interface Search {
  /** So many rows are looked for. */
  k: number;
  /** The nearest by distance, or the most alike by the cosine of the angle. */
  by: 'distance' | 'cosine';
  weighOthers: boolean;
}

/** What is known of a query while the blocks of rows pass by. */
interface Running {
  best: KBest;
  sum: SoftminSum | undefined;
}

/** The k best rows for each query, among all rows. Keeps a batch of queries times a block of rows in memory, no more. */
export function nearest(store: RowStore, queries: Matrix, search: Search): Found[] {
  const found: Found[] = [];
  for (let first = 0; first < queries.rows; first += BATCH_SIZE) {
    const size = Math.min(BATCH_SIZE, queries.rows - first);
    const running = runBatch(store, queries, first, size, search);
    running.forEach(({best, sum}, q) => {
      const query = rowOf(queries, first + q);
      found.push({
        hits: exactHits(store, query, best.take(), search.by),
        weightOfOthers: sum?.others ?? NaN,
      });
    });
  }
  return found;
}

function runBatch(
  store: RowStore,
  queries: Matrix,
  first: number,
  size: number,
  {k, by, weighOthers}: Search,
): Running[] {
  const {memory, stride} = store;
  const running = Array.from({length: size}, (_, q): Running => {
    const query = rowOf(queries, first + q);
    memory.queries.set(query, q * stride);
    return {best: new KBest(k), sum: weighOthers ? new SoftminSum() : undefined};
  });
  const step = blockRows(stride);
  for (let row = 0; row < store.count; row += step) {
    const rows = Math.min(step, store.count - row);
    const isCosine = by === 'cosine';
    const results = memory.compare(isCosine ? 'dotProduct' : 'squaredDistance', size, row, rows);
    running.forEach(({best, sum}, q) => {
      if (isCosine) {
        store.toCosineKeys(results, q * rows, row, rows);
      }
      best.offer(results, q * rows, rows, row);
      sum?.add(results, q * rows, rows);
    });
  }
  return running;
}

/** The candidates in the order of what they measure exactly. */
function exactHits(store: RowStore, query: Float32Array, candidates: readonly Candidate[], by: Search['by']): Hit[] {
  const measure = by === 'cosine' ? cosine : distance;
  const sign = by === 'cosine' ? -1 : 1;
  return candidates
    .map(({index}) => ({index, value: measure(query, store.row(index))}))
    .sort((a, b) => sign * (a.value - b.value) || a.index - b.index);
}
