/**
 * The fragment shaders of webgl.ts, in GLSL. Each class is a linked list of its samples, so that a shader for an element
 * of the centers has no others to look at. WebGL 1 wants constant bounds of loops.
 */

/** `x - c` of each sample, zero for samples that take no part. */
export const DIFFERENCES = `
void main() {
  ivec2 coords = getOutputCoords();
  int classId = int(getClassIds(coords.x));
  float difference = 0.0;
  if (classId >= 0) {
    difference = getFeatures(coords.x, coords.y) - getCenters(classId, coords.y);
  }
  setOutput(difference);
}`;

/** Of each sample the class id, or -1 if it is not counted, since its difference to the center is not finite. */
export const counted = (featureDim: number): string => `
void main() {
  int i = getOutputCoords();
  float classId = getClassIds(i);
  if (classId >= 0.0) {
    for (int d = 0; d < ${featureDim}; d++) {
      float difference = getCenters(int(classId), d) - getFeatures(i, d);
      if (isnan(difference) || isinf(difference)) {
        classId = -1.0;
        break;
      }
    }
  }
  setOutput(classId);
}`;

/** Of each sample the next one of its class, or -1. */
export const next = (batchSize: number): string => `
void main() {
  int current = getOutputCoords();
  float classId = getCounted(current);
  int next = -1;
  for (int i = ${batchSize - 1}; i >= 0; i--) {
    if (i > current && getCounted(i) == classId) {
      next = i;
    }
  }
  setOutput(float(next));
}`;

/** Of each class the first sample, or -1. */
export const first = (batchSize: number): string => `
void main() {
  float classId = float(getOutputCoords());
  int first = -1;
  for (int i = ${batchSize - 1}; i >= 0; i--) {
    if (getCounted(i) == classId) {
      first = i;
    }
  }
  setOutput(float(first));
}`;

/** The new centers: each takes the sum of its samples' steps, in the order of the batch. */
export const update = (batchSize: number): string => `
void main() {
  ivec2 coords = getOutputCoords();
  float center = getCenters(coords.x, coords.y);
  int first = int(getFirst(coords.x));
  if (first < 0) {
    setOutput(center);
    return;
  }
  float count = 0.0;
  int i = first;
  for (int k = 0; k < ${batchSize}; k++) {
    if (i < 0) {
      break;
    }
    count += 1.0;
    i = int(getNext(i));
  }
  float rate = alpha / (1.0 + count);
  float step = 0.0;
  i = first;
  for (int k = 0; k < ${batchSize}; k++) {
    if (i < 0) {
      break;
    }
    // Scaling each difference, not their sum, keeps the sum of many large ones within range.
    step += rate * (center - getFeatures(i, coords.y));
    i = int(getNext(i));
  }
  setOutput(center - step);
}`;
