import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from 'tfjs-center-loss';
import type {CenterLossLayer} from 'tfjs-center-loss';
import type {Score} from 'tfjs-center-loss/recognition';

import {createConvolutionalClassifier} from '../../mnist/convolutional.js';
import type {Dataset} from '../../mnist/dataset.js';
import {evaluate, predict} from '../../mnist/evaluation.js';
import type {Predictions} from '../../mnist/evaluation.js';
import {NUM_CLASSES} from '../../mnist/idx.js';
import {createClassifier, FEATURE_LAYER} from '../../mnist/network.js';
import {POOLED_SIZE} from '../../mnist/pool.js';
import {centerLossLayer, compile} from '../../mnist/training.js';
import type {Answer, Artifacts, Network, SideFrame} from '../protocol.js';
import type {Metadata, SavedWeight} from '../saved_network.js';
import {Judge} from './judge.js';
import type {Rows} from './judge.js';
import {principalAxes, project} from './projection.js';
import type {Projection} from './projection.js';

/** From here on the learning rate stays, so that moving a slider shows its effect at any time. */
const LAST_DECAY = 5;

const CREATE = {
  dense: createClassifier,
  convolutional: (featureDim: number, seed: number) =>
    createConvolutionalClassifier({pictureSize: POOLED_SIZE, filters: [16, 32], units: 64}, featureDim, seed),
};

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

/** The pictures that are looked at, but not learned from, `[pictures, pixels]` each. */
export interface Looked {
  test: Dataset;
  heldBack: Dataset;
  /** The digits of those held back. */
  heldBackLabels: readonly number[];
  /** No digits, to see how many are refused. */
  nonDigits: tf.Tensor2D;
  /** Of built-in signs, to see how many are named: one sign after the other, first the drawings that teach it. */
  drawings: tf.Tensor2D;
  /** What the visitor has taught: the pictures of each sign. */
  signs: readonly tf.Tensor2D[];
}

export type Batch = Record<'images' | 'labels' | 'oneHot', tf.Tensor>;

/** One of the two networks. */
export class Side {
  readonly layer: CenterLossLayer;
  private readonly model: tf.LayersModel;
  private readonly classifier: tf.LayersModel;
  private readonly optimizer;
  private readonly judgedBy: Score;
  private projection: Projection | undefined;
  /** Of the weights and signs of the moment. */
  private judge: Promise<Judge> | undefined;

  /**
   * @param judgedBy What tells its pictures from what is none.
   * @param seed The same seed gives the same weights.
   */
  constructor({network, featureDim, lossWeight, alpha}: SideSettings, judgedBy: Score, seed: number) {
    this.judgedBy = judgedBy;
    this.classifier = CREATE[network](featureDim, seed);
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
    this.forgetJudge();
    this.optimizer.startEpoch(Math.min(epoch, LAST_DECAY));
    const {lossWeight} = this.layer;
    const [total = NaN, , centerLoss = NaN] = (await this.model.trainOnBatch([images, labels], oneHot)) as number[];
    return {loss: total - lossWeight * centerLoss, centerLoss};
  }

  predict(images: tf.Tensor2D): Predictions {
    return predict(this.classifier, images);
  }

  /** What is known has changed. */
  forgetJudge(): void {
    this.judge = undefined;
  }

  async frame(looked: Looked): Promise<Omit<SideFrame, keyof BatchLoss>> {
    const {test, nonDigits, drawings, signs} = looked;
    const predictions = this.predict(test.images);
    try {
      const [{accuracy, ratio}, features, centers, others, drawn] = await Promise.all([
        evaluate(predictions, test.labels),
        predictions.features.data<'float32'>(),
        this.layer.centers.data<'float32'>(),
        this.features(nonDigits),
        this.features(drawings),
      ]);
      const signFeatures = await Promise.all(signs.map((pictures) => this.features(pictures)));
      const width = features.length / test.size;
      const projection = principalAxes(features, width, this.projection);
      this.projection = projection;
      const judge = await this.judgeOf(looked);
      return {
        features: project(features, projection),
        centers: project(
          Float32Array.from([centers, ...signFeatures.map(meanRow)].flatMap((rows) => [...rows])),
          projection,
        ),
        signs: project(Float32Array.from(signFeatures.flatMap(({values}) => [...values])), projection),
        accuracy,
        ratio,
        refused: await judge.refused(others.values),
        named: await judge.named(drawn),
      };
    } finally {
      tf.dispose({...predictions});
    }
  }

  /** What a picture is, and whether it is like anything known at all. */
  async answer(picture: tf.Tensor2D, looked: Looked): Promise<Answer> {
    const asked = this.predict(picture);
    const probabilities = tf.tidy(() => asked.logits.softmax());
    try {
      const [[digit = NaN], values, features] = await Promise.all([
        asked.classIds.data(),
        probabilities.data(),
        asked.features.data<'float32'>(),
      ]);
      const judge = await this.judgeOf(looked);
      const [judgement] = await judge.judge(features);
      const projection = this.projection ?? principalAxes(features, features.length, undefined);
      const [x = NaN, y = NaN] = project(features, projection);
      if (!judgement) {
        throw new Error('Expected an answer to one picture.');
      }
      return {digit, probability: values[digit] ?? NaN, ...judgement, x, y};
    } finally {
      tf.dispose([{...asked}, probabilities]);
    }
  }

  private async judgeOf({heldBack, heldBackLabels, signs}: Looked): Promise<Judge> {
    const judge = async () => {
      const [centers, known, ...signRows] = await Promise.all([
        this.layer.centers.data<'float32'>(),
        this.features(heldBack.images),
        ...signs.map((pictures) => this.features(pictures)),
      ]);
      const width = centers.length / NUM_CLASSES;
      const {judgedBy} = this;
      return Judge.create({
        width,
        centers: centers.slice(),
        signs: signRows,
        heldBack: known,
        heldBackLabels,
        judgedBy,
      });
    };
    this.judge ??= judge();
    return this.judge;
  }

  private async features(images: tf.Tensor2D): Promise<Rows> {
    const predictions = this.predict(images);
    try {
      // A copy: on cpu the array is the tensor's own.
      return {values: (await predictions.features.data<'float32'>()).slice(), rows: images.shape[0]};
    } finally {
      tf.dispose({...predictions});
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

function meanRow({values, rows}: Rows): Float32Array {
  const width = values.length / rows;
  return Float32Array.from({length: width}, (_, j) => {
    const column = Array.from({length: rows}, (_row, i) => values[i * width + j] ?? NaN);
    return column.reduce((sum, value) => sum + value, 0) / rows;
  });
}

/** Of a weight, by which it is found again: a layer with centers may have any name. */
function title(name: string): string {
  return name.endsWith('/centers') ? 'centers' : name;
}
