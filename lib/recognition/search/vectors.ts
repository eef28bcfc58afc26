/** What is shorter has no direction that float32 could tell. */
const SHORTEST = 1e-15;

/** The Euclidean distance, in double precision. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) {
    const difference = (a[d] as number) - (b[d] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** The cosine of the angle, in double precision; 0 where a vector has no direction, as in scikit-learn. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let d = 0; d < a.length; d++) {
    product += (a[d] as number) * (b[d] as number);
  }
  // The two first: so it is the same to the last bit whichever vector comes first.
  return product * (inverseLength(a) * inverseLength(b));
}

/** In double precision. The vector is all numbers of the array, or some of them in place. */
export function length(values: Float32Array, from = 0, width = values.length): number {
  let sum = 0;
  for (let i = from; i < from + width; i++) {
    const value = values[i] as number;
    sum += value * value;
  }
  return Math.sqrt(sum);
}

/** One by the length; 0 for a vector that has no direction. */
export function inverseLength(vector: Float32Array): number {
  return inverseOf(length(vector));
}

/** One by a length; 0 for one that is too short to have a direction. */
export function inverseOf(own: number): number {
  return own < SHORTEST ? 0 : 1 / own;
}
