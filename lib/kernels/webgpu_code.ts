/**
 * The programs of webgpu.ts, in WGSL. The inputs are arrays under their names, `result` is the output; their shapes are
 * among the uniforms. A tensor of floats that was cast from integers still holds integers on this backend: hence `f32`.
 */

/** A thread an element of the centers. */
export const COPY = `
fn main(index : i32) {
  if (index < uniforms.outShape.x * uniforms.outShape.y) {
    result[index] = f32(centers[index]);
  }
}`;

/** A thread an element of the features: `x - c`, zero for samples that take no part. */
export const DIFFERENCES = `
fn main(index : i32) {
  let featureDim = uniforms.featuresShape.y;
  if (index >= uniforms.featuresShape.x * featureDim) {
    return;
  }
  let classId = classIds[index / featureDim];
  var difference = 0.0;
  if (classId >= 0) {
    difference = f32(features[index]) - f32(centers[classId * featureDim + index % featureDim]);
  }
  result[index] = difference;
}`;

/** A thread a sample: its class id, or -1 if it is not counted since its difference to the center is not finite. */
export const COUNTED = `
fn main(index : i32) {
  if (index >= uniforms.stepsShape.x) {
    return;
  }
  let featureDim = uniforms.stepsShape.y;
  var classId = classIds[index];
  for (var i = index * featureDim; i < (index + 1) * featureDim; i++) {
    // By its bits, since compilers may take all numbers for finite.
    if ((bitcast<u32>(steps[i]) & 0x7f800000u) == 0x7f800000u) {
      classId = -1;
    }
  }
  result[index] = classId;
}`;

/** Where the hash table of classes is first looked into, from `[0, size)`, a power of two. */
const FIRST_SLOT = `
fn firstSlot(classId : i32, size : i32) -> i32 {
  return i32((u32(classId) * 0x9e3779b1u) >> 8u) & (size - 1);
}`;

/** A thread a sample: counts it in the table, whose first row is the classes, or -1, and whose second their counts. */
export const COUNT = `
${FIRST_SLOT}
fn main(index : i32) {
  if (index >= uniforms.countedShape) {
    return;
  }
  let classId = counted[index];
  if (classId < 0) {
    return;
  }
  let size = uniforms.outShape.y;
  var slot = firstSlot(classId, size);
  loop {
    let entry = atomicCompareExchangeWeak(&result[slot], -1, classId);
    if (entry.exchanged || entry.old_value == classId) {
      break;
    }
    // Not exchanged though it was free: may happen, and then is tried again.
    if (entry.old_value != -1) {
      slot = (slot + 1) & (size - 1);
    }
  }
  atomicAdd(&result[size + slot], 1);
}`;

/** A thread an element of the features: takes its share of the step to the center, which threads share. */
export const UPDATE = `
${FIRST_SLOT}
fn main(index : i32) {
  let featureDim = uniforms.stepsShape.y;
  if (index >= uniforms.stepsShape.x * featureDim) {
    return;
  }
  let classId = counted[index / featureDim];
  if (classId < 0) {
    return;
  }
  let size = uniforms.tableShape.y;
  var slot = firstSlot(classId, size);
  while (table[slot] != classId) {
    slot = (slot + 1) & (size - 1);
  }
  let step = uniforms.alpha / f32(1 + table[size + slot]) * steps[index];
  let center = classId * featureDim + index % featureDim;
  var old = atomicLoad(&result[center]);
  loop {
    let entry = atomicCompareExchangeWeak(&result[center], old, bitcast<i32>(bitcast<f32>(old) + step));
    if (entry.exchanged) {
      break;
    }
    old = entry.old_value;
  }
}`;
