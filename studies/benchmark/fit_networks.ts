import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, softmaxCrossEntropy} from 'tfjs-center-loss';

import {DEFAULTS} from '../../demo/mnist/defaults.js';
import {NUM_CLASSES} from '../../demo/mnist/idx.js';
import {createClassifier, FEATURE_LAYER} from '../../demo/mnist/network.js';
import {EmptyLayer} from './empty_layer.js';

/** A network that is trained with and without center loss. */
export interface Network {
  name: string;
  /** Of the layer. */
  numClasses: number;
  /** Of one call of `fit`: as many as are done in a second or two on the slowest backend. */
  steps: number;
  create: () => tf.LayersModel;
}

export const NETWORKS: readonly Network[] = [
  {
    name: "the demo's network (2-D features, 10 classes)",
    numClasses: NUM_CLASSES,
    steps: 20,
    create: () => createClassifier(DEFAULTS.featureDim, DEFAULTS.seed),
  },
  {
    name: 'a network with 128-D features and 1,000 classes',
    numClasses: 1000,
    steps: 5,
    create: () => createWideClassifier(1000),
  },
];

/** Networks with 128-D features and 1,000 outputs, whose layers have so many classes: what the centers alone bring. */
export function networksOf(classes: readonly number[]): Network[] {
  return classes.map((numClasses) => ({
    name: `a network with 128-D features, 1,000 outputs and ${numClasses.toLocaleString('en')} centers`,
    numClasses,
    steps: 5,
    create: () => createWideClassifier(1000),
  }));
}

/** The same network in all ways that are measured, compiled. Those that take labels as well are after the two without. */
export function modelsOf({numClasses, create}: Network) {
  const {reduction, lossWeight} = DEFAULTS;
  return {
    without: compiled(create()),
    control: compiled(create()),
    withLayer: compiled(attachCenterLoss(create(), {featureLayer: FEATURE_LAYER, numClasses, reduction, lossWeight})),
    emptyLayer: compiled(withEmptyLayer(create())),
  };
}

export interface FitData {
  x: tf.Tensor;
  /** Class ids. */
  labels: tf.Tensor;
  /** One-hot, of the outputs: where there are fewer of these than classes, they begin anew. */
  targets: tf.Tensor;
}

/** Random samples for so many steps. */
export function fitData(model: tf.LayersModel, numClasses: number, steps: number): FitData {
  const numSamples = steps * DEFAULTS.batchSize;
  const [inputDim = 0, numOutputs = 0] = [model.inputs[0]?.shape[1], model.outputs[0]?.shape[1]].map(Number);
  return tf.tidy(() => {
    const labels = tf.randomUniform([numSamples], 0, numClasses, 'int32');
    return {
      x: tf.randomNormal([numSamples, inputDim]),
      labels,
      targets: tf.oneHot(labels.mod<tf.Tensor1D>(tf.scalar(numOutputs, 'int32')), numOutputs).toFloat(),
    };
  });
}

/** All samples once, in batches, with nothing between the steps. */
export async function fitOnce(model: tf.LayersModel, {x, labels, targets}: FitData): Promise<void> {
  await model.fit(model.inputs.length > 1 ? [x, labels] : x, targets, {
    batchSize: DEFAULTS.batchSize,
    epochs: 1,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
  });
}

function createWideClassifier(numClasses: number): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.dense({inputShape: [512], units: 256, activation: 'relu'}),
      tf.layers.dense({units: 128, name: FEATURE_LAYER}),
      tf.layers.dense({units: numClasses}),
    ],
  });
}

/** The empty layer between the features and the last layer. */
function withEmptyLayer(classifier: tf.LayersModel): tf.LayersModel {
  const label = tf.input({shape: [1]});
  const features = classifier.getLayer(FEATURE_LAYER).output as tf.SymbolicTensor;
  const passed = new EmptyLayer().apply([features, label]) as tf.SymbolicTensor;
  const outputs = classifier.layers.at(-1)?.apply(passed) as tf.SymbolicTensor;
  return tf.model({inputs: [...classifier.inputs, label], outputs});
}

function compiled(model: tf.LayersModel): tf.LayersModel {
  model.compile({optimizer: 'adam', loss: softmaxCrossEntropy});
  return model;
}
