import * as tf from '@tensorflow/tfjs-core';
import {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {updateCentersOfClasses, weightedCenterLoss} from './center_loss.js';
import {checkArgs} from './center_loss_layer_args.js';
import type {CenterLossLayerArgs} from './center_loss_layer_args.js';
import {OF_ANOTHER_COPY, quote, ValueError} from './errors.js';
import {
  checkAlpha,
  checkLossWeight,
  DEFAULT_ALPHA,
  DEFAULT_LOSS_WEIGHTS,
  DEFAULT_REDUCTION,
} from './hyperparameters.js';
import type {Reduction} from './hyperparameters.js';
import {initializerConfig, toInitializer} from './initializers.js';
import {toClassIds} from './labels/class_ids.js';
import type {Shape} from './labels/label_form.js';
import {labelFormOf} from './labels/label_forms.js';
import {LossRecord} from './loss_record.js';
import {named} from './named.js';
import {checkFeatures} from './tensor_checks.js';
import {freeTapeAfterError} from './tfjs_internals.js';
import {nodesOf, placesOf} from './tfjs_layers_internals.js';
import type {Initializer} from './tfjs_layers_internals.js';

type Inputs = tf.Tensor | tf.Tensor[] | SymbolicTensor | SymbolicTensor[];
type Kwargs = Parameters<layers.Layer['call']>[1];

/** 4 GiB of float32: what the WebAssembly memory could hold at most, and a limit to what a model file can ask for. */
const MAX_CENTER_VALUES = 2 ** 30;

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
 * In an inference pass it does neither and does not look at the labels.
 *
 * Input shape: features float32 `[batch, ..., D]`, every leading axis counting as samples. Labels: class ids with the
 *   features' leading shape, with or without a last axis of 1; or one-hot labels or probabilities with a last axis of
 *   `numClasses`, of which the arg-max counts; int32, float32 or bool. Samples at `false` of a Keras mask on the
 *   features, and samples of `ignoreClass`, take no part.
 *
 *   The output: of any shape.
 *
 * Output shape: that of the features; of a tap that of the third input.
 *
 * Weights: `<layer name>/centers`, float32 `[numClasses, D]`, never trained by the optimizer. `trainable: false` stops
 *   their update and keeps the loss.
 *
 * A sample whose features are not finite shows in the loss, but is not counted in the update: the centers stay finite.
 *
 * @throws ValueError for wrong arguments, shapes and dtypes, and for a training pass of a model that gives the layer no
 *   labels, if no other model does. RangeError for a label that is no integer in
 *   `[0, numClasses)`: before anything has changed on cpu and wasm; on webgl and webgpu such a sample takes no part and
 *   a following training step throws.
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
  /** How often labels have been read. */
  private calls = 0;
  /** A bad label that a device told of after its call. */
  private lateError: {error: Error; call: number} | undefined;

  constructor(args: CenterLossLayerArgs) {
    checkArgs(args, CenterLossLayer.className);
    super(args);
    this.supportsMasking = true;
    this.numClasses = args.numClasses;
    this.currentAlpha = args.alpha ?? DEFAULT_ALPHA;
    this.reduction = args.reduction ?? DEFAULT_REDUCTION;
    this.currentLossWeight = args.lossWeight ?? DEFAULT_LOSS_WEIGHTS[this.reduction];
    this.ignoreClass = args.ignoreClass ?? undefined;
    this.centersInitializer = toInitializer(args.centersInitializer ?? 'zeros', CenterLossLayer.className);
  }

  /** How far a center moves towards its samples in a step, in [0, 1]; can be set between steps. */
  get alpha(): number {
    return this.currentAlpha;
  }
  set alpha(alpha: number) {
    checkAlpha(alpha, this.where);
    this.currentAlpha = alpha;
  }

  /** The factor λ of the center loss within the model's loss, at least 0; can be set between steps. */
  get lossWeight(): number {
    return this.currentLossWeight;
  }
  set lossWeight(lossWeight: number) {
    checkLossWeight(lossWeight, this.where);
    this.currentLossWeight = lossWeight;
  }

  /** The current centers, float32 `[numClasses, D]`. The layer's own tensor: neither write to it nor dispose it. */
  get centers(): tf.Tensor2D {
    return this.builtParts.centers.read() as tf.Tensor2D;
  }

  /**
   * A metric named `centerLoss` for `model.compile({metrics})`: the center loss of the last forward pass, not
   * multiplied by `lossWeight`, a float32 scalar. From then on `evaluate` and validation compute it, and so look at
   * the labels.
   */
  metric(): (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar {
    if ((this as unknown) === undefined) {
      throw new ValueError(
        'CenterLossLayer: expected metrics: [layer.metric()], but got layer.metric without the call.',
      );
    }
    this.metricWanted = true;
    const centerLoss = (): tf.Scalar => {
      this.assertNotDisposed();
      return this.builtParts.record.read();
    };
    return named('centerLoss', centerLoss);
  }

  override apply(inputs: Inputs, kwargs?: Kwargs): ReturnType<layers.Layer['apply']> {
    if (!inputsOf(inputs).every((input) => input instanceof tf.Tensor || input instanceof SymbolicTensor)) {
      throw new ValueError(`${this.where}: expected tensors, but got at least one ${OF_ANOTHER_COPY}.`);
    }
    try {
      return super.apply(inputs, kwargs);
    } catch (error) {
      freeTapeAfterError();
      throw error;
    }
  }

  override assertInputCompatibility(inputs: Inputs): void {
    const [features, labels, , ...others] = inputsOf(inputs);
    if (others.length > 0) {
      throw new ValueError(
        `${this.where}: expected [features, labels], [features, labels, output] or features alone, ` +
          `but got ${others.length + 3} inputs.`,
      );
    }
    const featureDim = this.parts?.centers.shape[1] as number | undefined;
    checkFeatures(features.shape, features.dtype, featureDim, this.where);
    if (labels) {
      labelFormOf(labels, features.shape.slice(0, -1), this.numClasses, this.where);
    }
  }

  override build(inputShape: Shape | Shape[]): void {
    const featureDim = checkFeatures(shapesOf(inputShape)[0], 'float32', undefined, this.where);
    if (this.numClasses * featureDim > MAX_CENTER_VALUES) {
      throw new ValueError(
        `${this.where}: expected numClasses times the features' last dimension to be at most ${MAX_CENTER_VALUES}, ` +
          `but got numClasses ${this.numClasses} and ${featureDim}.`,
      );
    }
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
    this.addLoss(() => record.take(this.lossWeight));
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const [features, labels, output] = inputsOf(inputs);
    const training = kwargs['training'] === true;
    if (training && !labels) {
      this.checkGivenLabels();
    }
    if (labels && (training || this.metricWanted)) {
      tf.tidy(() => {
        this.learn(features, labels, training, kwargs);
      });
    }
    return unchanged(output ?? features);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): number[] {
    // tf.layers types a shape as numbers and means numbers and nulls.
    const [features, , output] = shapesOf(inputShape);
    return (output ?? features) as number[];
  }

  override computeMask(_inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return (Array.isArray(mask) ? mask[mask.length > 2 ? 2 : 0] : mask) as tf.Tensor;
  }

  override setWeights(weights: tf.Tensor[]): void {
    const {shape} = this.centers;
    if (weights.length !== 1 || !weights[0] || !tf.util.arraysEqual(weights[0].shape, shape)) {
      throw new ValueError(
        `${this.where}: expected one weight, centers of shape ${quote(shape)}, ` +
          `but got ${weights.length} of shape ${weights.map((weight) => quote(weight.shape)).join(', ')}.`,
      );
    }
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
    const {lateError, reduction, lossWeight} = this;
    const {centers, record} = this.builtParts;
    if (training && lateError) {
      this.lateError = undefined;
      throw new RangeError(
        `${lateError.error.message} That was in call ${lateError.call} of the layer with labels, before this one: ` +
          `on ${tf.getBackend()} the labels of a call are checked after it. This call has changed nothing.`,
      );
    }
    const call = ++this.calls;
    const mask = kwargs['mask'] as tf.Tensor | tf.Tensor[] | undefined;
    const classIds = toClassIds(labels, {
      leadingShape: features.shape.slice(0, -1),
      numClasses: this.numClasses,
      ignoreClass: this.ignoreClass,
      mask: (Array.isArray(mask) ? mask[0] : mask) ?? undefined,
      where: this.where,
      onLateError: (error) => {
        // Training goes on for some steps before it is told: the first bad label is the one to look for.
        this.lateError ??= {error, call};
      },
    });
    const losses = weightedCenterLoss(features, classIds, this.centers, {reduction, lossWeight});
    record.add(losses, training, placesOf(this));
    losses.loss.dispose();
    if (training && this.trainable) {
      centers.write(updateCentersOfClasses(this.centers, features, classIds, {alpha: this.alpha, inPlace: true}));
    }
  }

  /** @throws ValueError if the layer stands in models, but in none that gives it labels. */
  private checkGivenLabels(): void {
    const inputs = nodesOf(this).map(({inputTensors}) => inputTensors.length);
    if (inputs.length > 0 && Math.max(...inputs) === 1) {
      throw new ValueError(
        `${this.where}: expected labels in a training pass, but the model gives the layer features alone, as every ` +
          'tf.sequential() does: nothing would be learned. Use attachCenterLoss(), or a functional model that applies ' +
          'the layer to [features, labels].',
      );
    }
  }

  private get where(): string {
    return `CenterLossLayer '${this.name}'`;
  }

  private get builtParts(): {centers: LayerVariable; record: LossRecord} {
    if (!this.parts) {
      throw new ValueError(`${this.where}: expected the layer to be applied to features before its centers are used.`);
    }
    return this.parts;
  }
}

tf.serialization.registerClass(CenterLossLayer);

/**
 * The same values as another tensor. If a layer returns its input, tf.layers clones it, which on wasm copies it in the
 * forward and in the backward pass; a reshape would save a copy.
 */
const unchanged = tf.customGrad((values) => ({
  value: tf.reshape(values as tf.Tensor, (values as tf.Tensor).shape),
  gradFunc: (dy: tf.Tensor) => tf.reshape(dy, dy.shape),
}));

function inputsOf<T extends tf.Tensor | SymbolicTensor>(inputs: T | T[]): [features: T, ...labelsAndOutput: T[]] {
  // tf.layers refuses to apply a layer to nothing.
  return (Array.isArray(inputs) ? inputs : [inputs]) as [T, ...T[]];
}

/** The shapes of one or several inputs. */
function shapesOf(inputShape: Shape | Shape[]): [features: Shape, ...labelsAndOutput: Shape[]] {
  return (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as [Shape, ...Shape[]];
}
