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
  const convolution = (count: number) =>
    tf.layers.conv2d({
      filters: count,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
    });
  const halve = () => tf.layers.maxPooling2d({poolSize: 2});
  const dense = (width: number, activation: 'relu' | 'linear', name?: string) =>
    tf.layers.dense({
      units: width,
      activation,
      kernelInitializer: kernelInitializer(),
      ...(name !== undefined && {name}),
    });

  const image = tf.input({shape: [pictureSize * pictureSize], name: 'image'});
  const layers = [
    tf.layers.reshape({targetShape: [pictureSize, pictureSize, 1]}),
    ...filters.flatMap((count) => [convolution(count), halve()]),
    tf.layers.flatten(),
    dense(units, 'relu'),
    dense(featureDim, 'linear', FEATURE_LAYER),
    dense(NUM_CLASSES, 'linear', 'logits'),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
