import * as tf from '@tensorflow/tfjs-core';
import {checkIgnoreClass} from './hyperparameters.js';
import {toClassIds} from '../labels/class_ids.js';
import {checkCenters, checkFeatures} from './tensor_checks.js';
import {toTensor} from './to_tensor.js';

/** Checked tensors of what a user hands over, with class ids for labels. */
export function checkedBatch(
  features: tf.Tensor | tf.TensorLike,
  labels: tf.Tensor | tf.TensorLike,
  centers: tf.Tensor | tf.TensorLike,
  ignoreClass: number | undefined,
  caller: string,
): {features: tf.Tensor; classIds: tf.Tensor1D; centers: tf.Tensor2D} {
  checkIgnoreClass(ignoreClass, caller);
  const table = checkCenters(toTensor(centers, 'centers', caller), caller);
  const samples = toTensor(features, 'features', caller);
  const [numClasses, featureDim] = table.shape;
  checkFeatures(samples.shape, samples.dtype, featureDim, caller);
  const leadingShape = samples.shape.slice(0, -1);
  const classIds = toClassIds(toTensor(labels, 'labels', caller), {leadingShape, numClasses, ignoreClass, caller});
  return {features: samples, classIds, centers: table};
}

/** Features as a matrix, a row a sample. */
export function samplesOf(features: tf.Tensor, centers: tf.Tensor2D): tf.Tensor2D {
  const featureDim = centers.shape[1];
  // Most features are a matrix already. A reshape would be one more operation on the gradient tape.
  return features.rank === 2
    ? (features as tf.Tensor2D)
    : tf.reshape(features, [features.size / featureDim, featureDim]);
}
