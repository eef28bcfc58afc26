import * as tf from '@tensorflow/tfjs-core';
import {ValueError, whatIs} from '../errors.js';

/**
 * The tensor itself, or a new one of an array or number.
 *
 * @param name What it is, for the error message.
 * @throws ValueError for anything else, for entries that are not all numbers or all booleans, and for rows of unequal
 *   shape: TensorFlow.js makes 0 of a `null` and runs such rows together.
 */
export function toTensor(value: tf.Tensor | tf.TensorLike, name: string, caller: string): tf.Tensor {
  if (value instanceof tf.Tensor) {
    return value;
  }
  if (typeof value !== 'number' && !Array.isArray(value) && !isTypedArray(value)) {
    throw new ValueError(`${caller}: expected ${name} to be a tensor or an array, but got ${whatIs(value)}.`);
  }
  if (Array.isArray(value)) {
    checkEntries(value, firstPath(value), `${caller}: expected ${name}`);
  }
  return tf.tensor(value);
}

/** The first entries, from the outside in: arrays, then a number. They say what all others should be. */
function firstPath(value: unknown): unknown[] {
  return Array.isArray(value) && value.length > 0 ? [value, ...firstPath(value[0])] : [value];
}

/** @throws ValueError for the first entry that is not as those of the path are. */
function checkEntries(value: unknown, [pattern, ...inner]: unknown[], expected: string): void {
  if (Array.isArray(value) && Array.isArray(pattern)) {
    if (value.length !== pattern.length) {
      throw new ValueError(
        `${expected} in rows of ${pattern.length}, as the first is, but got one of ${value.length}.`,
      );
    }
    // Also visits the holes of an array.
    for (const entry of value) {
      checkEntries(entry, inner, expected);
    }
  } else if (!isNumeric(value) || typeof value !== typeof pattern || sizeOf(value) !== sizeOf(pattern)) {
    throw new ValueError(`${expected} to be numbers in rows of one length, but got ${whatIs(value)} among them.`);
  }
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || isTypedArray(value);
}

/** Of the types that TensorFlow.js takes. Its own function would bring all of `tf.util` into a small application. */
function isTypedArray(value: unknown): boolean {
  return /^\[object (Float32|Int32|Uint8|Uint8Clamped)Array\]$/.test(Object.prototype.toString.call(value));
}

/** Of a row that is a typed array, how long it is. */
function sizeOf(value: unknown): number | undefined {
  return (value as {length?: number}).length;
}
