import {hasHalfFloats} from '../../lib/kernels/exact_ids.js';

/**
 * Relative error allowed between a backend's results and values computed in double precision. float32 carries 24 bits,
 * a relative error of 6e-8 an operation; sums over the few hundred terms of these specs, in whatever order a backend
 * takes, stay below 1e-5 with a wide margin, and an error in a formula shows far above it. That also holds for the
 * quotients and exponentials of webgl and webgpu, of which only the last two or three bits are left to the device.
 */
export const RELATIVE_TOLERANCE = 1e-5;

/** The same where webgl has textures of 16-bit floats only: 11 bits, a relative error of 5e-4 an operation. */
export const HALF_FLOAT_TOLERANCE = 1e-2;

/** That of the current backend. */
export function relativeTolerance(): number {
  return hasHalfFloats() ? HALF_FLOAT_TOLERANCE : RELATIVE_TOLERANCE;
}

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
  const tolerance = relativeTolerance();
  const isClose = actualValues.length === expectedValues.length && errors.every((error) => error <= tolerance);
  // Close or not, this counts as an assertion; not close, it shows both.
  expect({where, values: isClose ? expectedValues : actualValues}).toEqual({where, values: expectedValues});
}
