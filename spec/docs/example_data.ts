import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, categoricalAccuracy, softmaxCrossEntropy} from 'tfjs-center-loss';
import type {CenterLossLayer} from 'tfjs-center-loss';
import {graphModel} from '../support/graph_model.js';
import {onnxModel} from '../support/onnx_model.js';
import {twoPhotographs} from '../support/photographs.js';

const NUM_CLASSES = 10;
const INPUT_DIM = 64;

/** What the examples of the pages use without making it, and what the pages say about it. */
export interface ExampleData {
  /** `[60, 64]`, learnable. */
  images: tf.Tensor2D;
  /** `[60]`, int32, of 10 classes. */
  labels: tf.Tensor1D;
  /** The labels, one-hot. */
  targets: tf.Tensor2D;
  heldOutImages: tf.Tensor2D;
  heldOutLabels: tf.Tensor1D;
  heldOutTargets: tf.Tensor2D;
  /** `[2, 64]` */
  newImages: tf.Tensor2D;
  /** With a layer named 'embedding' of 16 units, and 10 logits. */
  classifier: tf.Sequential;
  /** Made from the classifier by `attachCenterLoss`, compiled. */
  model: tf.LayersModel;
  /** The model's. */
  centerLossLayer: CenterLossLayer;
  /** A pretrained network from `[samples, 64]` to 32 features. */
  backbone: tf.GraphModel;
  /** The file of one for ONNX Runtime, from `[samples, 64]` to 32 features. */
  onnxFile: Uint8Array;
  photograph: tf.Tensor3D;
  anotherPhotograph: tf.Tensor3D;
}

const onnxFile = onnxModel(
  Array.from({length: INPUT_DIM}, (_, i) => Array.from({length: 32}, (_, j) => Math.cos(i * j + j))),
);

export function makeExampleData(): ExampleData {
  const classifier = tf.sequential({
    layers: [
      tf.layers.dense({inputShape: [INPUT_DIM], units: 32, activation: 'relu', name: 'hidden'}),
      tf.layers.dense({units: 16, name: 'embedding'}),
      tf.layers.dense({units: NUM_CLASSES, name: 'logits'}),
    ],
  });
  const model = attachCenterLoss(classifier, {
    featureLayer: 'embedding',
    numClasses: NUM_CLASSES,
    name: 'center_loss',
  });
  const centerLossLayer = model.getLayer('center_loss') as CenterLossLayer;
  model.compile({
    optimizer: 'adam',
    loss: softmaxCrossEntropy,
    metrics: [categoricalAccuracy, centerLossLayer.metric()],
  });
  const [images, labels, targets] = makeSamples(60, 1);
  const [heldOutImages, heldOutLabels, heldOutTargets] = makeSamples(20, 2);
  const [photograph, anotherPhotograph] = twoPhotographs();
  const newImages = tf.tidy(() => makeSamples(2, 3)[0]);
  return {
    images,
    labels,
    targets,
    heldOutImages,
    heldOutLabels,
    heldOutTargets,
    newImages,
    classifier,
    model,
    centerLossLayer,
    backbone: graphModel(INPUT_DIM, 32),
    onnxFile,
    photograph,
    anotherPhotograph,
  };
}

function makeSamples(size: number, seed: number): [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D] {
  const ids = Array.from({length: size}, (_, i) => (i * 7 + seed) % NUM_CLASSES);
  return tf.tidy(() => {
    const labels = tf.tensor1d(ids, 'int32');
    const noise = tf.randomNormal<tf.Rank.R2>([size, INPUT_DIM], 0, 0.3, 'float32', seed);
    return [noise.add(tf.oneHot(labels, INPUT_DIM)), labels, tf.oneHot(labels, NUM_CLASSES) as tf.Tensor2D];
  });
}
