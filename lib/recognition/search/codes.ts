/**
 * Rows and queries in small whole numbers, codes, each of which stands for itself times the factor of its row or query. A
 * code of a row takes a byte, a quarter of the number: to read them all takes a quarter of the time, and their products
 * with the codes of a query are exact. What they leave out is known, so that no row is passed over that may be among the best.
 */

/** The largest code of a row. */
export const MAX_ROW_CODE = 127;

/** Smaller numbers of float32 have fewer digits. */
const SMALLEST_NORMAL = 2 ** -126;

export interface Coding {
  factor: number;
  /** The length of the difference between the numbers and what their codes stand for. */
  error: number;
}

/** The largest code of a query: the sum of the products with a row of this width has to fit into 32 bits. */
export function maxQueryCode(width: number): number {
  return Math.min(2 ** 15 - 1, Math.floor((2 ** 31 - 1) / (MAX_ROW_CODE * width)));
}

/** Writes the codes of some numbers, of which the first is at `from`, to where they start. */
export function encode(
  values: Float32Array,
  from: number,
  width: number,
  maxCode: number,
  codes: Int8Array | Int16Array,
  start: number,
): Coding {
  let largest = 0;
  for (let i = from; i < from + width; i++) {
    const size = Math.abs(values[i] as number);
    if (size > largest) {
      largest = size;
    }
  }
  const factor = Math.fround(largest / maxCode);
  // Numbers that are too small for it are left out as a whole.
  const inverse = factor < SMALLEST_NORMAL ? 0 : 1 / factor;
  let squares = 0;
  for (let d = 0; d < width; d++) {
    const value = values[from + d] as number;
    // Math.round and the power take twice as long.
    const code = Math.floor(value * inverse + 0.5);
    const left = value - code * factor;
    codes[start + d] = code;
    squares += left * left;
  }
  return {factor, error: Math.sqrt(squares)};
}
