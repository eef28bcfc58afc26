import {input} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {CenterLossLayer} from '../layer/center_loss_layer.js';
import {modelAt} from './feature_place.js';
import type {Place} from './feature_place.js';
import {ancestorsOf, namesOf, rememberOriginal} from './model_graph.js';
import type {ModelGraph} from './model_graph.js';
import {applyTo, rebuildGraph} from './rebuild_graph.js';
import {NestedStandIn} from './stand_in.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/** The layer, and the shape of the labels without the batch. */
export interface Tap {
  layer: CenterLossLayer;
  labelShape: (number | null)[];
}

/**
 * The graph of a model with one more input, the labels, and a tap: a CenterLossLayer that looks at the features and gives
 * back the first output. So it runs whenever the model does, and nothing has to be applied anew.
 *
 * If the features are in a nested model, a stand-in of that one has the tap, and gets the labels.
 */
export function withTap(model: LayersModel, features: Place, {layer, labelShape}: Tap): ModelGraph {
  const label = input({shape: labelShape, name: unusedName(model, 'label')});
  const inputs = [...model.inputs, label];
  const [node, ...path] = features.path;
  if (node && usedOutputs(node, model).length === 1) {
    const nested = modelAt(node);
    const standIn = new NestedStandIn(nested, withTap(nested, {...features, path}, {layer, labelShape}));
    const outputs = replace(node, model, (nodeInputs) => applyTo(standIn, [...nodeInputs, label], node.callArgs));
    return {inputs, outputs};
  }
  // tf.layers runs a nested model once for each of its outputs that is used. A tap in it would run as often, and add its
  // loss each time. So the nested model gives the features as one more output.
  const {tensor, outputs} = withFeatures(model, features);
  const [output, ...others] = outputs as [SymbolicTensor, ...SymbolicTensor[]];
  return {inputs, outputs: [layer.apply([tensor, label, output]) as SymbolicTensor, ...others]};
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
  const outputs = replace(node, model, (nodeInputs) => {
    const applied = applyTo(standIn, nodeInputs, node.callArgs);
    exposed = applied[inner.outputs.length] as SymbolicTensor;
    return applied;
  });
  return {tensor: exposed, outputs};
}

/** The outputs of a model in which something else is applied at a node. */
function replace(
  node: GraphNode,
  {outputs}: LayersModel,
  apply: (inputs: SymbolicTensor[]) => SymbolicTensor[],
): SymbolicTensor[] {
  const rebuild = rebuildGraph(outputs, new Map([[node, (again) => apply(node.inputTensors.map(again))]]));
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

/** `label`, or `label_1` and so on where a layer of the model has that name. */
function unusedName(model: LayersModel, name: string): string {
  const used = new Set(namesOf([...ancestorsOf(model.outputs), ...model.inputs].map(({sourceLayer}) => sourceLayer)));
  let unused = name;
  for (let i = 1; used.has(unused); i++) {
    unused = `${name}_${i}`;
  }
  return unused;
}
