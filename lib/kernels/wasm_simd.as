/**
 * The loops of loops.ts in AssemblyScript, over WebAssembly's memory and four values at a time. `npm run build:simd`
 * compiles them into wasm_simd_binary.ts. Rows are given by their addresses, in bytes.
 */

const VALUE_BYTES: usize = 4;
const LANES: i32 = 4;

/** Writes the gradient of the samples and returns the sum of the squared differences. */
export function differences(
  features: usize,
  classIds: usize,
  centers: usize,
  gradient: usize,
  batchSize: i32,
  featureDim: i32,
  scale: f32,
): f64 {
  const rowBytes = <usize>featureDim * VALUE_BYTES;
  const wholeBytes = <usize>(featureDim & ~(LANES - 1)) * VALUE_BYTES;
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>batchSize; i++) {
    const x = features + i * rowBytes;
    const g = gradient + i * rowBytes;
    const classId = load<i32>(classIds + i * VALUE_BYTES);
    if (classId < 0) {
      memory.fill(g, 0, rowBytes);
      continue;
    }
    const c = centers + <usize>classId * rowBytes;
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let d: usize = 0;
    for (; d < wholeBytes; d += 16) {
      const difference = f32x4.sub(v128.load(x + d), v128.load(c + d));
      v128.store(g + d, f32x4.mul(difference, f32x4.splat(scale)));
      const lowHalf = f64x2.promote_low_f32x4(difference);
      const highHalf = f64x2.promote_low_f32x4(v128.shuffle<i64>(difference, difference, 1, 1));
      low = f64x2.add(low, f64x2.mul(lowHalf, lowHalf));
      high = f64x2.add(high, f64x2.mul(highHalf, highHalf));
    }
    const sums = f64x2.add(low, high);
    total += f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (; d < rowBytes; d += VALUE_BYTES) {
      const difference = load<f32>(x + d) - load<f32>(c + d);
      store<f32>(g + d, difference * scale);
      total += <f64>difference * <f64>difference;
    }
  }
  return total;
}

/** Writes `factor * values`. */
export function scale(values: usize, scaled: usize, size: i32, factor: f32): void {
  const bytes = <usize>size * VALUE_BYTES;
  const wholeBytes = <usize>(size & ~(LANES - 1)) * VALUE_BYTES;
  let d: usize = 0;
  for (; d < wholeBytes; d += 16) {
    v128.store(scaled + d, f32x4.mul(v128.load(values + d), f32x4.splat(factor)));
  }
  for (; d < bytes; d += VALUE_BYTES) {
    store<f32>(scaled + d, load<f32>(values + d) * factor);
  }
}

/** Whether all differences between two rows are finite. */
function isDifferenceFinite(x: usize, c: usize, rowBytes: usize, wholeBytes: usize): bool {
  let finite = i32x4.splat(-1);
  let d: usize = 0;
  for (; d < wholeBytes; d += 16) {
    const size = f32x4.abs(f32x4.sub(v128.load(c + d), v128.load(x + d)));
    finite = v128.and(finite, f32x4.lt(size, f32x4.splat(Infinity)));
  }
  let rest = true;
  for (; d < rowBytes; d += VALUE_BYTES) {
    rest = rest && isFinite(load<f32>(c + d) - load<f32>(x + d));
  }
  return rest && i32x4.all_true(finite);
}

/**
 * Moves the center of one class. `samples` is an array of the addresses of its samples; those that are not counted are
 * dropped from it.
 */
export function moveCenter(center: usize, samples: usize, count: i32, featureDim: i32, alpha: f64): void {
  const rowBytes = <usize>featureDim * VALUE_BYTES;
  const wholeBytes = <usize>(featureDim & ~(LANES - 1)) * VALUE_BYTES;
  let end = samples;
  for (let s = samples; s < samples + <usize>count * VALUE_BYTES; s += VALUE_BYTES) {
    const x = load<u32>(s);
    if (isDifferenceFinite(x, center, rowBytes, wholeBytes)) {
      store<u32>(end, x);
      end += VALUE_BYTES;
    }
  }
  const rate = alpha / <f64>(1 + ((end - samples) >> 2));
  let d: usize = 0;
  for (; d < wholeBytes; d += 16) {
    const c = v128.load(center + d);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let s = samples; s < end; s += VALUE_BYTES) {
      const difference = f32x4.sub(c, v128.load(<usize>load<u32>(s) + d));
      low = f64x2.add(low, f64x2.promote_low_f32x4(difference));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(difference, difference, 1, 1)));
    }
    const lowStep = f32x4.demote_f64x2_zero(f64x2.mul(low, f64x2.splat(rate)));
    const highStep = f32x4.demote_f64x2_zero(f64x2.mul(high, f64x2.splat(rate)));
    v128.store(center + d, f32x4.sub(c, v128.shuffle<i64>(lowStep, highStep, 0, 2)));
  }
  for (; d < rowBytes; d += VALUE_BYTES) {
    const c = load<f32>(center + d);
    let sum: f64 = 0;
    for (let s = samples; s < end; s += VALUE_BYTES) {
      sum += <f64>(c - load<f32>(<usize>load<u32>(s) + d));
    }
    store<f32>(center + d, c - <f32>(rate * sum));
  }
}
