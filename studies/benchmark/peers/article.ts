import * as tf from '@tensorflow/tfjs';

import {ALPHA} from '../contender.js';
import type {Contender} from '../contender.js';

/**
 * The TensorFlow 1 function that most projects copied (`get_center_loss`, after EncodeTS/TensorFlow_Center_Loss): gather
 * the centers of the batch, count the unique labels, and subtract with a scatter.
 */
export const article: Contender = {
  name: 'gather + scatter port',
  scratch: ({numClasses, featureDim}) => 2 * numClasses * featureDim,

  start({numClasses, featureDim}) {
    const centers = tf.variable(tf.zeros<tf.Rank.R2>([numClasses, featureDim]), false);
    const centerLoss = (features: tf.Tensor2D, labels: tf.Tensor1D) =>
      tf.mul<tf.Scalar>(tf.sum(tf.square(tf.sub(features, tf.gather(centers, labels)))), 0.5);

    const updateCenters = (features: tf.Tensor2D, labels: tf.Tensor1D) => {
      const difference = tf.sub(tf.gather(centers, labels), features);
      const {values, indices} = tf.unique(labels);
      const counts = tf.bincount(indices, tf.tensor1d([]), values.size);
      const appearTimes = tf.expandDims(tf.gather(counts, tf.cast(indices, 'int32')), 1);
      const step = tf.mul(tf.div(difference, tf.add(appearTimes, 1)), ALPHA);
      const rows = tf.expandDims<tf.Tensor2D>(labels, 1);
      centers.assign(tf.sub(centers, tf.scatterND(rows, step, [numClasses, featureDim])));
    };

    return {
      step: (features, labels) =>
        tf.tidy(() => {
          const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => centerLoss(x as tf.Tensor2D, labels))(features);
          updateCenters(features, labels);
          return {loss: value, gradient: grad};
        }),
      centers,
      dispose: () => {
        centers.dispose();
      },
    };
  },
};
