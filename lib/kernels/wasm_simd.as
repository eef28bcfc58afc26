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
 * Writes the new centers of the classes in the batch over the old ones.
 *
 * @param work Memory for `6 * batchSize + featureDim` numbers of 4 bytes: it grows with the batch, not with the number
 *   of classes.
 */
export function updateCenters(
  features: usize,
  classIds: usize,
  centers: usize,
  batchSize: i32,
  featureDim: i32,
  alpha: f64,
  work: usize,
): void {
  const rowBytes = <usize>featureDim * VALUE_BYTES;
  if (batchSize == 0) {
    return;
  }
  // A hash table, at most half full, from classes to their last samples; of each sample the one of its class before it.
  const bits = 32 - clz(2 * batchSize - 1);
  const table = work;
  const tableEnd = table + (VALUE_BYTES << bits);
  const previous = tableEnd;
  const samples = previous + <usize>batchSize * VALUE_BYTES;
  const updated = samples + <usize>batchSize * VALUE_BYTES;
  memory.fill(table, 0xff, tableEnd - table);
  for (let i = 0; i < batchSize; i++) {
    if (load<i32>(classIds + <usize>i * VALUE_BYTES) >= 0) {
      const slot = slotOf(i, classIds, table, bits);
      store<i32>(previous + <usize>i * VALUE_BYTES, load<i32>(slot));
      store<i32>(slot, i);
    }
  }
  // Backwards: the last samples are the ones that the loss has left in the processor's cache.
  for (let last = batchSize - 1; last >= 0; last--) {
    const classId = load<i32>(classIds + <usize>last * VALUE_BYTES);
    if (classId >= 0 && load<i32>(slotOf(last, classIds, table, bits)) == last) {
      let end = samples;
      for (let i = last; i >= 0; i = load<i32>(previous + <usize>i * VALUE_BYTES)) {
        store<u32>(end, <u32>(features + <usize>i * rowBytes));
        end += VALUE_BYTES;
      }
      updateCenter(centers + <usize>classId * rowBytes, samples, end, featureDim, alpha, updated);
    }
  }
}

/** The place in the hash table for the class of sample `i`: holds a sample of that class, or -1. */
function slotOf(i: i32, classIds: usize, table: usize, bits: i32): usize {
  const classId = load<i32>(classIds + <usize>i * VALUE_BYTES);
  let slot = <usize>((<u32>classId * 0x9e3779b1) >>> (32 - bits)) * VALUE_BYTES;
  let known = load<i32>(table + slot);
  while (known >= 0 && load<i32>(classIds + <usize>known * VALUE_BYTES) != classId) {
    slot = (slot + VALUE_BYTES) & ((VALUE_BYTES << bits) - 1);
    known = load<i32>(table + slot);
  }
  return table + slot;
}

/**
 * Updates the center of one class. `samples` is an array of the addresses of its samples; those that are not counted are
 * dropped from it. `updated` is a row to work in.
 */
function updateCenter(center: usize, samples: usize, end: usize, featureDim: i32, alpha: f64, updated: usize): void {
  const rowBytes = <usize>featureDim * VALUE_BYTES;
  const wholeBytes = <usize>(featureDim & ~(LANES - 1)) * VALUE_BYTES;
  if (!writeUpdated(updated, center, samples, end, rowBytes, wholeBytes, alpha)) {
    // A NaN must not get into the centers.
    let finite = samples;
    for (let s = samples; s < end; s += VALUE_BYTES) {
      const x = load<u32>(s);
      if (isDifferenceFinite(x, center, rowBytes, wholeBytes)) {
        store<u32>(finite, x);
        finite += VALUE_BYTES;
      }
    }
    writeUpdated(updated, center, samples, finite, rowBytes, wholeBytes, alpha);
  }
  memory.copy(center, updated, rowBytes);
}

/** Writes a center after the batch to `updated`, and returns whether all differences to the samples are finite. */
function writeUpdated(
  updated: usize,
  center: usize,
  samples: usize,
  end: usize,
  rowBytes: usize,
  wholeBytes: usize,
  alpha: f64,
): bool {
  const rate = alpha / <f64>(1 + ((end - samples) >> 2));
  // Stays finite as long as all sums are: finite float32 numbers cannot overflow a sum in double precision.
  let totals = f64x2.splat(0);
  let d: usize = 0;
  // One sample, as most classes have it where there are many: no sum to keep exact, and half the work.
  if (end - samples == VALUE_BYTES) {
    const x = <usize>load<u32>(samples);
    const rates = f32x4.splat(<f32>rate);
    // May overflow where the differences are finite: then the slow way gives the same result.
    let sums = f32x4.splat(0);
    for (; d < wholeBytes; d += 16) {
      const c = v128.load(center + d);
      const difference = f32x4.sub(c, v128.load(x + d));
      sums = f32x4.add(sums, difference);
      v128.store(updated + d, f32x4.sub(c, f32x4.mul(difference, rates)));
    }
    totals = f64x2.add(f64x2.promote_low_f32x4(sums), f64x2.promote_low_f32x4(v128.shuffle<i64>(sums, sums, 1, 1)));
  }
  for (; d < wholeBytes; d += 16) {
    const c = v128.load(center + d);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let s = samples; s < end; s += VALUE_BYTES) {
      const difference = f32x4.sub(c, v128.load(<usize>load<u32>(s) + d));
      low = f64x2.add(low, f64x2.promote_low_f32x4(difference));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(difference, difference, 1, 1)));
    }
    totals = f64x2.add(totals, f64x2.add(low, high));
    const lowStep = f32x4.demote_f64x2_zero(f64x2.mul(low, f64x2.splat(rate)));
    const highStep = f32x4.demote_f64x2_zero(f64x2.mul(high, f64x2.splat(rate)));
    v128.store(updated + d, f32x4.sub(c, v128.shuffle<i64>(lowStep, highStep, 0, 2)));
  }
  let total = f64x2.extract_lane(totals, 0) + f64x2.extract_lane(totals, 1);
  for (; d < rowBytes; d += VALUE_BYTES) {
    const c = load<f32>(center + d);
    let sum: f64 = 0;
    for (let s = samples; s < end; s += VALUE_BYTES) {
      sum += <f64>(c - load<f32>(<usize>load<u32>(s) + d));
    }
    store<f32>(updated + d, c - <f32>(rate * sum));
    total += sum;
  }
  return isFinite(total);
}
