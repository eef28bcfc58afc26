import {dispose} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {Callback} from '@tensorflow/tfjs-layers';
import type {Logs} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from '../errors.js';
import {featureModel} from './feature_model.js';
import {checkOptions} from '../options.js';
import {compactness} from '../recognition/evaluation/compactness.js';
import {equalErrorRate} from '../recognition/evaluation/equal_error_rate.js';
import {recallAt1} from '../recognition/evaluation/recall_at_1.js';
import {indexOutOfRange} from '../recognition/features.js';
import {checkStringOrNumber, copyLabels} from '../recognition/labels.js';
import {differentPairs, samePairs} from '../recognition/pairs.js';
import type {Pair} from '../recognition/pairs.js';
import {pairScore} from '../recognition/scoring.js';

/** What {@link UnseenClasses} takes. */
export interface UnseenClassesArgs {
  /**
   * Samples of classes that take no part in the training, as `predict` of the model's `featureModel` takes them. They stay the
   * caller's to dispose.
   */
  inputs: Tensor | Tensor[];
  /** The class of each sample: any names or numbers, which have nothing to do with the class ids of the training. */
  labels: ArrayLike<string | number>;
  /** Whether the weights of the best epoch come back when the training ends. Default: false. The optimizer stays as it is. */
  restoreBestWeights?: boolean;
}

/** What the logs of an epoch get, by the names of the functions that measure it. */
interface Measured {
  unseen_equalErrorRate: number;
  unseen_recallAt1: number;
  unseen_compactness: number;
}

const NOTHING: Measured = {unseen_equalErrorRate: NaN, unseen_recallAt1: NaN, unseen_compactness: NaN};

/**
 * A callback for `fit` and `fitDataset` of a model with a `CenterLossLayer`: after each epoch it measures how well the
 * features tell classes apart that are not trained on. For these `val_loss`, which is of the trained classes, is no guide.
 *
 * The logs of the epoch, and the history, get three more numbers:
 * - `unseen_equalErrorRate`: `equalErrorRate` of pairs of samples, by their distance; smaller is better;
 * - `unseen_recallAt1`: `recallAt1`; larger is better;
 * - `unseen_compactness`: the ratio of `compactness`; smaller is better.
 *
 * All are NaN where features are not finite, or all alike. The callbacks behind it in the list find them in their logs:
 * `tf.callbacks.earlyStopping`, or `new tf.CustomCallback(...)` around what `tfvis.show.fitCallbacks` gives. The time grows with
 * the square of the number of samples: a thousand are plenty. Of the pairs at most 100,000 of each kind are compared.
 *
 * @throws ValueError for options that nothing reads, and unless there is one label a sample, a name or a number, of at least two
 *   classes, one of them with two samples. `fit` rejects with a ValueError for features that are not `[N, D]`.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [4], units: 2, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 3})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 3});
 * model.compile({optimizer: 'adam', loss: softmaxCrossEntropy});
 * const unseen = new UnseenClasses({inputs: tf.randomUniform([4, 4]), labels: ['a', 'a', 'b', 'b'], restoreBestWeights: true});
 * const stopping = tf.callbacks.earlyStopping({monitor: 'unseen_equalErrorRate', patience: 5});
 * const [x, y] = [tf.randomUniform([3, 4]), tf.eye(3)];
 * const {history} = await model.fit([x, tf.tensor1d([0, 1, 2])], y, {epochs: 2, verbose: 0, callbacks: [unseen, stopping]});
 * console.log(Object.keys(history)); // ['loss', 'unseen_equalErrorRate', 'unseen_recallAt1', 'unseen_compactness']
 * ```
 */
export class UnseenClasses extends Callback {
  /** The epoch with the lowest equal error rate so far, the first of equal ones; undefined before there is one. */
  best: {epoch: number; equalErrorRate: number} | undefined;

  private readonly inputs: Tensor | Tensor[];
  private readonly labels: readonly (string | number)[];
  private readonly restoreBestWeights: boolean;
  private bestWeights: Tensor[] = [];

  constructor(args: UnseenClassesArgs) {
    super();
    const caller = 'UnseenClasses';
    checkOptions(args, ['inputs', 'labels', 'restoreBestWeights'], caller);
    this.inputs = args.inputs;
    this.labels = copyLabels(args.labels, checkStringOrNumber, caller);
    this.restoreBestWeights = args.restoreBestWeights ?? false;
    const [samples] = [this.inputs].flat().map(({shape}) => shape[0]);
    if (samples !== this.labels.length) {
      throw new ValueError(
        `${caller}: expected one label a sample, but got ${this.labels.length} labels for ${samples} samples.`,
      );
    }
    const classes = new Set(this.labels).size;
    if (classes < 2 || classes === this.labels.length) {
      throw new ValueError(
        `${caller}: expected labels of at least two classes, one of them with two samples, but got ${classes} classes ` +
          `of ${this.labels.length} samples.`,
      );
    }
  }

  /** Begins anew. */
  override onTrainBegin(): Promise<void> {
    this.best = undefined;
    this.forgetWeights();
    return Promise.resolve();
  }

  /** Measures, and writes to the logs. */
  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const measured = await this.measure();
    Object.assign(logs, measured);
    const rate = measured.unseen_equalErrorRate;
    if (rate < (this.best?.equalErrorRate ?? Infinity)) {
      this.best = {epoch, equalErrorRate: rate};
      if (this.restoreBestWeights) {
        this.forgetWeights();
        // A clone keeps what a variable has now, whatever is assigned to it later.
        this.bestWeights = this.model.getWeights().map((weight) => weight.clone());
      }
    }
  }

  /** Gives the model the weights of the best epoch, if that was asked for. */
  override onTrainEnd(): Promise<void> {
    if (this.bestWeights.length > 0) {
      this.model.setWeights(this.bestWeights);
      this.forgetWeights();
    }
    return Promise.resolve();
  }

  private async measure(): Promise<Measured> {
    const model = featureModel(this.model);
    const features = model.predict(this.inputs);
    model.dispose();
    const {shape} = features;
    const values = new Float32Array(await features.data());
    features.dispose();
    const [rows = 0, width = 0] = shape;
    if (shape.length !== 2) {
      throw new ValueError(
        `UnseenClasses: expected features of shape [${rows}, width], but got shape ${quote(shape)}.`,
      );
    }
    if (indexOutOfRange(values) >= 0 || values.every((value, i) => value === values[i % width])) {
      return NOTHING;
    }
    const matrix = {values, rows, width};
    const labelled = {known: matrix, labels: this.labels.map((label) => `${typeof label} ${label}`)};
    const scores = (pairs: readonly Pair[]) => pairs.map(([first, second]) => pairScore(first, second, 'distance'));
    const different = differentPairs(labelled, {values: new Float32Array(), rows: 0, width});
    return {
      unseen_equalErrorRate: equalErrorRate(scores(samePairs(labelled)), scores(different)).rate,
      unseen_recallAt1: await recallAt1(values, this.labels),
      unseen_compactness: (await compactness(values, this.labels)).ratio,
    };
  }

  private forgetWeights(): void {
    dispose(this.bestWeights);
    this.bestWeights = [];
  }
}
