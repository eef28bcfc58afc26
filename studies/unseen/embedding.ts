import * as tf from '@tensorflow/tfjs';

import {alter, UNALTERED} from '../alter.js';
import type {Alteration} from '../alter.js';
import {FEATURE_LAYER} from './network.js';
import {AREA, SIZE} from './pictures.js';

const BATCH_SIZE = 500;

/** Features of pictures, one row after the other. */
export interface Rows {
  values: Float32Array;
  width: number;
}

/** How often, and how altered, a picture is looked at: its features are the mean of what is seen. */
export const LOOKS = {
  'one look': [UNALTERED],
  'nine looks': [
    UNALTERED,
    ...[-1, 1].flatMap((sign): Alteration[] => [
      {...UNALTERED, shiftX: sign},
      {...UNALTERED, shiftY: sign},
      {...UNALTERED, turn: (sign * Math.PI) / 24},
      {...UNALTERED, scaleX: 1 + 0.1 * sign, scaleY: 1 + 0.1 * sign},
    ]),
  ],
} as const satisfies Record<string, readonly Alteration[]>;

export type Looks = keyof typeof LOOKS;

export function embed(classifier: tf.LayersModel, pixels: Float32Array, looks: readonly Alteration[]): Rows {
  const model = tf.model({
    inputs: classifier.inputs,
    outputs: classifier.getLayer(FEATURE_LAYER).output,
  });
  const altered = new Float32Array(pixels.length);
  let sum: Float32Array | undefined;
  for (const look of looks) {
    for (let from = 0; from < pixels.length; from += AREA) {
      alter(SIZE, pixels, from, look, altered, from);
    }
    const seen = tf.tidy(() => {
      const features = model.predict(tf.tensor2d(altered, [pixels.length / AREA, AREA]), {batchSize: BATCH_SIZE});
      return (features as tf.Tensor).dataSync<'float32'>();
    });
    const before = sum;
    sum = seen.map((value, i) => value / looks.length + (before?.[i] ?? 0));
  }
  const values = sum ?? new Float32Array();
  return {values, width: values.length / (pixels.length / AREA)};
}

/** The same rows at length 1: their distances put pairs in the order of the cosine. */
export function atUnitLength({values, width}: Rows): Rows {
  const scaled = values.slice();
  for (let begin = 0; begin < values.length; begin += width) {
    const length = Math.hypot(...values.subarray(begin, begin + width));
    for (let i = begin; i < begin + width; i++) {
      scaled[i] = (values[i] ?? NaN) / length;
    }
  }
  return {values: scaled, width};
}
