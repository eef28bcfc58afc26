import * as tf from '@tensorflow/tfjs';

import {NUM_CLASSES} from './idx.js';
import {FEATURE_LAYER} from './network.js';

export interface ConvolutionalSize {
  /** Height and width of the pictures. */
  pictureSize: number;
  /** Of each convolution, after which height and width are halved. */
  filters: number[];
  /** Of the dense layer before the features. */
  units: number;
}

/** For backends that have the gradient of convolutions. The same seed gives the same weights. */
export function createConvolutionalClassifier(
  {pictureSize, filters, units}: ConvolutionalSize,
  featureDim: number,
  seed: number,
): tf.LayersModel {
  let nextSeed = seed;
  const kernelInitializer = () => tf.initializers.glorotUniform({seed: nextSeed++});
  const convolution = (name: string, count: number) =>
    tf.layers.conv2d({
      name,
      filters: count,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
    });
  const halve = () => tf.layers.maxPooling2d({poolSize: 2});
  const dense = (name: string, width: number, activation: 'relu' | 'linear') =>
    tf.layers.dense({name, units: width, activation, kernelInitializer: kernelInitializer()});

  const image = tf.input({shape: [pictureSize * pictureSize], name: 'image'});
  const layers = [
    tf.layers.reshape({targetShape: [pictureSize, pictureSize, 1]}),
    ...filters.flatMap((count, i) => [convolution(`convolution${i + 1}`, count), halve()]),
    tf.layers.flatten(),
    dense('hidden', units, 'relu'),
    dense(FEATURE_LAYER, featureDim, 'linear'),
    dense('logits', NUM_CLASSES, 'linear'),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
