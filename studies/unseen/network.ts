import * as tf from '@tensorflow/tfjs';

import {AREA, SIZE} from './pictures.js';

export const FEATURE_LAYER = 'embedding';

/**
 * Four blocks of a convolution of 3 x 3, a pooling and a normalization, as Vinyals et al. (*Matching Networks for One Shot Learning*,
 * NeurIPS 2016) have them for Omniglot, with two changes that halve the work: the first block, on whole pictures, has half of the
 * filters, and each pools before it normalizes. The same seed gives the same weights.
 */
export function createNetwork(numClasses: number, filters: number, featureDim: number, seed: number): tf.LayersModel {
  let nextSeed = 100 * seed;
  const kernelInitializer = () => tf.initializers.glorotUniform({seed: nextSeed++});
  const image = tf.input({shape: [AREA], name: 'image'});
  const layers: tf.layers.Layer[] = [
    tf.layers.reshape({targetShape: [SIZE, SIZE, 1]}),
    ...[filters / 2, filters, filters, filters].flatMap((ownFilters) => [
      tf.layers.conv2d({
        filters: ownFilters,
        kernelSize: 3,
        padding: 'same',
        useBias: false,
        kernelInitializer: kernelInitializer(),
      }),
      tf.layers.maxPooling2d({poolSize: 2, padding: 'same'}),
      tf.layers.batchNormalization({momentum: 0.9}),
      tf.layers.reLU(),
    ]),
    tf.layers.flatten(),
    tf.layers.dense({name: FEATURE_LAYER, units: featureDim, kernelInitializer: kernelInitializer()}),
    tf.layers.dense({name: 'logits', units: numClasses, kernelInitializer: kernelInitializer()}),
  ];
  const logits = layers.reduce<tf.SymbolicTensor>((h, layer) => layer.apply(h) as tf.SymbolicTensor, image);
  return tf.model({inputs: image, outputs: logits});
}
