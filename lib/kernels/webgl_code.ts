/**
 * The fragment shaders of webgl.ts, in GLSL. Each class is a linked list of its samples, so that a shader for an element
 * of the centers has no others to look at. WebGL 1 wants constant bounds of loops. Comments stand outside of the code,
 * since they would be in every application.
 */

/** A shader for what gpu_code.ts computes. */
export const shaderOf = (code: string, rank: number): string => `
void main() {
  ${rank < 2 ? 'int row = getOutputCoords();' : 'int row = getOutputCoords().x; int column = getOutputCoords().y;'}
  ${code}
  setOutput(value);
}`;

/** Of each sample the class id, or -1 if it is not counted, since its difference to the center is not finite. */
export const counted = (featureDim: number): string => `
float value = getClassIds(row);
int id = int(value);
if (id >= 0) {
  for (int i = 0; i < ${featureDim}; i++) {
    float difference = getFeatures(row, i) - getCenters(id, i);
    if (isnan(difference) || isinf(difference)) {
      value = -1.0;
    }
  }
}`;

/** Of each sample the next one of its class, and then of each class the first one; -1 where there is none. */
export const links = (batchSize: number): string => `
bool isSample = row < ${batchSize};
float classId = isSample ? getCounted(row) : float(row - ${batchSize});
float value = -1.0;
int i = isSample ? row + 1 : 0;
for (int k = 0; k < ${batchSize}; k++) {
  if (i >= ${batchSize}) {
    break;
  }
  if (getCounted(i) == classId) {
    value = float(i);
    break;
  }
  i++;
}`;

/**
 * The new centers: each takes the sum of its samples' steps, in the order of the batch. Scaling each difference, not
 * their sum, keeps the sum of many large ones within range. `max` changes nothing: it keeps a driver's compiler, such as
 * Mesa's, from taking the scale out of the sum. A center without samples keeps its bits.
 */
export const update = (batchSize: number): string => `
float value = getCenters(row, column);
int first = int(getLinks(${batchSize} + row));
float count = 1.0;
int i = first;
for (int k = 0; k < ${batchSize}; k++) {
  if (i < 0) {
    break;
  }
  count += 1.0;
  i = int(getLinks(i));
}
float step = 0.0;
i = first;
for (int k = 0; k < ${batchSize}; k++) {
  if (i < 0) {
    break;
  }
  step += max(getAlpha() / count * (value - getFeatures(i, column)), -3e38);
  i = int(getLinks(i));
}
if (first >= 0) {
  value -= step;
}`;
