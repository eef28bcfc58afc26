import {quote, ValueError} from '../../errors.js';
import {readLabelledFeatures} from '../features.js';
import type {Features} from '../features.js';
import {checkStringOrNumber} from '../labels.js';
import {nearest} from '../search/nearest.js';
import {RowStore} from '../search/row_store.js';

/**
 * Recall at 1, the measure of deep metric learning: the share of samples whose nearest other sample has their label. Of
 * equally near ones the first counts. Samples that are alone with their label can find none, and are not counted.
 *
 * Compares all pairs, by the exact search of the recognizer: the time grows with N², the memory with N.
 *
 * @param features `[N, D]`; a Float32Array has its width from the number of labels.
 * @param labels One a sample.
 * @returns From 0 to 1.
 * @throws ValueError for wrong features or labels, if no two samples have the same label, and if all features are the same.
 * @example
 * ```js
 * const features = [[0, 0], [0, 1], [8, 0], [8, 1], [0, 2]];
 * console.log(await recallAt1(features, ['cat', 'cat', 'dog', 'dog', 'dog'])); // 0.8
 * ```
 */
export async function recallAt1(features: Features, labels: ArrayLike<string | number>): Promise<number> {
  const read = await readLabelledFeatures(features, labels, checkStringOrNumber, undefined, 'recallAt1');
  const {matrix, labels: known} = read;
  const {values, rows, width} = matrix;
  const counts = new Map<unknown, number>();
  const store = new RowStore(width, 'distance');
  store.reserve(rows);
  for (let i = 0; i < rows; i++) {
    counts.set(known[i], (counts.get(known[i]) ?? 0) + 1);
    store.add(values.subarray(i * width, (i + 1) * width));
  }
  if (counts.size === rows) {
    throw new ValueError(`recallAt1: expected two samples with the same label, but all ${rows} differ.`);
  }
  if (values.every((value, i) => value === values[i % width])) {
    throw new ValueError(
      `recallAt1: expected features that differ, but all are ${quote([...values.slice(0, width)])}.`,
    );
  }
  let counted = 0;
  let right = 0;
  nearest(store, matrix, 2).forEach(({hits}, i) => {
    if ((counts.get(known[i]) ?? 0) > 1) {
      // The sample itself is one of the two, unless two others are the same.
      const other = hits.find(({index}) => index !== i);
      counted += 1;
      right += other !== undefined && known[other.index] === known[i] ? 1 : 0;
    }
  });
  return right / counted;
}
