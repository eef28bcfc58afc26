import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import type {LayerVariable, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {weightedCenterLoss} from '../ops/center_loss.js';
import {updateCentersOfClasses} from '../ops/update_centers.js';
import {completeArgs} from './center_loss_layer_args.js';
import type {CenterLossLayerArgs} from './center_loss_layer_args.js';
import {ValueError} from '../errors.js';
import {checkAlpha, checkLossWeight} from '../ops/hyperparameters.js';
import type {Reduction} from '../kernels/contracts.js';
import {GradientWatch} from './gradient_watch.js';
import {initializerConfig} from './initializers.js';
import {toClassIds} from '../labels/class_ids.js';
import type {Shape} from '../labels/label_forms.js';
import {LateLabelError} from './late_label_error.js';
import {
  checkGivenLabels,
  checkInputs,
  checkTensors,
  inputsOf,
  lengthsVary,
  passedOn,
  shapesOf,
  unchanged,
} from './layer_inputs.js';
import {LossRecord} from './loss_record.js';
import {named} from '../ops/named.js';
import {checkCenterWeights, checkCentersFit, checkFeatures} from '../ops/tensor_checks.js';
import {activeTape, freeTapeAfterError} from '../tfjs_internals.js';
import {placesOf} from '../tfjs_layers_internals.js';
import type {Initializer} from '../tfjs_layers_internals.js';

type Inputs = tf.Tensor | tf.Tensor[] | SymbolicTensor | SymbolicTensor[];
type Kwargs = Parameters<layers.Layer['call']>[1];

/**
 * Adds center loss (Wen et al., ECCV 2016) to the loss of the model that it stands in, and learns the centers.
 *
 * Applied to `[features, labels]`, its output is the features, unchanged: what uses the features must use the output,
 * since layers off the path to an output do not run. Applied to `[features, labels, output]`, it is a tap: its output is
 * the third input, unchanged. Where that is an output of the model, what uses the features can go on using them.
 * Applied to features alone it is the identity, so that one layer serves a training and an inference model.
 *
 * In a training pass it adds `lossWeight · 1/2 · Σ |x_i − c_{y_i}|²` to the model's loss and then moves the centers:
 * `c_j ← c_j − alpha · Σ_{i: y_i = j} (c_j − x_i) / (1 + n_j)`, independent of `lossWeight`, `reduction` and optimizer.
 * In an inference pass it does neither, and no label is an error. Without a {@link metric} it does not look at them; for
 * the metric a sample whose label is no class takes no part.
 *
 * Input shape: features float32 `[batch, ..., D]`, every leading axis counting as samples. Labels: class ids with the
 *   features' leading shape, with or without a last axis of 1, which is needed where the axis before it has `numClasses`
 *   entries; or one-hot labels or probabilities with a last axis of `numClasses`, of which the largest counts: a sample
 *   with several largest ones takes no part; int32, float32 or bool. Samples at `false` of a Keras mask on the features,
 *   and samples of `ignoreClass`, take no part. The output: of any shape.
 *
 * Output shape: that of the features; of a tap that of the third input.
 *
 * Weights: `<layer name>/centers`, float32 `[numClasses, D]`, never trained by the optimizer. `trainable: false` stops
 *   their update and keeps the loss.
 *
 * Where nothing that the features are computed from is trained, the loss changes nothing but the centers: the second
 * training step says so on the console, once.
 *
 * A sample whose features are not finite shows in the loss, but is not counted in the update: the centers stay finite.
 *
 * @throws ValueError for wrong arguments, shapes and dtypes, for more classes than the backend tells apart (2^24 on all
 *   but cpu, wasm and tensorflow), and for a training pass of a model that gives the layer no
 *   labels, if no other model does. RangeError for a label that is no integer in
 *   `[0, numClasses)`: before anything has changed on cpu and wasm; on webgl and webgpu such a sample takes no part and
 *   a following training step throws.
 * @example
 * ```js
 * const [image, label] = [tf.input({shape: [64]}), tf.input({shape: [1]})];
 * const features = tf.layers.dense({units: 16}).apply(image);
 * const layer = new CenterLossLayer({numClasses: 10});
 * const logits = tf.layers.dense({units: 10}).apply(layer.apply([features, label]));
 * const model = tf.model({inputs: [image, label], outputs: logits});
 * model.compile({optimizer: 'adam', loss: softmaxCrossEntropy, metrics: [layer.metric()]});
 * console.log(layer.centers.shape); // [10, 16]
 * ```
 */
export class CenterLossLayer extends layers.Layer {
  static readonly className = 'CenterLossLayer';

  readonly numClasses: number;
  readonly reduction: Reduction;
  readonly ignoreClass: number | undefined;
  private readonly centersInitializer: Initializer;
  private currentAlpha: number;
  private currentLossWeight: number;
  /** What the layer has once the width of the features is known. */
  private parts: {centers: LayerVariable; record: LossRecord} | undefined;
  private metricWanted = false;
  private readonly lateLabelError = new LateLabelError();
  private readonly gradientWatch = new GradientWatch();

  constructor(args: CenterLossLayerArgs) {
    const complete = completeArgs(args, CenterLossLayer.className);
    super(args);
    this.supportsMasking = true;
    this.numClasses = complete.numClasses;
    this.currentAlpha = complete.alpha;
    this.reduction = complete.reduction;
    this.currentLossWeight = complete.lossWeight;
    this.ignoreClass = complete.ignoreClass;
    this.centersInitializer = complete.centersInitializer;
  }

  /** How far a center moves towards its samples in a step, in [0, 1]; can be set between steps. */
  get alpha(): number {
    return this.currentAlpha;
  }
  set alpha(alpha: number) {
    checkAlpha(alpha, this.caller);
    this.currentAlpha = alpha;
  }

  /** The factor λ of the center loss within the model's loss, at least 0; can be set between steps. */
  get lossWeight(): number {
    return this.currentLossWeight;
  }
  set lossWeight(lossWeight: number) {
    checkLossWeight(lossWeight, this.caller);
    this.currentLossWeight = lossWeight;
  }

  /** The current centers, float32 `[numClasses, D]`. The layer's own tensor: neither write to it nor dispose it. */
  get centers(): tf.Tensor2D {
    return this.builtParts.centers.read() as tf.Tensor2D;
  }

  /**
   * A metric named `centerLoss` for `model.compile({metrics})`: the center loss of the last forward pass, not
   * multiplied by `lossWeight`, a float32 scalar. From then on `evaluate` and validation compute it from the labels, over
   * the samples whose label is a class; if there are none it is 0.
   */
  metric(): (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar {
    if ((this as unknown) === undefined) {
      throw new ValueError(
        'CenterLossLayer: expected metrics: [layer.metric()], but got layer.metric without the call.',
      );
    }
    this.metricWanted = true;
    return named('centerLoss', () => {
      this.assertNotDisposed();
      return this.builtParts.record.read();
    });
  }

  override apply(inputs: Inputs, kwargs?: Kwargs): ReturnType<layers.Layer['apply']> {
    checkTensors(inputs, this.caller);
    try {
      return super.apply(inputs, kwargs);
    } catch (error) {
      freeTapeAfterError();
      throw error;
    }
  }

  override assertInputCompatibility(inputs: Inputs): void {
    const featureDim = this.parts?.centers.shape[1] as number | undefined;
    checkInputs(inputs, featureDim, this.numClasses, this.caller);
  }

  override build(inputShape: Shape | Shape[]): void {
    const featureDim = checkFeatures(shapesOf(inputShape)[0], 'float32', undefined, this.caller);
    checkCentersFit(this.numClasses, featureDim, this.caller);
    const centers = this.addWeight(
      'centers',
      [this.numClasses, featureDim],
      'float32',
      this.centersInitializer,
      undefined,
      false,
    );
    const record = new LossRecord();
    this.parts = {centers, record};
    this.addLoss(() => {
      if (activeTape()) {
        this.gradientWatch.await();
      }
      return record.take(this.lossWeight);
    });
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const given = inputsOf(inputs);
    const [features, labels] = given;
    const training = Boolean(kwargs['training']);
    if (training && !labels) {
      checkGivenLabels(this, this.caller);
    }
    if (labels && (training || this.metricWanted)) {
      tf.tidy(() => {
        this.learn(features, labels, training, kwargs);
      });
    }
    return unchanged(passedOn(given));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): number[] {
    // tf.layers types a shape as numbers and means numbers and nulls.
    return passedOn(shapesOf(inputShape)) as number[];
  }

  override computeMask(_inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return (Array.isArray(mask) ? mask[mask.length > 2 ? 2 : 0] : mask) as tf.Tensor;
  }

  override setWeights(weights: tf.Tensor[]): void {
    const {shape} = this.centers;
    checkCenterWeights(weights, shape, this.caller);
    super.setWeights(weights);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      numClasses: this.numClasses,
      alpha: this.alpha,
      lossWeight: this.lossWeight,
      reduction: this.reduction,
      centersInitializer: initializerConfig(this.centersInitializer),
      ...(this.ignoreClass !== undefined && {ignoreClass: this.ignoreClass}),
    };
  }

  protected override disposeWeights(): number {
    this.builtParts.record.dispose();
    return super.disposeWeights();
  }

  /** Records the loss at the centers as they are, then updates them. */
  private learn(features: tf.Tensor, labels: tf.Tensor, training: boolean, kwargs: Kwargs): void {
    const {reduction, lossWeight} = this;
    const {centers, record} = this.builtParts;
    if (training) {
      this.lateLabelError.throwOnce();
      this.gradientWatch.begin(this.caller);
    }
    const mask = kwargs['mask'] as tf.Tensor | tf.Tensor[] | undefined;
    const classIds = toClassIds(labels, {
      leadingShape: features.shape.slice(0, -1),
      numClasses: this.numClasses,
      ignoreClass: this.ignoreClass,
      mask: (Array.isArray(mask) ? mask[0] : mask) ?? undefined,
      caller: this.caller,
      isTold: !training || lengthsVary(this),
      leaveOutBad: !training,
      onLateError: training ? this.lateLabelError.nextCall() : undefined,
    });
    const losses = weightedCenterLoss(
      features,
      classIds,
      this.centers,
      {reduction, lossWeight},
      this.gradientWatch.reached,
    );
    record.add(losses, training, placesOf(this));
    losses.loss.dispose();
    if (training && this.trainable) {
      centers.write(updateCentersOfClasses(this.centers, features, classIds, {alpha: this.alpha, inPlace: true}));
    }
  }

  private get caller(): string {
    return `CenterLossLayer '${this.name}'`;
  }

  private get builtParts(): {centers: LayerVariable; record: LossRecord} {
    if (!this.parts) {
      throw new ValueError(`${this.caller}: expected the layer to be applied to features before its centers are used.`);
    }
    return this.parts;
  }
}

tf.serialization.registerClass(CenterLossLayer);
