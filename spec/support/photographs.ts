import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import jpeg from 'jpeg-js';

const FILE = path.resolve(import.meta.dirname, '../../node_modules/@vladmandic/face-api/demo/sample3.jpg');
/** How many of its pixels are one here, each way. */
const STEP = 3;

interface Pixels {
  values: Int32Array;
  shape: [height: number, width: number, channels: number];
}

/** Read once: that takes a second. */
let photographs: [Pixels, Pixels] | undefined;

function read(): [Pixels, Pixels] {
  const {data, ...size} = jpeg.decode(readFileSync(FILE), {formatAsRGBA: false});
  const [height, width] = [Math.floor(size.height / STEP), Math.floor(size.width / STEP)];
  const [values, mirrored] = [new Int32Array(height * width * 3), new Int32Array(height * width * 3)];
  for (let i = 0; i < values.length; i++) {
    const [y, x, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    const value = data[(STEP * y * size.width + STEP * x) * 3 + channel] ?? NaN;
    values[i] = value;
    mirrored[(y * width + width - 1 - x) * 3 + channel] = 0.7 * value;
  }
  const shape: Pixels['shape'] = [height, width, 3];
  return [
    {values, shape},
    {values: mirrored, shape},
  ];
}

/** A photograph of three people, which face-api brings along, and the same people, mirrored and in less light. */
export function twoPhotographs(): [tf.Tensor3D, tf.Tensor3D] {
  photographs ??= read();
  const [first, second] = photographs;
  return [
    tf.tensor3d(first.values.slice(), first.shape, 'int32'),
    tf.tensor3d(second.values.slice(), second.shape, 'int32'),
  ];
}
