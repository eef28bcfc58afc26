import * as tf from '@tensorflow/tfjs-core';
import {toClassIds} from './labels/class_ids.js';
import {shapeOfLogits} from './tensor_checks.js';

/**
 * Whether the largest logit is at the labelled class; for `model.compile({metrics: [categoricalAccuracy]})`.
 *
 * @param yTrue The label forms of `softmaxCrossEntropy`.
 * @param logits float32 `[B, ..., C]`; softmax probabilities serve as well.
 * @returns float32, the logits' leading shape: 1 for a sample that is right, 0 for one that is wrong.
 * @throws ValueError for labels of another shape or dtype. RangeError for a class id that is no integer in `[0, C)`;
 *   on webgl and webgpu such a sample counts as wrong instead.
 */
export function categoricalAccuracy(yTrue: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const where = 'categoricalAccuracy()';
  const {leadingShape, numClasses} = shapeOfLogits(logits, where);
  return tf.tidy(() => {
    const classIds = toClassIds(yTrue, {leadingShape, numClasses, where});
    const predictions = tf.argMax(tf.reshape(logits, [-1, numClasses]), 1);
    return tf.reshape(tf.cast(tf.equal(classIds, predictions), 'float32'), leadingShape);
  });
}
