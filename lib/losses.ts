import * as tf from '@tensorflow/tfjs-core';
import {checkLabelDType, labelForm, toClassIds} from './class_ids.js';

/**
 * Softmax cross-entropy from logits, averaged over the samples; for `model.compile({loss: softmaxCrossEntropy})`.
 *
 * Computed as log-sum-exp, so that large logits neither overflow nor give NaN. The logits are the outputs of a layer
 * *without* softmax activation.
 *
 * @param yTrue Class ids (int32 or float32) with the logits' leading shape, with or without a last axis of 1; or
 *   one-hot labels or probabilities of the logits' shape. (`fit`, `evaluate` and `trainOnBatch` of tf.layers demand
 *   targets of the output's shape, so one-hot ones; `fitDataset` and hand-written loops take class ids as well.)
 * @param logits float32 `[B, ..., C]`.
 * @returns A float32 scalar.
 * @throws ValueError for labels of another shape or dtype. RangeError for a class id that is no integer in `[0, C)`;
 *   on webgl and webgpu such a sample counts as loss 0 instead.
 */
export function softmaxCrossEntropy(yTrue: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  const where = 'softmaxCrossEntropy()';
  const {leadingShape, numClasses} = shapeOfLogits(logits);
  checkLabelDType(yTrue.dtype, where);
  const form = labelForm(yTrue.shape, leadingShape, numClasses, where);
  return tf.tidy(() => {
    const targets =
      form === 'one-hot'
        ? tf.reshape(tf.cast(yTrue, 'float32'), [-1, numClasses])
        : tf.oneHot(toClassIds(yTrue, {leadingShape, numClasses, where}), numClasses);
    return tf.losses.softmaxCrossEntropy(targets, tf.reshape(logits, [-1, numClasses]));
  });
}

/** The logits' shape, taken apart: what the labels must have, and the number of classes. */
export function shapeOfLogits(logits: tf.Tensor): {leadingShape: number[]; numClasses: number} {
  return {
    leadingShape: logits.shape.slice(0, -1),
    numClasses: logits.shape[logits.rank - 1] ?? 0,
  };
}
