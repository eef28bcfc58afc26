import * as tf from '@tensorflow/tfjs';

import {AREA, SIZE} from './pictures.js';

export const FEATURE_LAYER = 'embedding';

/**
 * Four convolutions of 3 x 3 in steps of two pixels, as Finn et al. (*Model-Agnostic Meta-Learning*, ICML 2017) have them for
 * Omniglot; the first is not normalized, which would be a large part of the work. The same seed gives the same weights.
 */
export function createNetwork(numClasses: number, filters: number, featureDim: number, seed: number): tf.LayersModel {
  let nextSeed = 100 * seed;
  const kernelInitializer = () => tf.initializers.heNormal({seed: nextSeed++});
  const convolution = (useBias: boolean) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      useBias,
      kernelInitializer: kernelInitializer(),
    });
  const image = tf.input({shape: [AREA], name: 'image'});
  const layers: tf.layers.Layer[] = [
    tf.layers.reshape({targetShape: [SIZE, SIZE, 1]}),
    convolution(true),
    tf.layers.reLU(),
    ...Array.from({length: 3}, () => [
      convolution(false),
      tf.layers.batchNormalization({momentum: 0.9}),
      tf.layers.reLU(),
    ]).flat(),
    tf.layers.flatten(),
    tf.layers.dense({name: FEATURE_LAYER, units: featureDim, kernelInitializer: kernelInitializer()}),
    tf.layers.dense({name: 'logits', units: numClasses, kernelInitializer: kernelInitializer()}),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
