import * as tf from '@tensorflow/tfjs-core';
import {toClassIds} from '../labels/class_ids.js';
import {named} from './named.js';
import {checkLogits} from './tensor_checks.js';
import {toTensor} from './to_tensor.js';

/**
 * Whether the largest logit is at the labelled class; for `model.compile({metrics: [categoricalAccuracy]})`.
 *
 * @param yTrue The label forms of `softmaxCrossEntropy`.
 * @param logits float32 `[B, ..., C]`; softmax probabilities serve as well.
 * @returns float32, the logits' leading shape: 1 for a sample that is right, 0 for one that is wrong, or whose label has
 *   several largest entries.
 * @throws ValueError for labels of another shape or dtype. RangeError for a class id that is no integer in `[0, C)`;
 *   on webgl and webgpu such a sample counts as wrong instead.
 * @example
 * ```js
 * const logits = tf.tensor2d([[2, 0], [3, 1]]);
 * categoricalAccuracy(tf.tensor1d([0, 1]), logits).print(); // [1, 0]
 * ```
 */
export const categoricalAccuracy = /* @__PURE__ */ named(
  'categoricalAccuracy',
  (yTrue: tf.Tensor | tf.TensorLike, logits: tf.Tensor | tf.TensorLike): tf.Tensor => {
    const caller = 'categoricalAccuracy()';
    return tf.tidy(() => {
      const {scores, leadingShape, numClasses} = checkLogits(toTensor(logits, 'logits', caller), caller);
      const classIds = toClassIds(toTensor(yTrue, 'labels', caller), {leadingShape, numClasses, caller});
      const predictions = tf.argMax(tf.reshape(scores, [-1, numClasses]), 1);
      return tf.reshape(tf.cast(tf.equal(classIds, predictions), 'float32'), leadingShape);
    });
  },
);
