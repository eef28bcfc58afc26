import * as tf from '@tensorflow/tfjs-core';
import {ValueError} from '../errors.js';
import {HOST_BACKENDS} from './host_backends.js';

/** int32 holds the ids on their whole way. */
const OF_INT32 = 2 ** 31;

/** The ids are float32 on their way: up to 2²⁴ those are exact, and the next label is no longer told from a valid one. */
const OF_FLOAT32 = 2 ** 24;

/** The same of the 16-bit floats, of 11 bits, in which webgl stores all numbers on some phones. */
export const OF_FLOAT16 = 2 ** 11;

/** Whether the current backend is webgl on a device, most often a phone, that stores tensors as 16-bit floats. */
export function hasHalfFloats(): boolean {
  return tf.getBackend() === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
}

/** How many classes the current backend can tell apart by their ids. */
export function maxClasses(): number {
  if (HOST_BACKENDS.includes(tf.getBackend())) {
    return OF_INT32;
  }
  return hasHalfFloats() ? OF_FLOAT16 : OF_FLOAT32;
}

/** @throws ValueError for more classes than the current backend can tell apart. */
export function checkToldApart(numClasses: number, caller: string): void {
  const most = maxClasses();
  if (numClasses > most) {
    throw new ValueError(
      `${caller}: expected at most ${most} classes, since ${tf.getBackend()} has ids as ${hasHalfFloats() ? 16 : 32}-bit ` +
        `floats here, but got ${numClasses}. On cpu and wasm there can be more.`,
    );
  }
}
