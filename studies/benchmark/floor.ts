import type {Size} from './contender.js';

/**
 * What no implementation can do without: reading the features and the touched centers and writing the differences and
 * the touched centers, by typed-array copies. The differences go to memory that is there already, as in WebAssembly's
 * heap. Nothing of the size of all centers is touched.
 */
export function createFloor({numClasses, featureDim, batchSize}: Size, labels: ArrayLike<number>): () => void {
  const features = new Float32Array(batchSize * featureDim).fill(1);
  const differences = new Float32Array(batchSize * featureDim);
  const centers = new Float32Array(Math.min(numClasses, batchSize) * featureDim);
  const row = new Float32Array(featureDim);
  const slots = new Map<number, number>();
  for (const label of Array.from(labels)) {
    slots.set(label, slots.get(label) ?? slots.size);
  }
  const touched = [...slots.values()].map((slot) => slot * featureDim);
  return () => {
    differences.set(features);
    for (const start of touched) {
      row.set(centers.subarray(start, start + featureDim));
      centers.set(row, start);
    }
  };
}
