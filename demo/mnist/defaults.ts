/** What the demos and the benchmark use where nothing else is asked for. */
export const DEFAULTS = {
  epochs: 8,
  batchSize: 128,
  featureDim: 2,
  alpha: 0.6,
  /** So that the pull to the centers stays the same when the batch size changes. */
  reduction: 'mean',
  /** As a sum over a batch it would be 0.256 / 128 = 0.002. */
  lossWeight: 0.256,
  seed: 1,
} as const;
