import * as tf from '@tensorflow/tfjs';

import {attachCenterLoss, detachCenterLoss} from '../../../lib/index.js';
import type {CenterLossLayer} from '../../../lib/index.js';
import type {Dataset} from '../../mnist/dataset.js';
import {createConvolutionalClassifier} from '../../mnist/convolutional.js';
import {evaluate, predict} from '../../mnist/evaluation.js';
import {NUM_CLASSES} from '../../mnist/idx.js';
import {createClassifier, FEATURE_LAYER} from '../../mnist/network.js';
import {POOLED_SIZE} from '../../mnist/pool.js';
import {centerLossLayer, compile} from '../../mnist/training.js';
import type {Answer, Artifacts, Network, SideFrame} from '../protocol.js';
import {knownLimits, nearestCenter} from './novelty.js';

const FEATURE_DIM = 2;
const SEED = 1;
/** From here on the learning rate stays, so that moving a slider shows its effect at any time. */
const LAST_DECAY = 5;

const CREATE = {
  dense: createClassifier,
  convolutional: (featureDim: number, seed: number) =>
    createConvolutionalClassifier({pictureSize: POOLED_SIZE, filters: [16, 32], units: 64}, featureDim, seed),
};

export interface BatchLoss {
  loss: number;
  centerLoss: number;
}

export type Batch = Record<'images' | 'labels' | 'oneHot', tf.Tensor>;

/** One of the two networks. */
export class Side {
  readonly layer: CenterLossLayer;
  private readonly model: tf.LayersModel;
  private readonly classifier: tf.LayersModel;
  private readonly optimizer;

  private constructor(model: tf.LayersModel, classifier: tf.LayersModel) {
    this.model = model;
    this.classifier = classifier;
    this.layer = centerLossLayer(model);
    this.optimizer = compile(model);
  }

  /** The same weights every time. */
  static create(network: Network, lossWeight: number, alpha: number): Side {
    const classifier = CREATE[network](FEATURE_DIM, SEED);
    return new Side(
      attachCenterLoss(classifier, {featureLayer: FEATURE_LAYER, numClasses: NUM_CLASSES, lossWeight, alpha}),
      classifier,
    );
  }

  static async load(source: tf.io.IOHandler | string): Promise<Side> {
    const model = await tf.loadLayersModel(source);
    return new Side(model, detachCenterLoss(model));
  }

  async train({images, labels, oneHot}: Batch, epoch: number): Promise<BatchLoss> {
    this.optimizer.startEpoch(Math.min(epoch, LAST_DECAY));
    const {lossWeight} = this.layer;
    const [total = NaN, , centerLoss = NaN] = (await this.model.trainOnBatch([images, labels], oneHot)) as number[];
    return {loss: total - lossWeight * centerLoss, centerLoss: centerLoss / labels.size};
  }

  async frame(test: Dataset): Promise<Omit<SideFrame, keyof BatchLoss>> {
    const predictions = predict(this.classifier, test.images);
    try {
      const [{accuracy, ratio}, features, centers] = await Promise.all([
        evaluate(predictions, test.labels),
        predictions.features.data<'float32'>(),
        this.layer.centers.data<'float32'>(),
      ]);
      // Copies: on cpu the arrays are the tensors' own.
      return {features: features.slice(), centers: centers.slice(), accuracy, ratio};
    } finally {
      tf.dispose({...predictions});
    }
  }

  /** What a picture is, and whether it is like those held back from training at all. */
  async answer(picture: tf.Tensor2D, heldBack: Dataset): Promise<Answer> {
    const asked = predict(this.classifier, picture);
    const known = predict(this.classifier, heldBack.images);
    const probabilities = tf.tidy(() => asked.logits.softmax());
    try {
      const [[digit = NaN], values, [x = NaN, y = NaN], knownFeatures, centers] = await Promise.all([
        asked.classIds.data(),
        probabilities.data(),
        asked.features.data(),
        known.features.data(),
        this.layer.centers.data(),
      ]);
      const nearest = nearestCenter(x, y, centers);
      const limits = knownLimits(knownFeatures, centers);
      return {
        digit,
        probability: values[digit] ?? NaN,
        x,
        y,
        nearest: nearest.digit,
        distance: nearest.distance,
        limits,
      };
    } finally {
      tf.dispose([{...asked}, {...known}, probabilities]);
    }
  }

  async save(target: string, metadata: object): Promise<void> {
    this.model.setUserDefinedMetadata(metadata);
    await this.model.save(target);
  }

  async artifacts(metadata: object): Promise<Artifacts> {
    this.model.setUserDefinedMetadata(metadata);
    return new Promise((resolve, reject) => {
      const save = tf.io.withSaveHandler((artifacts) => {
        resolve(artifacts);
        return Promise.resolve({modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)});
      });
      this.model.save(save).catch(reject);
    });
  }

  get metadata(): unknown {
    return this.model.getUserDefinedMetadata();
  }

  dispose(): void {
    this.optimizer.dispose();
    // What they share goes with the second.
    this.model.dispose();
    this.classifier.dispose();
  }
}
