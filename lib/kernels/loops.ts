import type {Reduction} from './contracts.js';
import type {CenterLossAttrs} from './contracts.js';

/** The kernels' inputs as row-major values in the memory of this process. */
export interface Batch {
  features: Float32Array;
  /** Negative for samples that take no part. */
  classIds: Int32Array;
  centers: Float32Array;
  featureDim: number;
}

/**
 * Writes the weighted loss's gradient to the features and returns the loss without the weight, in one pass, summing in
 * double precision.
 */
export function lossAndGradient(
  {features, classIds, centers, featureDim}: Batch,
  {reduction, lossWeight}: CenterLossAttrs,
  gradient: Float32Array,
): number {
  const lossScale = scaleOf(classIds, reduction);
  const scale = lossScale * lossWeight;
  let total = 0;
  for (let i = 0; i < classIds.length; i++) {
    const classId = classIds[i] as number;
    let x = i * featureDim;
    const end = x + featureDim;
    if (classId < 0) {
      gradient.fill(0, x, end);
      continue;
    }
    let c = classId * featureDim;
    // Four at a time, since an addition to a sum has to wait for the one before.
    for (; x < end - 3; x += 4, c += 4) {
      const difference0 = at(features, x) - at(centers, c);
      const difference1 = at(features, x + 1) - at(centers, c + 1);
      const difference2 = at(features, x + 2) - at(centers, c + 2);
      const difference3 = at(features, x + 3) - at(centers, c + 3);
      gradient[x] = scale * difference0;
      gradient[x + 1] = scale * difference1;
      gradient[x + 2] = scale * difference2;
      gradient[x + 3] = scale * difference3;
      total +=
        difference0 * difference0 + difference1 * difference1 + (difference2 * difference2 + difference3 * difference3);
    }
    for (; x < end; x++, c++) {
      const difference = at(features, x) - at(centers, c);
      gradient[x] = scale * difference;
      total += difference * difference;
    }
  }
  return 0.5 * lossScale * total;
}

/** Writes `factor * values`. */
export function scaleValues(values: Float32Array, factor: number, scaled: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    scaled[i] = factor * at(values, i);
  }
}

/**
 * Writes the updated centers of the classes in the batch over the old ones. The work and the memory for it grow with the
 * batch, not with the number of classes.
 */
export function updateCenters(batch: Batch, alpha: number): void {
  const {classIds, centers, featureDim} = batch;
  const updated = new Float32Array(featureDim);
  for (const [classId, samples] of groupByClass(classIds)) {
    const start = classId * featureDim;
    if (!updateCenter(batch, start, samples, alpha, updated)) {
      // A NaN must not get into the centers.
      const finite = samples.filter((sample) => updateCenter(batch, start, [sample], alpha, updated));
      updateCenter(batch, start, finite, alpha, updated);
    }
    centers.set(updated, start);
  }
}

/**
 * Writes the updated center that starts at `start` to `updated`, and returns whether all its differences to the samples
 * are finite, in float32.
 */
function updateCenter(
  {features, centers, featureDim}: Batch,
  start: number,
  samples: number[],
  alpha: number,
  updated: Float32Array,
): boolean {
  const count = samples.length;
  const rate = alpha / (1 + count);
  // Stays finite as long as all sums are: finite float32 numbers cannot overflow a sum in double precision.
  let total = 0;
  let d = 0;
  for (; d < featureDim - 3; d += 4) {
    const center0 = at(centers, start + d);
    const center1 = at(centers, start + d + 1);
    const center2 = at(centers, start + d + 2);
    const center3 = at(centers, start + d + 3);
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < count; k++) {
      const x = (samples[k] as number) * featureDim + d;
      sum0 += Math.fround(center0 - at(features, x));
      sum1 += Math.fround(center1 - at(features, x + 1));
      sum2 += Math.fround(center2 - at(features, x + 2));
      sum3 += Math.fround(center3 - at(features, x + 3));
    }
    updated[d] = center0 - rate * sum0;
    updated[d + 1] = center1 - rate * sum1;
    updated[d + 2] = center2 - rate * sum2;
    updated[d + 3] = center3 - rate * sum3;
    total += sum0 + sum1 + (sum2 + sum3);
  }
  for (; d < featureDim; d++) {
    const center = at(centers, start + d);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      sum += Math.fround(center - at(features, (samples[k] as number) * featureDim + d));
    }
    updated[d] = center - rate * sum;
    total += sum;
  }
  return Number.isFinite(total);
}

/** The indices of the samples of each class. */
function groupByClass(classIds: Int32Array): Map<number, number[]> {
  const byClass = new Map<number, number[]>();
  for (let i = 0; i < classIds.length; i++) {
    const classId = classIds[i] as number;
    const samples = byClass.get(classId);
    if (samples) {
      samples.push(i);
    } else if (classId >= 0) {
      byClass.set(classId, [i]);
    }
  }
  return byClass;
}

/** What the sum of the samples' losses is multiplied by. */
export function scaleOf(classIds: Int32Array, reduction: Reduction): number {
  if (reduction === 'sum') {
    return 1;
  }
  let participants = 0;
  for (const classId of classIds) {
    participants += classId < 0 ? 0 : 1;
  }
  return 1 / Math.max(1, participants);
}

/**
 * An element known to exist. It takes one type of array only: if it took several, JavaScript engines would look the type
 * up for each element.
 */
function at(values: Float32Array, index: number): number {
  return values[index] as number;
}
