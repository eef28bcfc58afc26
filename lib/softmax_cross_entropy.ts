import * as tf from '@tensorflow/tfjs-core';
import {toClassIds} from './labels/class_ids.js';
import {labelFormOf} from './labels/label_forms.js';
import {ONE_HOT} from './labels/one_hot_form.js';
import {shapeOfLogits} from './tensor_checks.js';

/**
 * Softmax cross-entropy from logits, averaged over the samples; for `model.compile({loss: softmaxCrossEntropy})`.
 *
 * Computed from the log of the softmax, so that large logits neither overflow nor give NaN; with a gradient of its own,
 * since that of `tf.losses.softmaxCrossEntropy` loses digits there and takes for granted that targets sum to 1. The
 * logits are the outputs of a layer *without* softmax activation.
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
  const {leadingShape, numClasses} = shapeOfLogits(logits, where);
  const form = labelFormOf(yTrue, leadingShape, numClasses, where);
  const crossEntropy = tf.customGrad((x, save) => {
    const oneHot =
      form === ONE_HOT ? yTrue : tf.oneHot(toClassIds(yTrue, {leadingShape, numClasses, where}), numClasses);
    // A cast, since wasm writes the bits of an integer into a one-hot tensor of floats.
    const targets = tf.reshape(tf.cast(oneHot, 'float32'), [-1, numClasses]);
    const logProbabilities = tf.logSoftmax(x as tf.Tensor);
    const numSamples = Math.max(1, targets.size / numClasses);
    (save as tf.GradSaveFunc)([logProbabilities, targets]);
    return {
      value: tf.div<tf.Scalar>(tf.neg(tf.sum(tf.mul(targets, logProbabilities))), numSamples),
      gradFunc: (dy: tf.Scalar, saved: tf.Tensor[]) => {
        const [logs, weights] = saved as [tf.Tensor2D, tf.Tensor2D];
        // The weights of a sample need not sum to 1: those of one without a class are all zero.
        const pulled = tf.sub(tf.mul(tf.exp(logs), tf.sum(weights, 1, true)), weights);
        return tf.mul(pulled, tf.div(dy, numSamples));
      },
    };
  });
  return tf.tidy(() => crossEntropy(tf.reshape(logits, [-1, numClasses])));
}
