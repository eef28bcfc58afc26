import * as tf from '@tensorflow/tfjs-core';
import {toClassIds} from '../labels/class_ids.js';
import {labelFormOf, ONE_HOT} from '../labels/label_forms.js';
import {named} from './named.js';
import {checkLogits} from './tensor_checks.js';
import {toTensor} from './to_tensor.js';

/**
 * Softmax cross-entropy from logits, one loss a sample; for `model.compile({loss: softmaxCrossEntropy})`, which averages
 * over the samples, weighted by the `classWeight` of `fit`. In a loop written by hand take the mean.
 *
 * Computed from the log of the softmax, so that large logits neither overflow nor give NaN. A logit of `-Infinity` turns
 * its class off. The logits are the outputs of a layer *without* softmax activation.
 *
 * @param yTrue Class ids (int32 or float32) with the logits' leading shape, with or without a last axis of 1, which is
 *   needed where the axis before it has C entries; or one-hot labels or probabilities of the logits' shape. (`fit`,
 *   `evaluate` and `trainOnBatch` of tf.layers demand targets of the output's shape, so one-hot ones; `fitDataset` and
 *   hand-written loops take class ids as well.)
 * @param logits float32 `[B, ..., C]`; of one class the loss is 0.
 * @returns float32, the logits' leading shape: `-Σ_c y_c · log softmax(logits)_c` of each sample.
 * @throws ValueError for labels of another shape or dtype. RangeError for a class id that is no integer in `[0, C)`;
 *   on webgl and webgpu such a sample counts as loss 0 instead.
 * @example
 * ```js
 * const logits = tf.tensor2d([[2, 0], [0, 0]]);
 * softmaxCrossEntropy(tf.tensor1d([0, 1]), logits).print(); // [0.126928, 0.6931472]
 * ```
 */
export const softmaxCrossEntropy = /* @__PURE__ */ named(
  'softmaxCrossEntropy',
  (yTrue: tf.Tensor | tf.TensorLike, logits: tf.Tensor | tf.TensorLike): tf.Tensor => {
    const caller = 'softmaxCrossEntropy()';
    return tf.tidy(() => {
      const {scores, leadingShape, numClasses} = checkLogits(toTensor(logits, 'logits', caller), caller);
      const targets = targetsOf(toTensor(yTrue, 'labels', caller), leadingShape, numClasses, caller);
      return tf.reshape(crossEntropy(tf.reshape(scores, [-1, numClasses]), targets), leadingShape);
    });
  },
);

/** A row of weights of the classes for each sample, float32 `[N, C]`; all zero for one without a class. */
function targetsOf(labels: tf.Tensor, leadingShape: number[], numClasses: number, caller: string): tf.Tensor2D {
  const isOneHot = labelFormOf(labels, leadingShape, numClasses, caller) === ONE_HOT;
  const oneHot = isOneHot ? labels : oneHotOf(toClassIds(labels, {leadingShape, numClasses, caller}), numClasses);
  // A cast, since wasm writes the bits of an integer into a one-hot tensor of floats.
  return tf.reshape(tf.cast(oneHot, 'float32'), [-1, numClasses]);
}

/** TensorFlow.js makes it of two classes and more. Of one it is 1, or 0 for a sample without a class, which has id -1. */
function oneHotOf(classIds: tf.Tensor1D, numClasses: number): tf.Tensor {
  return numClasses === 1 ? tf.cast(tf.equal(classIds, 0), 'int32') : tf.oneHot(classIds, numClasses);
}

/**
 * Of each row. It has a gradient of its own, because that of `tf.losses.softmaxCrossEntropy` loses digits at large
 * logits, and takes for granted that the targets of a sample sum to 1.
 */
function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor {
  const lossOf = tf.customGrad((x, save) => {
    const scores = x as tf.Tensor2D;
    // Zero weights count as zero, also where the logarithm is -Infinity.
    const logs = tf.where(tf.equal(targets, 0), tf.zerosLike(targets), tf.logSoftmax(scores));
    (save as tf.GradSaveFunc)([scores, targets]);
    return {
      value: tf.neg(tf.sum(tf.mul(targets, logs), 1)),
      // Of the saved logits, so that it can be differentiated in its turn.
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedScores, weights] = saved as [tf.Tensor2D, tf.Tensor2D];
        const pulled = tf.sub(tf.mul(tf.softmax(savedScores), tf.sum(weights, 1, true)), weights);
        return tf.mul(pulled, tf.expandDims(dy, 1));
      },
    };
  });
  return lossOf(logits);
}
