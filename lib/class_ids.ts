import * as tf from '@tensorflow/tfjs-core';
import {quote, ValueError} from './errors.js';

/** The class id of a sample that takes no part: masked, of the ignored class, or (on GPU backends) badly labelled. */
export const NO_CLASS = -1;

/** Dimensions as `tf.layers` gives them: `null` where they are not known before the data come. */
export type Shape = readonly (number | null)[];

export type LabelForm = 'class ids' | 'one-hot';

export interface ClassIdsArgs {
  /** The features' shape without its last axis: what the labels must have. */
  leadingShape: number[];
  numClasses: number;
  /** Samples with this label take no part. */
  ignoreClass?: number | undefined;
  /** A Keras mask over the first of the leading axes: samples at `false` take no part and their labels are not read. */
  mask?: tf.Tensor | undefined;
  /** Who is asking, for error messages. */
  where: string;
  /**
   * Receives, on backends where looking at a label would stall the pipeline, the error that is thrown at once
   * elsewhere.
   */
  onLateError?: ((error: Error) => void) | undefined;
}

/** Backends whose tensors are in the memory of this process, so that reading them costs no waiting. */
const HOST_BACKENDS = ['cpu', 'wasm', 'tensorflow'];

const LABEL_DTYPES = ['int32', 'float32', 'bool'];

/**
 * Tells class ids from one-hot labels by their shape.
 *
 * @throws ValueError if the shape is neither.
 */
export function labelForm(labelShape: Shape, leadingShape: Shape, numClasses: number, where: string): LabelForm {
  if (fits(labelShape, leadingShape) || fits(labelShape, [...leadingShape, 1])) {
    return 'class ids';
  }
  if (fits(labelShape, [...leadingShape, numClasses])) {
    return 'one-hot';
  }
  const ids = quote(leadingShape);
  const idColumn = quote([...leadingShape, 1]);
  const oneHot = quote([...leadingShape, numClasses]);
  throw new ValueError(
    `${where}: expected labels to be class ids of shape ${ids} or ${idColumn}, or one-hot of shape ${oneHot}, ` +
      `but got labels of shape ${quote(labelShape)}.`,
  );
}

function fits(shape: Shape, expected: Shape): boolean {
  return (
    shape.length === expected.length &&
    shape.every((dim, i) => dim === null || expected[i] === null || dim === expected[i])
  );
}

/** @throws ValueError for a dtype that cannot hold labels. */
export function checkLabelDType(dtype: string, where: string): void {
  if (!LABEL_DTYPES.includes(dtype)) {
    throw new ValueError(`${where}: expected labels of dtype ${LABEL_DTYPES.join(', ')}, but got dtype ${dtype}.`);
  }
}

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
    if (HOST_BACKENDS.includes(tf.getBackend())) {
      const values = labels.dataSync<'float32' | 'int32'>();
      const ids = form === 'one-hot' ? argMaxOfRows(values, args.numClasses) : values;
      return tf.tensor1d(checkedIds(ids, mask?.dataSync(), form, args), 'int32');
    }
    if (args.onLateError && form === 'class ids') {
      void checkLater(labels, mask, args, args.onLateError);
    }
    const ids = form === 'one-hot' ? argMax(labels, args.numClasses) : tf.reshape(labels, [labels.size]);
    return validIds(ids as tf.Tensor1D, mask, args);
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

/** Of each row of one-hot labels the place of the largest entry; `NO_CLASS` if all are alike, or one is NaN. */
function argMaxOfRows(values: ArrayLike<number>, numClasses: number): Int32Array {
  const classIds = new Int32Array(values.length / numClasses);
  for (let row = 0; row < classIds.length; row++) {
    const start = row * numClasses;
    let largest = start;
    let smallest = start;
    let hasNaN = false;
    for (let i = start; i < start + numClasses; i++) {
      const value = values[i] as number;
      hasNaN ||= Number.isNaN(value);
      largest = value > (values[largest] as number) ? i : largest;
      smallest = value < (values[smallest] as number) ? i : smallest;
    }
    classIds[row] = hasNaN || largest === smallest ? NO_CLASS : largest - start;
  }
  return classIds;
}

/** The same in tensor operations. */
function argMax(labels: tf.Tensor, numClasses: number): tf.Tensor {
  const rows = tf.reshape(tf.cast(labels, 'float32'), [-1, numClasses]);
  const differ = tf.greater(tf.max(rows, 1), tf.min(rows, 1));
  const hasClass = tf.logicalAnd(differ, tf.logicalNot(tf.any(tf.isNaN(rows), 1)));
  // A vector, since spreading a scalar over the rows makes some backends read it back.
  return tf.where(hasClass, tf.argMax(rows, 1), tf.fill(hasClass.shape, NO_CLASS, 'int32'));
}

/** One pass over the class ids in memory: the check and the conversion. */
function checkedIds(
  values: ArrayLike<number>,
  mask: ArrayLike<number> | undefined,
  form: LabelForm,
  {numClasses, ignoreClass, where}: ClassIdsArgs,
): Int32Array {
  const classIds = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (mask?.[i] === 0 || value === ignoreClass || (form === 'one-hot' && value === NO_CLASS)) {
      classIds[i] = NO_CLASS;
    } else if (Number.isInteger(value) && value >= 0 && value < numClasses) {
      classIds[i] = value;
    } else {
      const ignored = ignoreClass === undefined ? '' : `, or the ignored class ${ignoreClass}`;
      throw new RangeError(
        `${where}: expected labels to be integers from 0 to ${numClasses - 1}${ignored}, ` +
          `but got ${value} at index ${i}.`,
      );
    }
  }
  return classIds;
}

/** The same check, after the values have come from the GPU in their own time. */
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

/** The same conversion in tensor operations: bad labels become `NO_CLASS` without anybody waiting. */
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
