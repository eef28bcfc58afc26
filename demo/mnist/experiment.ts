import type * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from 'tfjs-center-loss';

import {createConvolutionalClassifier} from './convolutional.js';
import type {Dataset} from './dataset.js';
import {DEFAULTS} from './defaults.js';
import {evaluate, predict} from './evaluation.js';
import type {Evaluation, Predictions} from './evaluation.js';
import {IMAGE_SIZE, NUM_CLASSES} from './idx.js';
import {createClassifier, FEATURE_LAYER} from './network.js';
import {POOLED_SIZE} from './pool.js';
import {centerLossLayer, train} from './training.js';
import type {TrainingLogs, TrainingOptions} from './training.js';

/** The networks, and the height and width of the pictures that they look at. */
export const NETWORKS = {
  dense: {pictureSize: POOLED_SIZE, create: createClassifier},
  convolutional: {
    pictureSize: IMAGE_SIZE,
    create: (featureDim: number, seed: number) =>
      createConvolutionalClassifier({pictureSize: IMAGE_SIZE, filters: [32, 64, 128], units: 128}, featureDim, seed),
  },
};

export interface ExperimentOptions extends TrainingOptions {
  network: keyof typeof NETWORKS;
  featureDim: number;
  alpha: number;
  /** 0 is softmax alone: the centers follow the features, and nothing follows the centers. */
  lossWeight: number;
}

export interface Experiment {
  /** With its center loss layer and label input. */
  trainingModel: tf.LayersModel;
  /** `[NUM_CLASSES][featureDim]`, as learned during the training. */
  centers: number[][];
  history: TrainingLogs[];
  /** On the test pictures. */
  predictions: Predictions;
  evaluation: Evaluation;
}

/** Trains a new classifier, on pictures of its size, and evaluates it on the test pictures. */
export async function runExperiment(
  trainData: Dataset,
  testData: Dataset,
  options: ExperimentOptions,
): Promise<Experiment> {
  const {network, featureDim, seed, alpha, lossWeight} = options;
  const classifier = NETWORKS[network].create(featureDim, seed);
  const trainingModel = attachCenterLoss(classifier, {
    featureLayer: FEATURE_LAYER,
    numClasses: NUM_CLASSES,
    alpha,
    reduction: DEFAULTS.reduction,
    lossWeight,
  });
  const history = await train(trainingModel, trainData, options);
  const predictions = predict(classifier, testData.images);
  return {
    trainingModel,
    centers: centerLossLayer(trainingModel).centers.arraySync(),
    history,
    predictions,
    evaluation: await evaluate(predictions, testData.labels),
  };
}
