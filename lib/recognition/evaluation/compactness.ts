import {ValueError} from '../../errors.js';
import {readLabelledFeatures} from '../features.js';
import type {Features} from '../features.js';
import {checkStringOrNumber} from '../labels.js';
import {distance} from '../search/vectors.js';

/** How compact classes are, in the unit of the features; the ratio has none. */
export interface Compactness {
  /** Mean distance of a sample to the mean of its class. */
  intraClass: number;
  /** Mean distance between the means of two classes. */
  interClass: number;
  /** `intraClass / interClass`: the smaller, the more compact are the classes beside what lies between them. */
  ratio: number;
}

/**
 * How compact classes are: what center loss is for. Unlike the loss it does not depend on the scale of the features.
 *
 * @param features `[N, D]`; a Float32Array has its width from the number of labels.
 * @param labels One a sample.
 * @throws ValueError for wrong features or labels, fewer than two classes, and classes that all have the same mean.
 * @example
 * ```js
 * const features = [[0, 1], [0, -1], [8, 1], [8, -1]];
 * console.log(await compactness(features, ['cat', 'cat', 'dog', 'dog'])); // {intraClass: 1, interClass: 8, ratio: 0.125}
 * ```
 */
export async function compactness(features: Features, labels: ArrayLike<string | number>): Promise<Compactness> {
  const read = await readLabelledFeatures(features, labels, checkStringOrNumber, undefined, 'compactness');
  const {values, width, rows} = read.matrix;
  const classes = new Map<string | number, {sum: Float64Array; samples: number[]}>();
  read.labels.forEach((label, i) => {
    const own = classes.get(label) ?? {sum: new Float64Array(width), samples: []};
    classes.set(label, own);
    own.samples.push(i);
    for (let d = 0; d < width; d++) {
      own.sum[d] = (own.sum[d] ?? NaN) + (values[i * width + d] ?? NaN);
    }
  });
  if (classes.size < 2) {
    throw new ValueError(`compactness: expected samples of at least two classes, but got ${classes.size}.`);
  }
  const means: Float64Array[] = [];
  let toOwnMean = 0;
  for (const {sum, samples} of classes.values()) {
    const mean = sum.map((value) => value / samples.length);
    means.push(mean);
    for (const i of samples) {
      toOwnMean += distance(values.subarray(i * width, (i + 1) * width), mean);
    }
  }
  let betweenMeans = 0;
  means.forEach((first, i) => {
    for (const second of means.slice(i + 1)) {
      betweenMeans += distance(first, second);
    }
  });
  if (betweenMeans === 0) {
    throw new ValueError('compactness: expected classes that differ, but all have the same mean.');
  }
  const intraClass = toOwnMean / rows;
  const interClass = betweenMeans / ((means.length * (means.length - 1)) / 2);
  return {intraClass, interClass, ratio: intraClass / interClass};
}
