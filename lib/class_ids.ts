import * as tf from '@tensorflow/tfjs-core';
import {classIdsOnGpu} from './class_ids_on_gpu.js';
import {classIdsOnHost} from './class_ids_on_host.js';
import type {ClassIdsArgs} from './class_ids_on_host.js';
import {checkLabelDType, labelForm} from './label_form.js';

/** Backends whose tensors are in the memory of this process, so that reading them costs no waiting. */
const HOST_BACKENDS = ['cpu', 'wasm', 'tensorflow'];

/**
 * Brings every form of labels to one: an int32 vector of class ids, `NO_CLASS` for samples that take no part.
 *
 * @param labels Class ids of the leading shape, with or without a last axis of 1, or one-hot labels or probabilities
 *   with a last axis of `numClasses`, of which the arg-max counts; int32, float32 or bool. A sample whose
 *   entries are all alike, as `tf.oneHot` makes them of an id out of range, or of which one is NaN, takes no part.
 * @throws ValueError for a wrong shape or dtype. RangeError for a class id that is no integer in `[0, numClasses)`: at
 *   once on cpu, wasm and tensorflow; on GPU backends such a sample takes no part and the error goes to `onLateError`.
 */
export function toClassIds(labels: tf.Tensor, args: ClassIdsArgs): tf.Tensor1D {
  checkLabelDType(labels.dtype, args.where);
  const form = labelForm(labels.shape, args.leadingShape, args.numClasses, args.where);
  return tf.tidy(() => {
    const mask = args.mask && maskOfSamples(args.mask, args.leadingShape);
    return HOST_BACKENDS.includes(tf.getBackend())
      ? tf.tensor1d(classIdsOnHost(labels, form, mask, args), 'int32')
      : classIdsOnGpu(labels, form, mask, args);
  });
}

/**
 * The mask spread over all samples, or nothing if it is not over these samples: the executor of tf.layers hands a mask
 * on to every later layer, also past those that drop the masked axis.
 */
function maskOfSamples(mask: tf.Tensor, leadingShape: number[]): tf.Tensor1D | undefined {
  if (!tf.util.arraysEqual(mask.shape, leadingShape.slice(0, mask.rank))) {
    return undefined;
  }
  const padding = new Array<number>(leadingShape.length - mask.rank).fill(1);
  const spread = tf.broadcastTo(tf.reshape(tf.cast(mask, 'float32'), [...mask.shape, ...padding]), leadingShape);
  return tf.reshape(spread, [spread.size]);
}
