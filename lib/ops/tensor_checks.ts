import * as tf from '@tensorflow/tfjs-core';
import {quote, ValueError, whatIs} from '../errors.js';

/** 4 GiB of float32: what the WebAssembly memory could hold at most, and a limit to what a model file can ask for. */
const MAX_CENTER_VALUES = 2 ** 30;

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

/** @throws ValueError unless `weights` is a list of one tensor, centers of this shape. */
export function checkCenterWeights(weights: unknown, shape: number[], caller: string): void {
  const expected = `${caller}: expected one weight, centers of shape ${quote(shape)}, but got`;
  if (!isListOfTensors(weights)) {
    throw new ValueError(`${expected} ${whatIs(weights)} for a list of tensors.`);
  }
  if (weights.length !== 1 || String(weights[0]?.shape) !== String(shape)) {
    throw new ValueError(
      `${expected} ${weights.length} of shape ${weights.map((weight) => quote(weight.shape)).join(', ')}.`,
    );
  }
}

function isListOfTensors(values: unknown): values is tf.Tensor[] {
  return Array.isArray(values) && values.every((value) => value instanceof tf.Tensor);
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
 * Logits as float32, and the two parts of their shape: what the labels' shape begins with, and the number of classes.
 *
 * @throws ValueError for what has no classes, and for a dtype that is not of numbers.
 */
export function checkLogits(
  logits: tf.Tensor,
  caller: string,
): {scores: tf.Tensor; leadingShape: number[]; numClasses: number} {
  const {dtype, shape} = logits;
  if (dtype === 'string' || dtype === 'complex64') {
    throw new ValueError(`${caller}: expected logits of dtype float32, but got dtype ${dtype}.`);
  }
  const numClasses = shape.at(-1);
  if (!numClasses) {
    throw new ValueError(
      `${caller}: expected logits with a last dimension, the classes, of at least 1, but got shape ${quote(shape)}.`,
    );
  }
  // Other numbers are rare. A cast that changes nothing would be one more operation on the gradient tape.
  const scores = dtype === 'float32' ? logits : tf.cast(logits, 'float32');
  return {scores, leadingShape: shape.slice(0, -1), numClasses};
}
