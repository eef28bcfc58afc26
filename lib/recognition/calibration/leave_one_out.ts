import {quote, ValueError} from '../../errors.js';
import {directionFactor} from '../enrolled_classes.js';
import type {EnrolledClasses} from '../enrolled_classes.js';
import type {Labelled} from '../pairs.js';
import type {ScoredClass} from '../scoring.js';
import {rowOf} from '../search/matrix.js';
import type {Matrix} from '../search/matrix.js';
import {inverseLength} from '../search/vectors.js';

/**
 * Samples that are enrolled, judged as if they were not: while one is compared with all classes, the center of its own class is the mean
 * of the others.
 *
 * @param judge The class of each of some samples.
 * @throws ValueError for a class of one sample, of which nothing would be left.
 */
export function leavingOneOut(
  classes: EnrolledClasses,
  {known, labels}: Labelled,
  judge: (samples: Matrix) => ScoredClass[],
): ScoredClass[] {
  const {centers, samples} = classes;
  const indices = labels.map((label) => {
    const index = classes.indexOf(label) ?? NaN;
    if ((samples[index] ?? 0) < 2) {
      throw new ValueError(
        `calibrate: expected at least two samples of a class from which one is left out, but ${quote(label)} has one.`,
      );
    }
    return index;
  });
  return indices.flatMap((index, i) => {
    const row = rowOf(known, i);
    const center = centers.row(index).slice();
    centers.set(index, meanWithout(center, samples[index] ?? NaN, row, centers.metric === 'cosine'));
    try {
      return judge({values: row, rows: 1, width: known.width});
    } finally {
      centers.set(index, center);
    }
  });
}

/** The mean of the samples of a class but one: it follows from the mean of all, and their number. */
function meanWithout(center: Float32Array, count: number, row: Float32Array, isCosine: boolean): Float64Array {
  const all = isCosine ? count * directionFactor(center, count) : count;
  const own = isCosine ? inverseLength(row) : 1;
  return Float64Array.from(center, (value, d) => (all * value - own * (row[d] ?? NaN)) / (count - 1));
}
