import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer} from 'tfjs-center-loss';

import {ALPHA} from './contender.js';
import type {Contender} from './contender.js';

/** The layer as a model runs it: `call` within a gradient, and the loss that it adds. */
export const ours: Contender = {
  name: 'tfjs-center-loss',
  scratch: () => 0,

  start({numClasses, featureDim}) {
    const layer = new CenterLossLayer({numClasses, alpha: ALPHA, lossWeight: 1});
    tf.dispose(layer.apply(tf.zeros([1, featureDim])) as tf.Tensor);
    return {
      step: (features, labels) =>
        tf.tidy(() => {
          const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => {
            layer.apply([x, labels], {training: true});
            return tf.addN(layer.calculateLosses());
          })(features);
          return {loss: value, gradient: grad};
        }),
      get centers() {
        return layer.centers;
      },
      dispose: () => {
        layer.dispose();
      },
    };
  },
};
