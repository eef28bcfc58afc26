import * as tf from '@tensorflow/tfjs-core';
import {ValueError} from '../errors.js';
import {HOST_BACKENDS} from '../kernels/host_backends.js';

/** So many class ids are told apart in float32, which holds each integer up to this one: 2^24 + 1 becomes 2^24. */
export const FLOAT_CLASSES = 2 ** 24;

/**
 * Refuses more classes than the backend tells apart. The programs of devices, and the composite, compare class ids in
 * float32. In the memory of this process they are integers. Nothing is refused before there is a backend.
 *
 * @throws ValueError naming the backend.
 */
export function checkToldApart(numClasses: number, caller: string): void {
  const backend = tf.getBackend() as string | undefined;
  if (numClasses > FLOAT_CLASSES && backend && !HOST_BACKENDS.includes(backend)) {
    throw new ValueError(
      `${caller}: expected at most ${FLOAT_CLASSES} classes on ${backend}, which compares class ids in float32, ` +
        `but got ${numClasses}.`,
    );
  }
}
