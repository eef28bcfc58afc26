import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from 'tfjs-center-loss';
import type {CenterLossLayer} from 'tfjs-center-loss';

import type {Dataset} from '../../mnist/dataset.js';
import {evaluate, predict} from '../../mnist/evaluation.js';
import {NUM_CLASSES} from '../../mnist/idx.js';
import {createClassifier, FEATURE_LAYER} from '../../mnist/network.js';
import {centerLossLayer, compile} from '../../mnist/training.js';
import type {Answer, Artifacts, Network, SideFrame} from '../protocol.js';
import type {Metadata, SavedWeight} from '../saved_network.js';
import {createConvolutionalClassifier} from './convolutional.js';
import {knownLimits, nearestCenter} from './novelty.js';

const SEED = 1;
/** From here on the learning rate stays, so that moving a slider shows its effect at any time. */
const LAST_DECAY = 5;

const CREATE = {dense: createClassifier, convolutional: createConvolutionalClassifier};

export interface SideSettings {
  network: Network;
  featureDim: number;
  lossWeight: number;
  alpha: number;
}

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

  /** The same weights every time. */
  constructor({network, featureDim, lossWeight, alpha}: SideSettings) {
    this.classifier = CREATE[network](featureDim, SEED);
    this.model = attachCenterLoss(this.classifier, {
      featureLayer: FEATURE_LAYER,
      numClasses: NUM_CLASSES,
      // A sum would pull harder in larger batches.
      reduction: 'mean',
      lossWeight,
      alpha,
    });
    this.layer = centerLossLayer(this.model);
    this.optimizer = compile(this.model);
  }

  /** Takes these weights, all or none. */
  setWeights(saved: readonly SavedWeight[]): void {
    const values = this.model.weights.map(({originalName, shape}) => {
      const found = saved.find(({name}) => title(name) === title(originalName));
      if (!found || String(found.shape) !== String(shape)) {
        throw new Error(`Expected the weight '${title(originalName)}' of shape [${String(shape)}].`);
      }
      return found;
    });
    tf.tidy(() => {
      this.model.setWeights(values.map((weight) => tf.tensor(weight.values, weight.shape)));
    });
  }

  async train({images, labels, oneHot}: Batch, epoch: number): Promise<BatchLoss> {
    this.optimizer.startEpoch(Math.min(epoch, LAST_DECAY));
    const {lossWeight} = this.layer;
    const [total = NaN, , centerLoss = NaN] = (await this.model.trainOnBatch([images, labels], oneHot)) as number[];
    return {loss: total - lossWeight * centerLoss, centerLoss};
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

  async artifacts(metadata: Metadata): Promise<Artifacts> {
    this.model.setUserDefinedMetadata(metadata);
    return new Promise((resolve, reject) => {
      const save = tf.io.withSaveHandler((artifacts) => {
        resolve(artifacts);
        return Promise.resolve({modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)});
      });
      this.model.save(save).catch(reject);
    });
  }

  dispose(): void {
    this.optimizer.dispose();
    // What they share goes with the second.
    this.model.dispose();
    this.classifier.dispose();
  }
}

/** Of a weight, by which it is found again: a layer with centers may have any name. */
function title(name: string): string {
  return name.endsWith('/centers') ? 'centers' : name;
}
