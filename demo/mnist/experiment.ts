import type * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from 'tfjs-center-loss';

import type {Dataset} from './dataset.js';
import {DEFAULTS} from './defaults.js';
import {evaluate, predict} from './evaluation.js';
import type {Evaluation, Predictions} from './evaluation.js';
import {NUM_CLASSES} from './idx.js';
import {createClassifier, FEATURE_LAYER} from './network.js';
import {centerLossLayer, train} from './training.js';
import type {TrainingLogs, TrainingOptions} from './training.js';

export interface ExperimentOptions extends TrainingOptions {
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

/** Trains a new classifier and evaluates it on the test pictures. */
export async function runExperiment(
  trainData: Dataset,
  testData: Dataset,
  options: ExperimentOptions,
): Promise<Experiment> {
  const {featureDim, seed, alpha, lossWeight} = options;
  const classifier = createClassifier(featureDim, seed);
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
