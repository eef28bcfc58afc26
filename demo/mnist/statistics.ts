export interface Summary {
  mean: number;
  /** The standard deviation of a value; NaN of one alone. */
  spread: number;
}

export function summarize(values: readonly number[]): Summary {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, spread: Math.sqrt(squares / (values.length - 1))};
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
