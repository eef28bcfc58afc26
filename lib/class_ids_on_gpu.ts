import * as tf from '@tensorflow/tfjs-core';
import {checkedIds, NO_CLASS} from './class_ids_on_host.js';
import type {ClassIdsArgs} from './class_ids_on_host.js';
import type {LabelForm} from './label_form.js';

/** The class ids without anybody waiting for the labels: `NO_CLASS` for a bad one, and its error goes to `onLateError`. */
export function classIdsOnGpu(
  labels: tf.Tensor,
  form: LabelForm,
  mask: tf.Tensor1D | undefined,
  args: ClassIdsArgs,
): tf.Tensor1D {
  if (args.onLateError && form === 'class ids') {
    void checkLater(labels, mask, args, args.onLateError);
  }
  const ids = form === 'one-hot' ? argMax(labels, args.numClasses) : tf.reshape(labels, [labels.size]);
  return validIds(ids as tf.Tensor1D, mask, args);
}

/** Of each row of one-hot labels the place of the largest entry; `NO_CLASS` if all are alike, or one is NaN. */
function argMax(labels: tf.Tensor, numClasses: number): tf.Tensor {
  const rows = tf.reshape(tf.cast(labels, 'float32'), [-1, numClasses]);
  const differ = tf.greater(tf.max(rows, 1), tf.min(rows, 1));
  const hasClass = tf.logicalAnd(differ, tf.logicalNot(tf.any(tf.isNaN(rows), 1)));
  // A vector, since spreading a scalar over the rows makes some backends read it back.
  return tf.where(hasClass, tf.argMax(rows, 1), tf.fill(hasClass.shape, NO_CLASS, 'int32'));
}

/** The check of the host, after the values have come from the GPU in their own time. */
async function checkLater(
  ids: tf.Tensor,
  mask: tf.Tensor | undefined,
  args: ClassIdsArgs,
  onLateError: (error: Error) => void,
): Promise<void> {
  try {
    const [values, maskValues] = await Promise.all([readLater(ids), mask && readLater(mask)]);
    checkedIds(values, maskValues, 'class ids', args);
  } catch (error) {
    onLateError(error as Error);
  }
}

/**
 * The values of a tensor that its owner may dispose before they have come: WebGPU then has nothing to put them into. So
 * its data get one user more meanwhile, of which the engine's count of tensors knows nothing.
 */
async function readLater({dataId}: tf.Tensor): Promise<ArrayLike<number>> {
  const engine = tf.engine();
  const backendOf = () => engine.state.tensorInfo.get(dataId)?.backend;
  backendOf()?.incRef(dataId);
  try {
    return (await engine.read(dataId)) as ArrayLike<number>;
  } finally {
    const backend = backendOf();
    if (backend?.disposeData(dataId)) {
      engine.removeDataId(dataId, backend);
    }
  }
}

/** The conversion: what is no class becomes `NO_CLASS`. */
function validIds(
  ids: tf.Tensor1D,
  mask: tf.Tensor1D | undefined,
  {numClasses, ignoreClass}: ClassIdsArgs,
): tf.Tensor1D {
  const values = tf.cast(ids, 'float32');
  // Each operation is one more program for the GPU to run.
  let valid: tf.Tensor = tf.equal(values, tf.clipByValue(tf.floor(values), 0, numClasses - 1));
  if (ignoreClass !== undefined) {
    valid = tf.logicalAnd(valid, tf.notEqual(values, ignoreClass));
  }
  if (mask) {
    valid = tf.logicalAnd(valid, tf.notEqual(mask, 0));
  }
  return tf.where(valid, tf.cast(values, 'int32'), tf.fill(ids.shape, NO_CLASS, 'int32'));
}
