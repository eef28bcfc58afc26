import * as tf from '@tensorflow/tfjs';

import {attachCenterLoss} from 'tfjs-center-loss';
import {Recognizer} from 'tfjs-center-loss/recognition';
import type {Dataset} from '../../demo/mnist/dataset.js';
import {predict} from '../../demo/mnist/evaluation.js';
import type {Predictions} from '../../demo/mnist/evaluation.js';
import {FEATURE_LAYER} from '../../demo/mnist/network.js';
import {train} from '../../demo/mnist/training.js';
import {train as trainAltered} from '../altered_training.js';
import type {LabelledPictures} from '../altered_training.js';
import {histogramOf} from '../histogram.js';
import type {Histogram} from '../histogram.js';
import {measureCalibration} from './calibration.js';
import type {AcceptedShare} from './calibration.js';
import {enrollDigits, takeRows} from './digit_features.js';
import type {DigitFeatures} from './digit_features.js';
import {fewWithNearestPicture, fewWithRecognizer} from './few_samples.js';
import type {FewSamples} from './few_samples.js';
import {BATCH_SIZE, COPIES, FEATURE_DIM, NETWORKS} from './networks.js';
import type {NetworkName} from './networks.js';
import {disposeOpenSet, splitByDigits} from './protocol.js';
import type {OpenSet} from './protocol.js';
import {measureQuality, rocOnGrid} from './quality.js';
import type {Quality} from './quality.js';
import {scoreFeatures, scoreLogits} from './scores.js';
import type {RecognizerScore, Scored, ScoreName} from './scores.js';

/** A training to do. */
export interface Trial {
  kind: 'trial';
  network: NetworkName;
  known: readonly number[];
  seed: number;
  epochs: number;
  /** 0 is softmax alone. */
  lossWeight: number;
  /** Whether turned and mirrored copies of the pictures are trained on as classes of their own, each lightly altered. */
  turned: boolean;
  /** How often a few samples are drawn. */
  draws: number;
}

export interface ScoreResults extends Quality {
  roc: number[];
  histogram: Histogram;
}

export interface TrialResults extends Trial {
  scores: Record<ScoreName, ScoreResults>;
  calibration: Record<RecognizerScore, AcceptedShare[]>;
  /** By the nearest center; `'relative'` finds the same one as `'distance'`. */
  fewSamples: Record<'distance' | 'cosine', FewSamples[]>;
  cpuSeconds: number;
}

/** What a network is measured by: the nearest of all pictures, in the place of features and centers. */
export interface PixelsTrial {
  kind: 'pixels';
  known: readonly number[];
  draws: number;
}

export interface PixelsResults extends PixelsTrial {
  fewSamples: FewSamples[];
  cpuSeconds: number;
}

/** How much of a trial is training, roughly; the rest is measuring. */
const TRAINING_SHARE = 0.8;
/** Of the test pictures, one in this many is named in each draw of a few samples. */
const FEW_TEST_STEP = 10;

/** Trains a network on the known digits of a split, and measures it. `onShare`: how much of it is done. */
export async function runTrial(
  trial: Trial,
  trainData: Dataset,
  testData: Dataset,
  onShare: (share: number) => void,
): Promise<TrialResults> {
  const {network, known, seed, epochs, lossWeight, turned, draws} = trial;
  const before = process.cpuUsage();
  const openSet = splitByDigits(trainData, testData, known);
  const numClasses = turned ? COPIES * known.length : known.length;
  const classifier = NETWORKS[network].create(FEATURE_DIM, seed, numClasses);
  const trainingModel = attachCenterLoss(classifier, {
    featureLayer: FEATURE_LAYER,
    numClasses,
    lossWeight,
    reduction: 'mean',
  });
  const shareOfTraining = (share: number) => {
    onShare(TRAINING_SHARE * share);
  };
  if (turned) {
    const pictures = await labelledPictures(openSet.train, known.length);
    await trainAltered(trainingModel, pictures, {
      copies: COPIES,
      epochs,
      batchSize: BATCH_SIZE,
      seed,
      onShare: shareOfTraining,
    });
  } else {
    const batches = Math.ceil(openSet.train.size / BATCH_SIZE);
    await train(trainingModel, openSet.train, {
      epochs,
      batchSize: BATCH_SIZE,
      seed,
      onBatch: (epoch, batch) => {
        shareOfTraining((epoch + (batch + 1) / batches) / epochs);
      },
    });
  }
  onShare(TRAINING_SHARE);
  const measured = await measure(openSet, classifier, draws);
  trainingModel.dispose();
  classifier.dispose();
  disposeOpenSet(openSet);
  return {...trial, ...measured, cpuSeconds: cpuSecondsSince(before)};
}

async function labelledPictures({images, labels}: Dataset, numClasses: number): Promise<LabelledPictures> {
  const [pixels, classIds] = await Promise.all([images.data<'float32'>(), labels.data<'int32'>()]);
  return {side: Math.sqrt(images.shape[1]), pixels, labels: classIds, numClasses};
}

