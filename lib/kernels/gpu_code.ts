/**
 * What the programs of gpu.ts compute: the `value` of an element of the output, in `row` and, of a matrix, `column`.
 * They are written in what GLSL and WGSL have in common. Comments stand outside of the code, since they would be in every
 * application.
 */
import type {ClassIdsAttrs} from './contracts.js';

/** The class id of a label, or -1. `ignoreClass` is compared only if it is a valid id; others fail `valid` anyway. */
export function classIds(attrs: ClassIdsAttrs, hasMask: boolean): string {
  const {numClasses, ignoreClass = -1, entryPerClass} = attrs;
  const isIgnored = ignoreClass >= 0 && ignoreClass < numClasses;
  return `${entryPerClass ? largestOf(numClasses) : idOf(numClasses)}
float value = -1.0;
if (valid${isIgnored ? ` && id != ${ignoreClass}.0` : ''}${hasMask ? ' && getMaskAtOutCoords() != 0.0' : ''}) {
  value = id;
}`;
}

const idOf = (numClasses: number) => `
float id = getLabelsAtOutCoords();
bool valid = !isnan(id) && id >= 0.0 && id < ${numClasses}.0 && id == floor(id);`;

const largestOf = (numClasses: number) => `
float id = 0.0;
float largest = getLabels(row, 0);
bool valid = !isnan(largest);
bool hasNaN = !valid;
for (int i = 1; i < ${numClasses}; i++) {
  float entry = getLabels(row, i);
  hasNaN = hasNaN || isnan(entry);
  valid = valid && entry != largest;
  if (entry > largest) {
    largest = entry;
    id = float(i);
    valid = true;
  }
}
valid = valid && !hasNaN;`;

/**
 * 1/1024 for a sample that takes part, else 0. 16-bit floats end at 65,504, and more samples can take part; multiplying
 * by a power of two rounds nothing.
 */
export const TAKES_PART = `
float value = step(0.0, getClassIds(row)) / 1024.0;`;

/** What a loss is divided by: the number of those that take part, or 1 where none are counted. */
const DIVISOR = 'max(getThousands() * 1024.0, 1.0)';

/** The loss of a sample. Dividing each square, not their sum, keeps a mean within range where the sum is not. */
export const losses = (featureDim: number): string => `
float value = 0.0;
int id = int(getClassIds(row));
if (id >= 0) {
  float scale = 0.5 / ${DIVISOR};
  for (int i = 0; i < ${featureDim}; i++) {
    float difference = getFeatures(row, i) - getCenters(id, i);
    value += difference * (difference * scale);
  }
}`;

/** The gradient of the weighted loss. */
export const GRADIENT = `
float value = 0.0;
int id = int(getClassIds(row));
if (id >= 0) {
  float difference = getFeatures(row, column) - getCenters(id, column);
  value = difference / ${DIVISOR} * getScale();
}`;

export const SCALED = `
float value = getValuesAtOutCoords() * getScale();`;
