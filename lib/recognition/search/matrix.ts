/** Rows of equal width, one after the other. */
export interface Matrix {
  values: Float32Array;
  rows: number;
  width: number;
}

/** A row of a matrix, in place. */
export function rowOf({values, width}: Matrix, row: number): Float32Array {
  return values.subarray(row * width, (row + 1) * width);
}
