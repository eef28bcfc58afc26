import {LayersModel, model as createModel} from '@tensorflow/tfjs-layers';
import {onlyCenterLossLayer} from './center_loss_layer_of.js';
import {quote, ValueError} from '../errors.js';
import {modelAt} from './feature_place.js';
import {graphOf, isCenterLossLayer, nodesBefore} from './model_graph.js';
import type {ModelGraph} from './model_graph.js';
import {applyTo} from './rebuild_graph.js';
import {shareLayers} from './shared_layers.js';
import type {SingleOutputModel} from './single_output_model.js';
import {NestedStandIn} from './stand_in.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/** Applications of layers, each but the last of a nested model that the next one is in. */
type NodePath = readonly [GraphNode, ...GraphNode[]];

/**
 * The features of a model trained with center loss: a model from its inputs without the labels to what its
 * `CenterLossLayer` gets as features. Attached, written by hand or loaded, the layer may be in a nested model. The weights
 * are shared, and freed when both models are disposed. The new model is not compiled.
 *
 * @throws ValueError unless there is exactly one `CenterLossLayer`, in one place.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 10})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * console.log(featureModel(model).predict(tf.zeros([2, 64])).shape); // [2, 16]
 * ```
 */
export function featureModel(model: LayersModel): SingleOutputModel {
  const caller = 'featureModel()';
  const {name} = onlyCenterLossLayer(model, caller);
  const paths = centerLossIn(model);
  const [path] = paths;
  if (!path || paths.length > 1) {
    throw new ValueError(
      `${caller}: expected the CenterLossLayer ${quote(name)} to stand in one place, but it stands in ${paths.length}.`,
    );
  }
  return shareLayers(createModel({...featureGraph(model, path), name: `${model.name}_features`})) as SingleOutputModel;
}

function centerLossIn(model: LayersModel): NodePath[] {
  return [...nodesBefore(model.outputs)].flatMap((node): NodePath[] => {
    const {outboundLayer} = node;
    if (isCenterLossLayer(outboundLayer)) {
      return [[node]];
    }
    return outboundLayer instanceof LayersModel ? centerLossIn(outboundLayer).map((path) => [node, ...path]) : [];
  });
}

function featureGraph(model: LayersModel, [node, next, ...rest]: NodePath): ModelGraph {
  if (!next) {
    return graphOf(node.inputTensors.slice(0, 1), model);
  }
  const nested = modelAt(node);
  const standIn = new NestedStandIn(nested, featureGraph(nested, [next, ...rest]));
  const inputs = node.inputTensors.filter((_, i) => standIn.inputs.some((input) => input === nested.inputs[i]));
  return graphOf(applyTo(standIn, inputs, node.callArgs), model);
}
