import * as tf from '@tensorflow/tfjs';

import {NUM_CLASSES} from '../../mnist/idx.js';
import {FEATURE_LAYER} from '../../mnist/network.js';
import {POOLED_SIZE} from '../../mnist/pool.js';

/** A small one, for backends that have the gradient of convolutions. The same seed gives the same weights. */
export function createConvolutionalClassifier(featureDim: number, seed: number): tf.LayersModel {
  let nextSeed = seed;
  const kernelInitializer = () => tf.initializers.glorotUniform({seed: nextSeed++});
  const convolution = (name: string, filters: number) =>
    tf.layers.conv2d({
      name,
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
    });
  const halve = () => tf.layers.maxPooling2d({poolSize: 2});
  const dense = (name: string, units: number, activation: 'relu' | 'linear') =>
    tf.layers.dense({name, units, activation, kernelInitializer: kernelInitializer()});

  const image = tf.input({shape: [POOLED_SIZE * POOLED_SIZE], name: 'image'});
  const layers = [
    tf.layers.reshape({targetShape: [POOLED_SIZE, POOLED_SIZE, 1]}),
    convolution('convolution1', 16),
    halve(),
    convolution('convolution2', 32),
    halve(),
    tf.layers.flatten(),
    dense('hidden', 64, 'relu'),
    dense(FEATURE_LAYER, featureDim, 'linear'),
    dense('logits', NUM_CLASSES, 'linear'),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
