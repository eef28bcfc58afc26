import {model as createModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {CenterLossLayer} from '../layer/center_loss_layer.js';
import type {CenterLossLayerArgs} from '../layer/center_loss_layer_args.js';
import {quote, ValueError} from '../errors.js';
import {findFeatures} from './feature_place.js';
import type {FeatureLayer} from './feature_place.js';
import {checkFurtherRun} from './further_run.js';
import {checkModel, layersWithin, namesOf} from './model_graph.js';
import {markNew, shareLayers} from './shared_layers.js';
import type {WithOutputsOf} from './single_output_model.js';
import {withTap} from './tap.js';
import {asTrainingModel} from './training_model.js';
import {rememberUses} from '../tfjs_layers_internals.js';

/** What `attachCenterLoss` takes besides the classifier. */
export interface AttachCenterLossArgs extends CenterLossLayerArgs {
  /**
   * The layer whose output are the features: its name, or the layer itself; in a model nested in the classifier as well.
   * For one of several outputs of a layer, or of several uses of it: that output, a `tf.SymbolicTensor`.
   */
  featureLayer: FeatureLayer;
  /**
   * Whether the labels are one-hot, with a last axis of `numClasses`. Default: false, for class ids: `[B]` or `[B, 1]` for
   * features `[B, D]`, `[B, T]` for features `[B, T, D]`, or `[B, T, 1]` where T is `numClasses`. For features `[B, D]`
   * one-hot labels are taken in both cases.
   */
  oneHotLabels?: boolean;
  /**
   * The name of the label input, which named inputs of `fit` and `fitDataset` are found by. Default: `'label'`, or `'label_1'`
   * and so on where a layer of the classifier has that name.
   */
  labelName?: string;
}

/**
 * A model for training `classifier` with center loss: the same layers and weights, a {@link CenterLossLayer} that looks
 * at the features, and one more input, last, for the labels. Its outputs have the names that they have in the classifier.
 *
 * The classifier stays as it is and learns along, since the weights are shared: they are freed when both models are
 * disposed. No layer of it is applied anew, so that `layer.output` and, of a sequential model, `pop()` and `add()` go on
 * working. The new model is not compiled.
 *
 * @param classifier Any `tf.LayersModel`: functional, sequential or loaded.
 * @param args `featureLayer`, `oneHotLabels`, `labelName`, and the arguments of {@link CenterLossLayer}.
 * @throws ValueError if `classifier` is no such model or has nothing to train, if `featureLayer` does not name one tensor
 *   of it or costs one more run of something with a state, and for wrong arguments.
 * @example
 * ```js
 * const classifier = tf.sequential({
 *   layers: [
 *     tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'}),
 *     tf.layers.dense({units: 10}),
 *   ],
 * });
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * model.compile({optimizer: 'adam', loss: softmaxCrossEntropy, metrics: [categoricalAccuracy]});
 * console.log(model.inputs.map(({shape}) => shape)); // [[null, 64], [null, null]]
 * ```
 */
export function attachCenterLoss<Model extends LayersModel>(
  classifier: Model,
  args: AttachCenterLossArgs,
): WithOutputsOf<Model> {
  const caller = 'attachCenterLoss()';
  checkModel(classifier, caller);
  // In JavaScript all arguments can be missing.
  const {featureLayer, oneHotLabels = false, labelName, ...layerArgs} = Object(args) as AttachCenterLossArgs;
  const features = findFeatures(classifier, featureLayer, caller);
  checkFurtherRun(classifier, features, caller);
  checkTrainable(classifier, caller);
  const layer = new CenterLossLayer(layerArgs);
  const within = layersWithin(classifier);
  const names = namesOf(within);
  if (names.includes(layer.name)) {
    throw new ValueError(`${caller}: expected name to be new to the model, but got ${quote(layer.name)}.`);
  }
  if (labelName !== undefined && (typeof labelName !== 'string' || ['', layer.name, ...names].includes(labelName))) {
    throw new ValueError(
      `${caller}: expected labelName to be a text that no layer is named, but got ${quote(labelName)}.`,
    );
  }
  markNew(layer);
  const labelShape = labelShapeFor(features.tensor, layer.numClasses, oneHotLabels);
  const forgetAll = rememberUses(within);
  try {
    const graph = withTap(classifier, features, {layer, labelShape, labelName});
    return asTrainingModel(shareLayers(createModel({...graph, name: classifier.name}))) as WithOutputsOf<Model>;
  } catch (error) {
    forgetAll();
    throw error;
  }
}

/** @throws ValueError if all weights of the classifier are frozen, or it has none: then `fit` can take no gradient. */
function checkTrainable(classifier: LayersModel, caller: string): void {
  if (classifier.trainableWeights.length === 0) {
    throw new ValueError(
      `${caller}: expected a classifier with weights to train, but all ${classifier.weights.length} of ` +
        `${quote(classifier.name)} are frozen. Set trainable = true for the layers that shall learn. ` +
        'For the centers of a network that stays as it is, use updateCenters().',
    );
  }
}

/** Class ids have the features' shape without its last axis. */
function labelShapeFor({shape}: SymbolicTensor, numClasses: number, oneHot: boolean): (number | null)[] {
  const leading = shape.slice(1, -1);
  if (oneHot) {
    return [...leading, numClasses];
  }
  // A last axis of 1 tells class ids of as many steps as there are classes from a one-hot label of the whole sequence.
  if (numClasses > 1 && leading.at(-1) === numClasses) {
    return [...leading, 1];
  }
  // tf.layers makes a column of a vector of labels. Without a size, the last axis takes that and one-hot labels alike.
  return leading.length === 0 ? [null] : leading;
}
