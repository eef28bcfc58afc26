import {input} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {CenterLossLayer} from '../layer/center_loss_layer.js';
import {modelAt} from './feature_place.js';
import type {Place} from './feature_place.js';
import {ancestorsOf, namesOf, nodesBefore, rememberOriginal} from './model_graph.js';
import type {ModelGraph} from './model_graph.js';
import {applyTo, makeStandIn, rebuildGraph} from './rebuild_graph.js';
import type {Rebuild} from './rebuild_graph.js';
import {NestedStandIn} from './stand_in.js';
import {nodeOf} from '../tfjs_layers_internals.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/** The layer, and the input for the labels: its shape without the batch, and its name if it has to be that one. */
export interface Tap {
  layer: CenterLossLayer;
  labelShape: (number | null)[];
  labelName?: string | undefined;
}

/**
 * The graph of a model with one more input, the labels, and a tap: a CenterLossLayer that looks at the features and gives
 * back something that an output needs. So it runs whenever the model does, and nothing has to be applied anew.
 *
 * If the features are in a nested model, a stand-in of that one has the tap, and gets the labels.
 */
export function withTap(model: LayersModel, features: Place, {layer, labelShape, labelName}: Tap): ModelGraph {
  const label = input({shape: labelShape, name: labelName ?? unusedName(model, 'label', layer)});
  const inputs = [...model.inputs, label];
  const [node, ...path] = features.path;
  if (node && usedOutputs(node, model).length === 1) {
    const nested = modelAt(node);
    const standIn = new NestedStandIn(nested, withTap(nested, {...features, path}, {layer, labelShape}));
    const outputs = replace(node, model, (again) =>
      applyTo(standIn, [...node.inputTensors.map(again), label], node.callArgs),
    );
    return {inputs, outputs};
  }
  // tf.layers runs a nested model once for each of its outputs that is used. A tap in it would run as often, and add its
  // loss each time. So the nested model gives the features as one more output.
  const {tensor, outputs} = withFeatures(model, features);
  return {inputs, outputs: tapped(outputs, layer, tensor, label)};
}

/**
 * The outputs of a graph with a tap in it. It stands before the layer of an output, of which a stand-in then gives the
 * output: tf.layers names an output after its layer, also when it loads a model. If there is no such layer, since the
 * features come from all of them, the tap stands behind the first output.
 */
function tapped(
  outputs: SymbolicTensor[],
  layer: CenterLossLayer,
  features: SymbolicTensor,
  label: SymbolicTensor,
): SymbolicTensor[] {
  const last = outputs.map(nodeOf).find((node) => canFollow(node, features, outputs));
  if (last) {
    return replace(last, {outputs}, (again) => {
      const [first, ...others] = last.inputTensors.map(again) as [SymbolicTensor, ...SymbolicTensor[]];
      const seen = again(features);
      const tap = layer.apply(first === seen ? [seen, label] : [seen, label, first]) as SymbolicTensor;
      return applyTo(makeStandIn(last.outboundLayer), [tap, ...others], last.callArgs);
    });
  }
  const [output, ...others] = outputs as [SymbolicTensor, ...SymbolicTensor[]];
  return [layer.apply([features, label, output]) as SymbolicTensor, ...others];
}

/** Whether a stand-in for the layer of a node can have a tap before it: the layer gives no feature, and stands here alone. */
function canFollow(
  {outboundLayer, inputTensors}: GraphNode,
  features: SymbolicTensor,
  outputs: SymbolicTensor[],
): boolean {
  const isInput = inputTensors.some(({sourceLayer}) => sourceLayer === outboundLayer);
  const places = [...nodesBefore(outputs)].filter((node) => node.outboundLayer === outboundLayer);
  const givesFeatures = [...ancestorsOf([features])].some(({sourceLayer}) => sourceLayer === outboundLayer);
  return !isInput && places.length === 1 && !givesFeatures;
}

/** The outputs of a model, and the features as a tensor in the same graph, outside of nested models. */
function withFeatures(model: LayersModel, {tensor, path}: Place): {tensor: SymbolicTensor; outputs: SymbolicTensor[]} {
  const [node, ...rest] = path;
  if (!node) {
    return {tensor, outputs: model.outputs};
  }
  const nested = modelAt(node);
  const inner = withFeatures(nested, {tensor, path: rest});
  const given = nested.outputs.indexOf(inner.tensor);
  if (given >= 0) {
    return {tensor: node.outputTensors[given] as SymbolicTensor, outputs: model.outputs};
  }
  const standIn = new NestedStandIn(nested, {inputs: nested.inputs, outputs: [...inner.outputs, inner.tensor]});
  let exposed = tensor;
  const outputs = replace(node, model, (again) => {
    const applied = applyTo(standIn, node.inputTensors.map(again), node.callArgs);
    exposed = applied[inner.outputs.length] as SymbolicTensor;
    return applied;
  });
  return {tensor: exposed, outputs};
}

/** The outputs of a model in which something else is applied at a node. */
function replace(
  node: GraphNode,
  {outputs}: Pick<ModelGraph, 'outputs'>,
  substitute: (rebuild: Rebuild) => SymbolicTensor[],
): SymbolicTensor[] {
  const rebuild = rebuildGraph(outputs, new Map([[node, substitute]]));
  for (const tensor of ancestorsOf(outputs)) {
    if (rebuild(tensor) !== tensor) {
      rememberOriginal(rebuild(tensor), tensor);
    }
  }
  return outputs.map(rebuild);
}

function usedOutputs(node: GraphNode, {outputs}: LayersModel): SymbolicTensor[] {
  const used = ancestorsOf(outputs);
  return node.outputTensors.filter((output) => used.has(output));
}

/** `label`, or `label_1` and so on where a layer of the model, or the new one, has that name. */
function unusedName(model: LayersModel, name: string, layer: CenterLossLayer): string {
  const own = [...ancestorsOf(model.outputs), ...model.inputs].map(({sourceLayer}) => sourceLayer);
  const used = new Set(namesOf([...own, layer]));
  let unused = name;
  for (let i = 1; used.has(unused); i++) {
    unused = `${name}_${i}`;
  }
  return unused;
}
