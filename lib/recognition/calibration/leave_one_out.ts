import {quote, ValueError} from '../../errors.js';
import {directionFactor} from '../enrolled_classes.js';
import type {EnrolledClasses} from '../enrolled_classes.js';
import type {Labelled} from '../pairs.js';
import {rowOf} from '../search/matrix.js';
import type {Matrix} from '../search/matrix.js';
import {inverseLength} from '../search/vectors.js';

/**
 * Samples that are enrolled, judged as if they were not: while one is compared with all classes, the center of its own class is the
 * mean of the others. A sample that is a template of its own stands aside for another template of its class.
 *
 * @param judge The answer to each of some samples.
 * @throws ValueError for a class of one sample, of which nothing would be left, for more samples of a class than its mean is of,
 *   and for a class with several templates of which none is this sample.
 */
export function leavingOneOut<Answer>(
  classes: EnrolledClasses,
  {known, labels}: Labelled,
  judge: (samples: Matrix) => Answer[],
): Answer[] {
  const {centers} = classes;
  const given = new Map<string, number>();
  const without = labels.map((label, i) => {
    const number = 1 + (given.get(label) ?? 0);
    given.set(label, number);
    return withoutSample(classes, label, rowOf(known, i), number);
  });
  return without.flatMap(({index, center}, i) => {
    const before = centers.row(index).slice();
    centers.set(index, center());
    try {
      return judge({values: rowOf(known, i), rows: 1, width: known.width});
    } finally {
      centers.set(index, before);
    }
  });
}

/**
 * Which row of its class a sample is part of, and what stands there without it.
 *
 * @param number How many of its class have come with it: a mean does not tell which samples it is of, but of how many.
 */
function withoutSample(
  classes: EnrolledClasses,
  label: string,
  sample: Float32Array,
  number: number,
): {index: number; center: () => ArrayLike<number>} {
  const {centers} = classes;
  const rows = classes.rowsOf(classes.indexOf(label) ?? NaN);
  if (rows.length > 1) {
    const own = rows.find((row) => centers.row(row).every((value, d) => value === sample[d]));
    const other = rows.find((row) => row !== own) ?? NaN;
    if (own === undefined || classes.samplesOf(own) > 1) {
      throw new ValueError(
        `calibrate: expected a sample that is left out to be a template of ${quote(label)}, which has ${rows.length}.`,
      );
    }
    return {index: own, center: () => centers.row(other).slice()};
  }
  const [index = NaN] = rows;
  const count = classes.samplesOf(index);
  if (count < 2 || number > count) {
    throw new ValueError(
      `calibrate: expected enrolled samples, at least two of a class, but ${quote(label)} has ${count}.`,
    );
  }
  return {index, center: () => meanWithout(centers.row(index), count, sample, centers.metric === 'cosine')};
}

/** The mean of the samples of a class but one: it follows from the mean of all, and their number. */
function meanWithout(center: Float32Array, count: number, row: Float32Array, isCosine: boolean): Float64Array {
  const all = isCosine ? count * directionFactor(center, count) : count;
  const own = isCosine ? inverseLength(row) : 1;
  return Float64Array.from(center, (value, d) => (all * value - own * (row[d] ?? NaN)) / (count - 1));
}
