/**
 * Relative error allowed between a backend's float32 results and values computed in double precision. float32 carries 24
 * bits, a relative error of 6e-8 an operation; sums over the few hundred terms of these specs, in whatever order a
 * backend takes, stay below 1e-5 with a wide margin, and an error in a formula shows far above it.
 */
export const RELATIVE_TOLERANCE = 1e-5;

/**
 * Expects numbers to agree within the tolerance, relative to the largest of the expected ones: in a small difference of
 * large numbers float32 cannot promise more.
 */
export function expectClose(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  where = '',
): void {
  const actualValues = typeof actual === 'number' ? [actual] : Array.from(actual);
  const expectedValues = typeof expected === 'number' ? [expected] : Array.from(expected);
  const scale = Math.max(...expectedValues.map(Math.abs), Number.MIN_VALUE);
  const errors = expectedValues.map((value, i) => Math.abs((actualValues[i] ?? NaN) - value) / scale);
  const close = actualValues.length === expectedValues.length && errors.every((error) => error <= RELATIVE_TOLERANCE);
  if (!close) {
    expect({where, values: actualValues}).toEqual({where, values: expectedValues});
  }
}
