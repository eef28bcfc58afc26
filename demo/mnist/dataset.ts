import * as tf from '@tensorflow/tfjs';

import type {IdxImages} from './idx.js';
import {averagePool, POOLED_SIZE} from './pool.js';

export interface Dataset {
  /** `[size, pictureSize * pictureSize]`, 0 to 1. */
  images: tf.Tensor2D;
  /** `[size]`, int32. */
  labels: tf.Tensor1D;
  size: number;
}

/**
 * The first `samples` pictures and labels, all of them when `samples` is not given, and the pictures scaled down to
 * `pictureSize` pixels of height and width.
 */
export function createDataset(
  images: IdxImages,
  labels: Uint8Array,
  samples = images.count,
  pictureSize = POOLED_SIZE,
): Dataset {
  if (images.count !== labels.length) {
    throw new Error(
      `Expected as many labels as pictures, got ${labels.length} labels ` + `and ${images.count} pictures.`,
    );
  }
  if (samples < 1 || samples > images.count) {
    throw new Error(`Expected 1 to ${images.count} samples, got ${samples}.`);
  }
  return {
    images: averagePool(images, samples, pictureSize),
    labels: tf.tensor1d(labels.subarray(0, samples), 'int32'),
    size: samples,
  };
}

/** What `fitDataset` wants of a model with inputs `[image, label]`. */
export interface Batch extends tf.TensorContainerObject {
  xs: [images: tf.Tensor2D, labels: tf.Tensor1D];
  ys: tf.Tensor1D;
}

/**
 * Endless epochs of batches, every epoch in another order. The orders depend on nothing but the seed, so that two
 * models can be trained on the same batches.
 */
export function* shuffledBatches(dataset: Dataset, batchSize: number, seed: number): Generator<Batch, never> {
  for (let epoch = 0; ; epoch++) {
    const order = shuffledIndices(dataset.size, `${seed}, epoch ${epoch}`);
    try {
      for (let begin = 0; begin < dataset.size; begin += batchSize) {
        yield tf.tidy((): Batch => {
          const indices = order.slice(begin, Math.min(batchSize, dataset.size - begin));
          const labels = dataset.labels.gather(indices);
          return {xs: [dataset.images.gather(indices), labels.clone()], ys: labels};
        });
      }
    } finally {
      // Also where the caller ends the generator within an epoch.
      order.dispose();
    }
  }
}

/** `tf.util.shuffle` takes no seed; the order of seeded random keys is as fair. */
function shuffledIndices(size: number, seed: string): tf.Tensor1D {
  return tf.tidy(() => tf.randomUniform([size], 0, 1, 'float32', seed).topk(size).indices as tf.Tensor1D);
}
