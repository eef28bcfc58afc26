import * as tf from '@tensorflow/tfjs';

import {NUM_CLASSES} from './idx.js';
import {FEATURE_LAYER} from './network.js';

/**
 * A small one, of pictures of `pictureSize` pixels of height and width, for backends that have the gradient of
 * convolutions. The same seed gives the same weights.
 */
export function createConvolutionalClassifier(featureDim: number, seed: number, pictureSize: number): tf.LayersModel {
  let nextSeed = seed;
  const kernelInitializer = () => tf.initializers.glorotUniform({seed: nextSeed++});
  const convolution = (filters: number) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
    });
  const halve = () => tf.layers.maxPooling2d({poolSize: 2});
  const dense = (units: number, activation: 'relu' | 'linear', name?: string) =>
    tf.layers.dense({units, activation, kernelInitializer: kernelInitializer(), ...(name !== undefined && {name})});

  const image = tf.input({shape: [pictureSize * pictureSize], name: 'image'});
  const layers = [
    tf.layers.reshape({targetShape: [pictureSize, pictureSize, 1]}),
    convolution(16),
    halve(),
    convolution(32),
    halve(),
    tf.layers.flatten(),
    dense(64, 'relu'),
    dense(featureDim, 'linear', FEATURE_LAYER),
    dense(NUM_CLASSES, 'linear', 'logits'),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
