/** How features come onto the plane. */
export interface Projection {
  /** The point that is shown in the middle. */
  middle: Float32Array;
  /** Two directions of length 1 at right angles. */
  axes: readonly [Float32Array, Float32Array];
}

/** Per frame: the axes follow the features from frame to frame, and are found after a few. */
const ITERATIONS = 12;

/**
 * The two directions in which the features differ most. A library would give them in any order and sign, so that the points
 * would jump from frame to frame: these are turned on from the ones before (orthogonal iteration).
 *
 * @param features `[samples, width]`, one after the other. With two features a sample they are the plane.
 */
export function principalAxes(features: Float32Array, width: number, before: Projection | undefined): Projection {
  if (width === 2) {
    return {middle: new Float32Array(2), axes: [Float32Array.of(1, 0), Float32Array.of(0, 1)]};
  }
  const middle = mean(features, width);
  const covariance = covarianceOf(features, middle);
  let [first, second] = before?.axes ?? [unit(width, 0), unit(width, 1)];
  for (let i = 0; i < ITERATIONS; i++) {
    const [a, b] = [times(covariance, first), times(covariance, second)];
    first = normalized(a, first);
    const overlap = dot(b, first);
    second = normalized(
      b.map((value, j) => value - overlap * (first[j] ?? 0)),
      second,
    );
  }
  return {middle, axes: [first, second]};
}

/** x and y of each sample, one after the other. */
export function project(features: Float32Array, {middle, axes}: Projection): Float32Array {
  const width = middle.length;
  return Float32Array.from({length: (2 * features.length) / width}, (_, i) => {
    const begin = Math.floor(i / 2) * width;
    const axis = i % 2 === 0 ? axes[0] : axes[1];
    return axis.reduce((sum, value, j) => sum + value * ((features[begin + j] ?? NaN) - (middle[j] ?? NaN)), 0);
  });
}

function mean(features: Float32Array, width: number): Float32Array {
  const sum = new Float32Array(width);
  features.forEach((value, i) => {
    sum[i % width] = (sum[i % width] ?? 0) + value;
  });
  return sum.map((value) => (value * width) / features.length);
}

function covarianceOf(features: Float32Array, middle: Float32Array): Float32Array[] {
  const width = middle.length;
  const covariance = Array.from({length: width}, () => new Float32Array(width));
  for (let begin = 0; begin < features.length; begin += width) {
    const centered = middle.map((value, j) => (features[begin + j] ?? NaN) - value);
    covariance.forEach((row, j) => {
      const factor = centered[j] ?? NaN;
      for (let k = 0; k < width; k++) {
        row[k] = (row[k] ?? 0) + factor * (centered[k] ?? NaN);
      }
    });
  }
  return covariance;
}

function times(matrix: readonly Float32Array[], vector: Float32Array): Float32Array {
  return Float32Array.from(matrix, (row) => dot(row, vector));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}

/** Where there is no direction, as when all features are equal, the one before. */
function normalized(vector: Float32Array, otherwise: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : otherwise;
}

function unit(width: number, index: number): Float32Array {
  const vector = new Float32Array(width);
  vector[index] = 1;
  return vector;
}
