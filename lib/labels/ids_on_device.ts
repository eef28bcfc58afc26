import type * as tf from '@tensorflow/tfjs-core';
import {classIdsKernel} from '../kernels/dispatch.js';
import {readEvenIfDisposed} from '../tfjs_internals.js';
import {checkedIds} from './checked_ids.js';
import type {LabelArgs} from './checked_ids.js';
import type {LabelForm} from './label_forms.js';

/**
 * The class ids by operations of the device, without waiting for a value. A bad id becomes `NO_CLASS` at once; its
 * error goes to `onLateError` when the labels have come from the device.
 */
export function idsOnDevice(
  labels: tf.Tensor,
  form: LabelForm,
  mask: tf.Tensor | undefined,
  args: LabelArgs,
): tf.Tensor1D {
  if (args.onLateError && !args.leaveOutBad && !form.entryPerClass) {
    void checkLater(labels, form, mask, args, args.onLateError);
  }
  const {numClasses, ignoreClass} = args;
  return classIdsKernel({labels, ...(mask && {mask})}, {numClasses, ignoreClass, entryPerClass: form.entryPerClass});
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
