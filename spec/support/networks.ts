import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, CenterLossLayer, softmaxCrossEntropy} from '../../lib/index.js';
import type {CenterLossLayerArgs} from '../../lib/index.js';

export const NUM_CLASSES = 4;
export const INPUT_DIM = 6;
export const FEATURE_DIM = 3;

export interface Network {
  model: tf.LayersModel;
  layer: CenterLossLayer;
}

/** Seeded, so that two networks of the same arguments start from the same weights. */
export function dense(units: number, name: string, seed: number): tf.layers.Layer {
  return tf.layers.dense({units, name, kernelInitializer: tf.initializers.glorotUniform({seed})});
}

/** A classifier trained with center loss: inputs `[x, label]`, outputs logits. */
export function centeredClassifier(
  args: Partial<CenterLossLayerArgs> = {},
  labelShape: (number | null)[] = [1],
): Network {
  const x = tf.input({shape: [INPUT_DIM], name: 'x'});
  const label = tf.input({shape: labelShape, name: 'label'});
  const features = dense(FEATURE_DIM, 'embedding', 1).apply(x) as tf.SymbolicTensor;
  const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss', ...args});
  const centered = layer.apply([features, label]) as tf.SymbolicTensor;
  const logits = dense(NUM_CLASSES, 'logits', 2).apply(centered) as tf.SymbolicTensor;
  return {model: tf.model({inputs: [x, label], outputs: logits}), layer};
}

/** Compiled as a user would, with plain SGD: no state of the optimizer besides the weights. */
export function compile({model, layer}: Network, learningRate = 0.1): void {
  model.compile({
    optimizer: tf.train.sgd(learningRate),
    loss: softmaxCrossEntropy,
    metrics: [categoricalAccuracy, layer.metric()],
  });
}

export interface Batch {
  x: tf.Tensor2D;
  /** Class ids, `[batch]`. */
  labels: tf.Tensor1D;
  oneHot: tf.Tensor2D;
}

/** Made-up samples whose class can be learned; the same for the same seed. */
export function makeBatch(batchSize: number, seed = 7): Batch {
  const ids = Array.from({length: batchSize}, (_, i) => (i * 7 + seed) % NUM_CLASSES);
  return tf.tidy(() => {
    const labels = tf.tensor1d(ids, 'int32');
    const oneHot = tf.oneHot(labels, NUM_CLASSES).toFloat() as tf.Tensor2D;
    // TensorFlow.js takes a seed of 0 for none.
    const noise = tf.randomNormal([batchSize, INPUT_DIM], 0, 0.5, 'float32', seed + 1);
    const x = oneHot
      .pad([
        [0, 0],
        [0, INPUT_DIM - NUM_CLASSES],
      ])
      .add<tf.Tensor2D>(noise);
    return {x, labels, oneHot};
  });
}

/** What the embedding gives for `x`, apart from the model. */
export function featuresOf(model: tf.LayersModel, x: tf.Tensor): tf.Tensor {
  return model.getLayer('embedding').apply(x) as tf.Tensor;
}

/** The values of tensors, read without blocking, so that GPU backends serve as well. */
export function valuesOf(tensors: tf.Tensor[]): Promise<number[][]> {
  return Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
}

/** The value of a scalar. */
export async function valueOf(scalar: tf.Tensor): Promise<number> {
  const [value] = await scalar.data();
  return value ?? NaN;
}
