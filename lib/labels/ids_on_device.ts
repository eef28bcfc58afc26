import * as tf from '@tensorflow/tfjs-core';
import {readEvenIfDisposed} from '../tfjs_internals.js';
import {checkedIds} from './checked_ids.js';
import type {LabelArgs} from './label_args.js';
import {NO_CLASS} from './label_form.js';
import type {LabelForm} from './label_form.js';

/**
 * The class ids by operations of the device, without waiting for a value. A bad id becomes {@link NO_CLASS} at once; its
 * error goes to `onLateError` when the labels have come from the device.
 */
export function idsOnDevice(
  labels: tf.Tensor,
  form: LabelForm,
  mask: tf.Tensor1D | undefined,
  args: LabelArgs,
): tf.Tensor1D {
  if (args.onLateError && form.idsMayBeWrong) {
    void checkLater(labels, form, mask, args, args.onLateError);
  }
  const ids = form.idsOnDevice(labels, args.numClasses);
  return validIds(tf.reshape(ids, [ids.size]), mask, args);
}

/** The check of the host, after the values have come from the device in their own time. */
async function checkLater(
  labels: tf.Tensor,
  form: LabelForm,
  mask: tf.Tensor | undefined,
  args: LabelArgs,
  onLateError: (error: Error) => void,
): Promise<void> {
  try {
    const [values, maskValues] = await Promise.all([readEvenIfDisposed(labels), mask && readEvenIfDisposed(mask)]);
    checkedIds(form.idsOnHost(values, args.numClasses), maskValues, form, args);
  } catch (error) {
    onLateError(error as Error);
  }
}

/** The conversion: what is no class becomes {@link NO_CLASS}. */
function validIds(ids: tf.Tensor1D, mask: tf.Tensor1D | undefined, {numClasses, ignoreClass}: LabelArgs): tf.Tensor1D {
  const values = tf.cast(ids, 'float32');
  // As few operations as possible, since a device runs a program for each: only an integer in range is equal to its
  // rounded value, cut off at both ends of the range.
  let valid: tf.Tensor = tf.equal(values, tf.clipByValue(tf.floor(values), 0, numClasses - 1));
  if (ignoreClass !== undefined) {
    valid = tf.logicalAnd(valid, tf.notEqual(values, ignoreClass));
  }
  if (mask) {
    valid = tf.logicalAnd(valid, tf.notEqual(mask, 0));
  }
  return tf.where(valid, tf.cast(values, 'int32'), tf.fill(ids.shape, NO_CLASS, 'int32'));
}
