import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import jpeg from 'jpeg-js';

/** A photograph of three people, which face-api brings along, `[height, width, 3]`. */
export function photograph(): tf.Tensor3D {
  const file = path.resolve(import.meta.dirname, '../../node_modules/@vladmandic/face-api/demo/sample3.jpg');
  const {data, width, height} = jpeg.decode(readFileSync(file), {formatAsRGBA: false});
  return tf.tidy(() => {
    const pixels = tf.tensor3d(Uint8Array.from(data), [height, width, 3], 'int32');
    return tf.image.resizeBilinear(pixels, [height / 2, width / 2]).toInt();
  });
}

/** The same people, mirrored and in less light. */
export function anotherPhotograph(): tf.Tensor3D {
  return tf.tidy(() => photograph().reverse(1).mul(tf.scalar(0.7)).toInt());
}
