/** Normally distributed numbers that float32 holds exactly; the same for the same seed. */
export function normalNumbers(count: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({length: count}, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
  });
}

/** Rows of a matrix with this width. */
export function toRows(values: Float32Array, width: number): number[][] {
  return Array.from({length: values.length / width}, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
}

/** Numbers from 0 to below 1. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same in another order. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = mulberry32(seed);
  return items
    .map((item) => ({item, place: random()}))
    .sort((a, b) => a.place - b.place)
    .map(({item}) => item);
}
