import * as tf from '@tensorflow/tfjs-core';
import {ValueError} from '../errors.js';
import {HOST_BACKENDS} from './host_backends.js';

/** So many class ids are told apart in float32, which holds each integer up to this one: 2^24 + 1 becomes 2^24. */
export const FLOAT_CLASSES = 2 ** 24;

/** The same of the 16-bit floats, of 11 bits, in which webgl stores all numbers on some phones. */
export const HALF_FLOAT_CLASSES = 2 ** 11;

/** Whether the current backend is webgl on a device, most often a phone, that stores tensors as 16-bit floats. */
export function hasHalfFloats(): boolean {
  return tf.getBackend() === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
}

/**
 * Refuses more classes than the current backend tells apart. The programs of devices, and the composite, compare class ids as
 * floats. In the memory of this process they are integers. Nothing is refused before there is a backend.
 *
 * @throws ValueError naming the backend.
 */
export function checkToldApart(numClasses: number, caller: string): void {
  const backend = tf.getBackend() as string | undefined;
  if (!backend || HOST_BACKENDS.includes(backend)) {
    return;
  }
  const [most, floats] = hasHalfFloats()
    ? [HALF_FLOAT_CLASSES, '16-bit floats on this device']
    : [FLOAT_CLASSES, 'float32'];
  if (numClasses > most) {
    throw new ValueError(
      `${caller}: expected at most ${most} classes on ${backend}, which compares class ids in ${floats}, ` +
        `but got ${numClasses}.`,
    );
  }
}
