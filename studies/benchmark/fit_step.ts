import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, softmaxCrossEntropy} from 'tfjs-center-loss';

import {DEFAULTS} from '../../demo/mnist/defaults.js';
import {NUM_CLASSES} from '../../demo/mnist/idx.js';
import {createClassifier, FEATURE_LAYER} from '../../demo/mnist/network.js';
import {EmptyLayer} from './empty_layer.js';
import {measure, timingOf} from './measure.js';
import type {Timing} from './measure.js';

export interface FitStep {
  network: string;
  /** Milliseconds of a step of `model.fit`, without center loss. */
  without: Timing;
  withLayer: Timing;
  /** Times with the layer as multiples of the mean of two networks without, round by round. */
  ratio: Timing;
  /** The same of a network with a layer that takes the labels, adds a loss and computes nothing. */
  emptyLayer: Timing;
  /** Of the two networks without, the second as multiples of the first: how far it is from 1 is the measurement's doing. */
  control: Timing;
}

interface Network {
  name: string;
  numClasses: number;
  /** Of one call of `fit`: as many as are done in a second or two on the slowest backend. */
  steps: number;
  create: () => tf.LayersModel;
}

const NETWORKS: Network[] = [
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

const BUDGET = {total: 12_000, minRounds: 7, maxRounds: 60};

/** Measures steps of `fit` with and without center loss, in turn. */
export async function measureFitSteps(): Promise<FitStep[]> {
  const {reduction, lossWeight} = DEFAULTS;
  const results: FitStep[] = [];
  for (const {name, numClasses, steps, create} of NETWORKS) {
    const [plain, control] = [compiled(create()), compiled(create())];
    const centered = compiled(
      attachCenterLoss(create(), {featureLayer: FEATURE_LAYER, numClasses, reduction, lossWeight}),
    );
    const empty = compiled(withEmptyLayer(create()));
    const inputDim = plain.inputs[0]?.shape[1] ?? 0;
    const numSamples = steps * DEFAULTS.batchSize;
    const x = tf.randomNormal([numSamples, inputDim]);
    const labels = tf.randomUniform([numSamples], 0, numClasses, 'int32');
    const targets = tf.oneHot(labels, numClasses).toFloat();

    const fit = (model: tf.LayersModel, inputs: tf.Tensor | tf.Tensor[]) => ({
      run: async () => {
        await model.fit(inputs, targets, {
          batchSize: DEFAULTS.batchSize,
          epochs: 1,
          shuffle: false,
          verbose: 0,
          yieldEvery: 'never',
        });
      },
    });
    const samples = await measure(
      new Map([
        ['without', fit(plain, x)],
        ['withLayer', fit(centered, [x, labels])],
        ['emptyLayer', fit(empty, [x, labels])],
        ['control', fit(control, x)],
      ]),
      BUDGET,
    );
    const perStep = (subject: string) => (samples.get(subject) ?? []).map((time) => time / steps);
    const [without, second] = [perStep('without'), perStep('control')];
    const mean = without.map((time, i) => (time + (second[i] ?? NaN)) / 2);
    const ratios = (times: number[], to = mean) => timingOf(times.map((time, i) => time / (to[i] ?? NaN)));
    results.push({
      network: name,
      without: timingOf(mean),
      withLayer: timingOf(perStep('withLayer')),
      ratio: ratios(perStep('withLayer')),
      emptyLayer: ratios(perStep('emptyLayer')),
      control: ratios(second, without),
    });
    tf.dispose([x, labels, targets]);
    for (const model of [plain, control, centered, empty]) {
      model.dispose();
    }
  }
  return results;
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
