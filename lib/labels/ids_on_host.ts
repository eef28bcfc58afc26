import type * as tf from '@tensorflow/tfjs-core';
import {checkedIds} from './checked_ids.js';
import type {LabelArgs} from './label_args.js';
import type {LabelForm} from './label_form.js';

/**
 * The class ids of labels in the memory of this process: checked, and copied into an array.
 *
 * @throws RangeError for a class id that is no integer in `[0, numClasses)`.
 */
export function idsOnHost(
  labels: tf.Tensor,
  form: LabelForm,
  mask: tf.Tensor | undefined,
  args: LabelArgs,
): Int32Array {
  const ids = form.idsOnHost(labels.dataSync<'float32' | 'int32'>(), args.numClasses);
  return checkedIds(ids, mask?.dataSync(), form, args);
}
