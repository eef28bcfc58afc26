import * as tf from '@tensorflow/tfjs-core';
import {checkToldApart} from '../kernels/exact_ids.js';
import {HOST_BACKENDS} from '../kernels/host_backends.js';
import {checkedIds} from './checked_ids.js';
import type {LabelArgs} from './checked_ids.js';
import {idsOnDevice} from './ids_on_device.js';
import {labelFormOf} from './label_forms.js';
import type {LabelForm} from './label_forms.js';

/**
 * Brings every form of labels to one: an int32 vector of class ids, `NO_CLASS` for samples that take no part.
 *
 * @param labels Labels of any form in `label_forms.ts`; int32, float32 or bool.
 * @throws ValueError for a wrong shape or dtype, and for more classes than the backend can tell apart. RangeError for a
 *   class id that is no integer in `[0, numClasses)`: at once on host backends; on all others such a sample takes no
 *   part, and the error goes to `onLateError`.
 */
export function toClassIds(labels: tf.Tensor, args: LabelArgs): tf.Tensor1D {
  const form = labelFormOf(labels, args.leadingShape, args.numClasses, args.caller);
  checkToldApart(args.numClasses, args.caller);
  return tf.tidy(() => {
    const mask = args.mask && maskOfSamples(args.mask, args.leadingShape);
    return HOST_BACKENDS.includes(tf.getBackend())
      ? tf.tensor1d(idsOnHost(labels, form, mask, args), 'int32')
      : idsOnDevice(labels, form, mask, args);
  });
}

/**
 * The mask spread over all samples, or undefined if it is not over these samples: the executor of tf.layers hands a mask
 * on to every later layer, also past those that drop the masked axis.
 */
function maskOfSamples(mask: tf.Tensor, leadingShape: number[]): tf.Tensor | undefined {
  if (!mask.shape.every((size, axis) => size === leadingShape[axis])) {
    return undefined;
  }
  const padding = new Array<number>(leadingShape.length - mask.rank).fill(1);
  return tf.broadcastTo(tf.reshape(tf.cast(mask, 'float32'), [...mask.shape, ...padding]), leadingShape);
}

/**
 * The class ids of labels in the memory of this process: checked, and copied into an array.
 *
 * @throws RangeError for a class id that is no integer in `[0, numClasses)`.
 */
function idsOnHost(labels: tf.Tensor, form: LabelForm, mask: tf.Tensor | undefined, args: LabelArgs): Int32Array {
  const ids = form.idsOnHost(labels.dataSync<'float32' | 'int32'>(), args.numClasses);
  return checkedIds(ids, mask?.dataSync(), form, args);
}
