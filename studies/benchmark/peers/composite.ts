import * as tf from '@tensorflow/tfjs';

import {composite as operations} from '../../../lib/kernels/composite.js';
import {ALPHA} from '../contender.js';
import type {Contender} from '../contender.js';

/** Our own composite of TensorFlow.js's operations, which runs where the package has no kernels: what these have to beat. */
export const composite: Contender = {
  name: 'composite of operations',
  scratch: ({numClasses, featureDim}) => 2 * numClasses * featureDim,

  start({numClasses, featureDim}) {
    const centers = tf.variable(tf.zeros<tf.Rank.R2>([numClasses, featureDim]), false);
    return {
      step: (features, classIds) =>
        tf.tidy(() => {
          const lossOf = tf.customGrad((x, save) => {
            const [, value, gradient] = operations.centerLoss(
              {features: x as tf.Tensor, classIds, centers},
              {reduction: 'sum', lossWeight: 1},
            );
            (save as tf.GradSaveFunc)([gradient]);
            return {
              value,
              gradFunc: (dy: tf.Scalar, [saved]: tf.Tensor[]) =>
                operations.scaleGradient({gradient: saved as tf.Tensor, dy}),
            };
          });
          const {value, grad} = tf.valueAndGrad(lossOf)(features);
          centers.assign(operations.updateCenters({features, classIds, centers}, {alpha: ALPHA, inPlace: true}));
          return {loss: value, gradient: grad};
        }),
      centers,
      dispose: () => {
        centers.dispose();
      },
    };
  },
};
