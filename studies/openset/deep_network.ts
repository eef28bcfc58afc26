import * as tf from '@tensorflow/tfjs';

import {IMAGE_SIZE} from '../../demo/mnist/idx.js';
import {FEATURE_LAYER} from '../../demo/mnist/network.js';

/** Filters of the convolutions; after every second one the picture is halved. */
const FILTERS = [16, 16, 32, 32, 64, 64] as const;

/** Six 3 x 3 convolutions on whole pictures, for backends that train them fast. The same seed gives the same weights. */
export function createDeepClassifier(featureDim: number, seed: number, numClasses: number): tf.LayersModel {
  let nextSeed = seed;
  const kernelInitializer = () => tf.initializers.heNormal({seed: nextSeed++});
  const convolutions = FILTERS.flatMap((filters, index) => {
    const convolution = tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
    });
    return index % 2 === 0 ? [convolution] : [convolution, tf.layers.maxPooling2d({poolSize: 2})];
  });

  const image = tf.input({shape: [IMAGE_SIZE * IMAGE_SIZE], name: 'image'});
  const layers = [
    tf.layers.reshape({targetShape: [IMAGE_SIZE, IMAGE_SIZE, 1]}),
    ...convolutions,
    tf.layers.flatten(),
    tf.layers.dense({name: FEATURE_LAYER, units: featureDim, kernelInitializer: kernelInitializer()}),
    tf.layers.dense({name: 'logits', units: numClasses, kernelInitializer: kernelInitializer()}),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