async function measure(openSet: OpenSet, classifier: tf.LayersModel, draws: number) {
  const {known, unknown} = openSet;
  const embed = (dataset: Dataset, digits: readonly number[]) => ({
    ...ofFirstClasses(predict(classifier, dataset.images), known.length),
    digits: digitsOf(dataset, digits),
  });
  const training = embed(openSet.train, known);
  const heldBack = embed(openSet.heldBack, known);
  const testKnown = embed(openSet.testKnown, known);
  const testUnknown = embed(openSet.testUnknown, unknown);
  const enrolment = embed(openSet.enrolment, unknown);

  const recognizers = {
    distance: await recognizerOf('distance', training),
    relative: await recognizerOf('relative', training),
    cosine: await recognizerOf('cosine', training),
  };
  const score = async (predictions: Predictions): Promise<Record<ScoreName, Scored>> => ({
    ...(await scoreLogits(predictions, known)),
    distance: await scoreFeatures(recognizers.distance, predictions),
    relative: await scoreFeatures(recognizers.relative, predictions),
    cosine: await scoreFeatures(recognizers.cosine, predictions),
  });
  const scoredKnown = await score(testKnown);
  const scoredUnknown = await score(testUnknown);
  const results = (name: ScoreName): ScoreResults => ({
    ...measureQuality(scoredKnown[name], testKnown.digits, scoredUnknown[name]),
    roc: rocOnGrid(scoredKnown[name], scoredUnknown[name]),
    histogram: histogramOf(scoredKnown[name].values, scoredUnknown[name].values),
  });

  const test = fewTest(testKnown, testUnknown);
  const measured = {
    scores: {
      softmax: results('softmax'),
      logit: results('logit'),
      distance: results('distance'),
      relative: results('relative'),
      cosine: results('cosine'),
    },
    calibration: {
      distance: await measureCalibration(recognizers.distance, heldBack, testKnown),
      relative: await measureCalibration(recognizers.relative, heldBack, testKnown),
      cosine: await measureCalibration(recognizers.cosine, heldBack, testKnown),
    },
    fewSamples: {
      distance: await fewWithRecognizer(recognizers.distance, enrolment, test, draws),
      cosine: await fewWithRecognizer(recognizers.cosine, enrolment, test, draws),
    },
  };
  tf.dispose(
    [training, heldBack, testKnown, testUnknown, enrolment].map(({features, logits, classIds}) => [
      features,
      logits,
      classIds,
    ]),
  );
  test.features.dispose();
  return measured;
}

/** Leaves out the logits of copies: a picture is upright. */
function ofFirstClasses({features, logits, classIds}: Predictions, numClasses: number): Predictions {
  const first = tf.tidy(() => {
    const ofFirst = logits.slice([0, 0], [-1, numClasses]);
    return {logits: ofFirst, classIds: ofFirst.argMax<tf.Tensor1D>(1)};
  });
  tf.dispose([logits, classIds]);
  return {features, ...first};
}

export async function runPixels(trial: PixelsTrial, trainData: Dataset, testData: Dataset): Promise<PixelsResults> {
  const before = process.cpuUsage();
  const openSet = splitByDigits(trainData, testData, trial.known);
  const pixels = (dataset: Dataset, digits: readonly number[]) => ({
    features: dataset.images,
    digits: digitsOf(dataset, digits),
  });
  const test = fewTest(pixels(openSet.testKnown, openSet.known), pixels(openSet.testUnknown, openSet.unknown));
  const fewSamples = await fewWithNearestPicture(
    pixels(openSet.train, openSet.known),
    pixels(openSet.enrolment, openSet.unknown),
    test,
    trial.draws,
  );
  test.features.dispose();
  disposeOpenSet(openSet);
  return {...trial, fewSamples, cpuSeconds: cpuSecondsSince(before)};
}

/** Known and unknown test pictures, thinned out. */
function fewTest(known: DigitFeatures, unknown: DigitFeatures): DigitFeatures {
  const features = tf.concat([known.features, unknown.features]);
  const digits = [...known.digits, ...unknown.digits];
  const taken = [...digits.keys()].filter((index) => index % FEW_TEST_STEP === 0);
  const thinned = takeRows({features, digits}, taken);
  features.dispose();
  return thinned;
}

async function recognizerOf(score: RecognizerScore, training: DigitFeatures): Promise<Recognizer> {
  const recognizer = new Recognizer({score});
  await enrollDigits(recognizer, training);
  return recognizer;
}

function digitsOf(dataset: Dataset, digits: readonly number[]): number[] {
  return Array.from(dataset.labels.dataSync(), (classId) => digits[classId] ?? NaN);
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const {user, system} = process.cpuUsage(before);
  return (user + system) / 1e6;
}
