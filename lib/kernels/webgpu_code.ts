/**
 * The programs of webgpu.ts, in WGSL. The inputs are arrays under their names, `result` is the output; their shapes are
 * among the uniforms. A tensor of floats that was cast from integers still holds integers on this backend: `getFeatures`
 * and its like, which TensorFlow.js writes, give floats. Comments stand outside of the code, since they would be in every
 * application.
 */

/** A program for what gpu_code.ts computes. What GLSL calls otherwise than WGSL is put right. */
export const programOf = (code: string, rank: number): string => `
fn main(index : i32) {
  if (index >= uniforms.size) {
    return;
  }
  let columns = ${rank < 2 ? 1 : 'uniforms.outShape.y'};
  let row = index / columns;
  let column = index % columns;
  ${code
    .replace(/(float|int|bool) /g, 'var ')
    .replace(/float\(/g, 'f32(')
    .replace(/int\(/g, 'i32(')
    .replace(/AtOutCoords\(/g, 'ByOutputIndex(index')}
  setOutputAtIndex(index, value);
}`;

/** The centers, in the language of gpu_code.ts. */
export const COPY = 'float value = getCentersAtOutCoords();';

/**
 * What an update needs, in one tensor of integers, a thread an element. Of N samples of width D it has:
 * 2N classes, a hash table, -1 where it is free; 2N counts, of the class in the same slot of the table; N slots in the
 * table, those of the samples' classes, or -1 for a sample that is not counted; N · D differences, by their bits.
 * Counts and slots are still 0 here. Finite is told by bits, since compilers may take all numbers for finite.
 */
export const PREPARED = `
fn main(index : i32) {
  let samples = uniforms.featuresShape.x;
  let featureDim = uniforms.featuresShape.y;
  let sample = index - 4 * samples;
  let element = sample - samples;
  if (index >= uniforms.outShape) {
    return;
  }
  let row = select(sample, element / featureDim, element >= 0);
  var value = select(0, -1, index < 2 * samples);
  if (row >= 0) {
    let classId = classIds[row];
    let offset = (classId - row) * featureDim;
    if (classId < 0) {
      value = -1;
    } else if (element >= 0) {
      value = bitcast<i32>(f32(features[element]) - f32(centers[element + offset]));
    } else {
      for (var i = row * featureDim; i < (row + 1) * featureDim; i++) {
        let bits = bitcast<u32>(f32(features[i]) - f32(centers[i + offset]));
        if ((bits & 0x7f800000u) == 0x7f800000u) {
          value = -1;
        }
      }
    }
  }
  result[index] = value;
}`;

/**
 * A thread a sample: finds the slot of its class, and counts it there. An exchange may fail though the slot was free,
 * and then is tried again.
 */
export const COUNT = `
fn main(index : i32) {
  let samples = uniforms.classIdsShape;
  if (index >= samples || atomicLoad(&result[4 * samples + index]) < 0) {
    return;
  }
  let classId = classIds[index];
  var slot = i32((u32(classId) * 0x9e3779b1u) >> 8u) % (2 * samples);
  loop {
    let entry = atomicCompareExchangeWeak(&result[slot], -1, classId);
    if (entry.exchanged || entry.old_value == classId) {
      break;
    }
    if (entry.old_value != -1) {
      slot = (slot + 1) % (2 * samples);
    }
  }
  atomicAdd(&result[2 * samples + slot], 1);
  atomicStore(&result[4 * samples + index], slot);
}`;

/** A thread an element of the features: takes its share of the step to the center, which threads share. */
export const UPDATE = `
fn main(index : i32) {
  let featureDim = uniforms.outShape.y;
  let samples = uniforms.preparedShape / (featureDim + 5);
  let row = index / featureDim;
  if (row >= samples || prepared[4 * samples + row] < 0) {
    return;
  }
  let slot = prepared[4 * samples + row];
  let rate = getAlpha() / f32(1 + prepared[2 * samples + slot]);
  let step = rate * bitcast<f32>(prepared[5 * samples + index]);
  let center = prepared[slot] * featureDim + index % featureDim;
  var old = atomicLoad(&result[center]);
  loop {
    let entry = atomicCompareExchangeWeak(&result[center], old, bitcast<i32>(bitcast<f32>(old) + step));
    if (entry.exchanged) {
      break;
    }
    old = entry.old_value;
  }
}`;
