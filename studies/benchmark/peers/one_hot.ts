import * as tf from '@tensorflow/tfjs';

import {ALPHA} from '../contender.js';
import type {Contender} from '../contender.js';

/** The Keras custom layer that goes round in tutorials: matrix products with the one-hot labels do all of it. */
export const oneHot: Contender = {
  name: 'one-hot matmul port',
  scratch: ({numClasses, featureDim, batchSize}) => 3 * numClasses * featureDim + 2 * batchSize * numClasses,

  start({numClasses, featureDim}) {
    const centers = tf.variable(tf.zeros<tf.Rank.R2>([numClasses, featureDim]), false);
    const centerLoss = (features: tf.Tensor2D, targets: tf.Tensor2D) =>
      tf.mul<tf.Scalar>(tf.sum(tf.square(tf.sub(features, tf.matMul(targets, centers)))), 0.5);

    const updateCenters = (features: tf.Tensor2D, targets: tf.Tensor2D) => {
      const delta = tf.matMul(targets, tf.sub<tf.Tensor2D>(tf.matMul(targets, centers), features), true);
      const counts = tf.add(tf.sum(targets, 0), 1);
      centers.assign(tf.sub(centers, tf.mul(tf.div(delta, tf.expandDims(counts, 1)), ALPHA)));
    };

    return {
      step: (features, labels) =>
        tf.tidy(() => {
          const targets = tf.oneHot(labels, numClasses).toFloat() as tf.Tensor2D;
          const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => centerLoss(x as tf.Tensor2D, targets))(features);
          updateCenters(features, targets);
          return {loss: value, gradient: grad};
        }),
      centers,
      dispose: () => {
        centers.dispose();
      },
    };
  },
};
