import * as tf from '@tensorflow/tfjs-core';
import {quote, ValueError} from '../errors.js';

/** 4 GiB of float32: what the WebAssembly memory could hold at most, and a limit to what a model file can ask for. */
const MAX_CENTER_VALUES = 2 ** 30;

/**
 * The tensor itself, or a new one of an array or number.
 *
 * @param name What it is, for the error message.
 * @throws ValueError for anything else, and for what is no number in an array: `tf.tensor` would make 0 of null.
 */
export function toTensor(value: tf.Tensor | tf.TensorLike, name: string, caller: string): tf.Tensor {
  if (value instanceof tf.Tensor) {
    return value;
  }
  if (typeof value !== 'number' && !Array.isArray(value) && !isTypedArray(value)) {
    throw new ValueError(`${caller}: expected ${name} to be a tensor or an array, but got ${quote(value)}.`);
  }
  checkNumbers(value, name, caller);
  return tf.tensor(value);
}

/** Of those that tensors are made of. */
function isTypedArray(value: unknown): boolean {
  return ArrayBuffer.isView(value) && 'length' in value && typeof (value as Float32Array)[0] !== 'bigint';
}

/** Labels can be bool. */
function checkNumbers(value: unknown, name: string, caller: string): void {
  if (Array.isArray(value)) {
    for (const inner of value) {
      checkNumbers(inner, name, caller);
    }
  } else if (typeof value !== 'number' && typeof value !== 'boolean' && !isTypedArray(value)) {
    throw new ValueError(`${caller}: expected numbers in ${name}, but got ${quote(value)}.`);
  }
}

/**
 * Checks the shape and dtype of features, of a symbolic tensor as well.
 *
 * @param featureDim The width that the features must have, if that is known.
 * @returns The width D of the features.
 * @throws ValueError naming what was expected.
 */
export function checkFeatures(
  shape: readonly (number | null)[],
  dtype: string,
  featureDim: number | undefined,
  caller: string,
): number {
  if (dtype !== 'float32') {
    throw new ValueError(`${caller}: expected features of dtype float32, but got dtype ${dtype}.`);
  }
  const width = shape[shape.length - 1];
  if (shape.length < 2 || !width) {
    throw new ValueError(
      `${caller}: expected features of shape [batch, ..., features] with a last dimension of at least 1, ` +
        `but got shape ${quote(shape)}.`,
    );
  }
  if (featureDim !== undefined && width !== featureDim) {
    throw new ValueError(
      `${caller}: expected features with a last dimension of ${featureDim}, the width of the centers, ` +
        `but got shape ${quote(shape)}.`,
    );
  }
  return width;
}

/** @throws ValueError unless `centers` is a float32 matrix with at least one value. */
export function checkCenters(centers: tf.Tensor, caller: string): tf.Tensor2D {
  if (centers.dtype !== 'float32' || centers.rank !== 2 || centers.size === 0) {
    throw new ValueError(
      `${caller}: expected centers of dtype float32 and shape [classes, features], ` +
        `but got dtype ${centers.dtype} and shape ${quote(centers.shape)}.`,
    );
  }
  return centers as tf.Tensor2D;
}

/** @throws ValueError if so many centers of this width would be too many values. */
export function checkCentersFit(numClasses: number, featureDim: number, caller: string): void {
  if (numClasses * featureDim > MAX_CENTER_VALUES) {
    throw new ValueError(
      `${caller}: expected numClasses times the features' last dimension to be at most ${MAX_CENTER_VALUES}, ` +
        `but got numClasses ${numClasses} and ${featureDim}.`,
    );
  }
}

/**
 * The two parts of the shape of logits: what the labels' shape begins with, and the number of classes.
 *
 * @throws ValueError for a scalar.
 */
export function shapeOfLogits(logits: tf.Tensor, caller: string): {leadingShape: number[]; numClasses: number} {
  const numClasses = logits.shape[logits.rank - 1];
  if (numClasses === undefined) {
    throw new ValueError(`${caller}: expected logits with a last dimension, the classes, but got a scalar.`);
  }
  return {leadingShape: logits.shape.slice(0, -1), numClasses};
}
