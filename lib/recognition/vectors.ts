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
  return product * inverseNorm(a) * inverseNorm(b);
}

/** One by the length of a vector; 0 for zeros. */
export function inverseNorm(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) {
    sum += value * value;
  }
  return sum === 0 ? 0 : 1 / Math.sqrt(sum);
}
