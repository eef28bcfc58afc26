import * as tf from '@tensorflow/tfjs';

import {ALPHA} from '../contender.js';
import type {Contender} from '../contender.js';

/**
 * The PyTorch module that most projects copied (KaiyangZhou/pytorch-center-loss): the distances of every sample to every
 * center, masked, and the centers' gradient by autodiff; here with the article's division by `1 + n`.
 */
export const distanceMatrix: Contender = {
  name: '[N, C] distances port',
  scratch: ({numClasses, featureDim, batchSize}) => 3 * numClasses * featureDim + 8 * batchSize * numClasses,

  start({numClasses, featureDim}) {
    const variable = tf.variable(tf.zeros<tf.Rank.R2>([numClasses, featureDim]), false);
    const centerLoss = (features: tf.Tensor2D, centers: tf.Tensor2D, mask: tf.Tensor2D) => {
      const squaredFeatures = tf.sum(tf.square(features), 1, true);
      const squaredCenters = tf.expandDims(tf.sum(tf.square(centers), 1), 0);
      const products = tf.matMul(features, centers, false, true);
      const distances = tf.sub(tf.add(squaredFeatures, squaredCenters), tf.mul(products, 2));
      return tf.mul<tf.Scalar>(tf.sum(tf.mul(distances, mask)), 0.5);
    };

    return {
      step: (features, labels) =>
        tf.tidy(() => {
          const mask = tf.oneHot(labels, numClasses).toFloat() as tf.Tensor2D;
          const lossOf = (x: tf.Tensor, centers: tf.Tensor) =>
            centerLoss(x as tf.Tensor2D, centers as tf.Tensor2D, mask);
          const {value, grads} = tf.valueAndGrads(lossOf)([features, variable]);
          const [gradient, toCenters] = grads as [tf.Tensor, tf.Tensor];
          const counts = tf.expandDims(tf.add(tf.sum(mask, 0), 1), 1);
          variable.assign(tf.sub(variable, tf.mul(tf.div(toCenters, counts), ALPHA)));
          return {loss: value, gradient};
        }),
      centers: variable,
      dispose: () => {
        variable.dispose();
      },
    };
  },
};
