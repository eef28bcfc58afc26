import * as tf from '@tensorflow/tfjs-core';
import {NO_CLASS} from './contracts.js';
import type {
  CenterLossAttrs,
  CenterLossInputs,
  ClassIdsAttrs,
  ClassIdsInputs,
  ScaleGradientInputs,
  UpdateCentersAttrs,
} from './contracts.js';

/**
 * The kernels of contracts.ts composed of public operations, so that they run on any backend. They are the reference for
 * the faster ones. They gather the N centers that are needed: nothing of size N·C is made.
 */
export const composite = {classIds, centerLoss, scaleGradient, updateCenters};

/**
 * What one sample adds to the count of its class. The 16-bit floats of webgl on some phones end at 65,504, and a class can
 * have more samples; multiplying by a power of two rounds nothing.
 */
const ONE = 1 / 1024;

type Inputs = CenterLossInputs<tf.Tensor>;

function classIds(
  {labels, mask}: ClassIdsInputs<tf.Tensor>,
  {numClasses, ignoreClass, entryPerClass}: ClassIdsAttrs,
): tf.Tensor1D {
  const values = tf.reshape(tf.cast(labels, 'float32'), entryPerClass ? [-1, numClasses] : [-1]);
  const ids = entryPerClass ? tf.argMax(values, 1) : values;
  let valid: tf.Tensor = entryPerClass
    ? tf.logicalAnd(tf.equal(numLargest(values), 1), tf.logicalNot(tf.any(tf.isNaN(values), 1)))
    : // Only an integer in range is equal to its rounded value, cut off at both ends of the range.
      tf.equal(values, tf.clipByValue(tf.floor(values), 0, numClasses - 1));
  if (ignoreClass !== undefined) {
    valid = tf.logicalAnd(valid, tf.notEqual(ids, ignoreClass));
  }
  if (mask) {
    valid = tf.logicalAnd(valid, tf.notEqual(tf.reshape(mask, [-1]), 0));
  }
  // A vector of NO_CLASS: some backends read a scalar back from the device to spread it over the rows.
  return tf.where(valid, tf.cast(ids, 'int32'), tf.fill(ids.shape, NO_CLASS, 'int32')) as tf.Tensor1D;
}

/** How many entries of each row are its largest. */
function numLargest(rows: tf.Tensor): tf.Tensor {
  return tf.sum(tf.cast(tf.equal(rows, tf.max(rows, 1, true)), 'float32'), 1);
}

function centerLoss(inputs: Inputs, {reduction, lossWeight}: CenterLossAttrs): [tf.Scalar, tf.Scalar, tf.Tensor] {
  const {features, classIds} = inputs;
  if (features.size === 0) {
    return [tf.scalar(0), tf.scalar(0), tf.zerosLike(features)];
  }
  const differences = differencesToCenters(inputs);
  const reduced =
    reduction === 'sum'
      ? differences
      : tf.div(differences, tf.maximum(tf.sum(tf.cast(takesPart(classIds), 'float32')), 1));
  // The halved and averaged factor is multiplied before summing: the square of a large batch can leave the range of
  // float32 where its mean does not.
  const loss = tf.sum<tf.Scalar>(tf.mul(differences, tf.mul(reduced, 0.5)));
  return lossWeight === 1
    ? [loss, tf.clone(loss), reduced]
    : [loss, tf.mul(loss, lossWeight), tf.mul(reduced, lossWeight)];
}

function scaleGradient({gradient, dy}: ScaleGradientInputs<tf.Tensor>): tf.Tensor2D {
  return tf.mul(gradient, dy);
}

function updateCenters(inputs: Inputs, {alpha}: UpdateCentersAttrs): tf.Tensor2D {
  const {features, classIds} = inputs;
  const centers = inputs.centers as tf.Tensor2D;
  // Without alpha a step of -0 would turn a center's -0 into +0.
  if (features.size === 0 || alpha === 0) {
    return tf.clone(centers);
  }
  const differences = differencesToCenters(inputs);
  const counted = tf.logicalAnd(takesPart(classIds), tf.all(tf.isFinite(differences), 1));
  const rows = tf.expandDims(rowsOf(classIds), 1);
  const counts = tf.scatterND(rows, tf.mul(tf.cast(counted, 'float32'), ONE), [centers.shape[0]]);
  // Dividing each difference, not their sum, keeps the sum of many large ones within float32.
  const rate = tf.div(-ONE, tf.add(tf.gatherND(counts, rows), ONE));
  const steps = tf.mul(
    tf.where(tf.expandDims(counted, 1), differences, tf.zerosLike(differences)),
    tf.expandDims(rate, 1),
  );
  // Subtracting, since adding a zero would turn a center's -0 into +0.
  // Alpha comes last: a small one would leave nothing of many small steps where floats have 16 bits.
  return tf.sub(centers, tf.mul(tf.scatterND(rows, steps, centers.shape), alpha));
}

/** `x - c` of each sample, zero for those that take no part. */
function differencesToCenters({features, classIds, centers}: Inputs): tf.Tensor {
  const ownCenters = tf.gather(centers, rowsOf(classIds));
  return tf.where(tf.expandDims(takesPart(classIds), 1), tf.sub(features, ownCenters), tf.zerosLike(features));
}

function takesPart(classIds: tf.Tensor): tf.Tensor {
  return tf.greaterEqual(classIds, 0);
}

/** The rows of the centers; samples that take no part read row 0, and do not use it. */
function rowsOf(classIds: tf.Tensor): tf.Tensor1D {
  return tf.maximum(classIds, tf.scalar(0, 'int32'));
}
