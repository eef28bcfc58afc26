import * as tf from '@tensorflow/tfjs-core';

/** What both kernels read. Samples with a negative class id take no part. */
export interface CenterLossInputs {
  /** float32 `[N, D]` */
  features: tf.Tensor2D;
  /** int32 `[N]`, each less than C */
  classIds: tf.Tensor1D;
  /** float32 `[C, D]` */
  centers: tf.Tensor2D;
}

export interface CenterLossOutputs {
  /** float32 scalar: half the squared distances to the own centers, summed or averaged over the samples. */
  loss: tf.Scalar;
  /** float32 `[N, D]`: the loss's gradient to the features. */
  gradient: tf.Tensor2D;
}

/**
 * Center loss and its gradient, of public operations only, so that it runs on any backend; the reference for faster
 * kernels. Gathers the N centers that are needed: nothing of size N·C is made.
 */
export function centerLossKernel(
  {features, classIds, centers}: CenterLossInputs,
  reduction: 'sum' | 'mean',
): CenterLossOutputs {
  if (features.shape[0] === 0) {
    return {loss: tf.scalar(0), gradient: tf.zerosLike(features)};
  }
  const takesPart = tf.greaterEqual(classIds, 0);
  const differences = differencesToCenters({features, classIds, centers}, takesPart);
  const gradient =
    reduction === 'sum'
      ? differences
      : tf.div<tf.Tensor2D>(differences, tf.maximum(tf.sum(tf.cast(takesPart, 'float32')), 1));
  // The halved and averaged factor is multiplied before summing: the square of a large batch can leave the range of
  // float32 where its mean does not.
  return {loss: tf.sum(tf.mul(differences, tf.mul(gradient, 0.5))), gradient};
}

/**
 * The centers after one batch: `c_j - alpha * sum(c_j - x_i) / (1 + n_j)` over the samples of class j. A sample whose
 * difference to its center is not finite is not counted, so that a NaN never gets into the centers.
 */
export function updateCentersKernel(inputs: CenterLossInputs, alpha: number): tf.Tensor2D {
  const {features, classIds, centers} = inputs;
  if (features.shape[0] === 0) {
    return tf.clone(centers);
  }
  const takesPart = tf.greaterEqual(classIds, 0);
  const differences = differencesToCenters(inputs, takesPart);
  const counted = tf.logicalAnd(takesPart, tf.all(tf.isFinite(differences), 1));
  const rows = tf.expandDims<tf.Tensor2D>(rowsOf(classIds), 1);
  const counts = tf.scatterND(rows, tf.cast(counted, 'float32'), [centers.shape[0]]);
  // Dividing each difference, not their sum, keeps the sum of many large ones within float32.
  const rate = tf.div(-alpha, tf.add(tf.gatherND(counts, rows), 1));
  const steps = tf.mul(
    tf.where(tf.expandDims(counted, 1), differences, tf.zerosLike(differences)),
    tf.expandDims(rate, 1),
  );
  // Subtracting, since adding a zero would turn a center's -0 into +0.
  return tf.sub(centers, tf.scatterND(rows, steps, centers.shape));
}

function differencesToCenters({features, classIds, centers}: CenterLossInputs, takesPart: tf.Tensor): tf.Tensor2D {
  const ownCenters = tf.gather(centers, rowsOf(classIds));
  return tf.where(tf.expandDims(takesPart, 1), tf.sub<tf.Tensor2D>(features, ownCenters), tf.zerosLike(features));
}

/** The rows of the centers; samples that take no part read row 0, and do not use it. */
function rowsOf(classIds: tf.Tensor1D): tf.Tensor1D {
  return tf.maximum(classIds, tf.scalar(0, 'int32'));
}
