import {input} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {CenterLossLayer} from '../layer/center_loss_layer.js';
import {modelAt} from './feature_place.js';
import type {Place} from './feature_place.js';
import {ancestorsOf, namesOf, nodesBefore, rememberOriginal} from './model_graph.js';
import type {ModelGraph} from './model_graph.js';
import {applyTo, makeStandIn, rebuildGraph} from './rebuild_graph.js';
import type {Rebuild, Substitute, Substitutes} from './rebuild_graph.js';
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
    const substitute: Substitute = (again) => applyTo(standIn, [...node.inputTensors.map(again), label], node.callArgs);
    return {inputs, outputs: replaced(model, new Map([[node, substitute]])).outputs};
  }
  // tf.layers runs a nested model once for each of its outputs that is used. A tap in it would run as often, and add its
  // loss each time. So the nested model gives the features as one more output.
  return {inputs, outputs: tapped(model, layer, seenIn(model, features), label)};
}

/**
 * The outputs of a model with a tap in it. It stands before the layer of an output, of which a stand-in then gives the
 * output: tf.layers names an output after its layer, also when it loads a model. If there is no such layer, since the
 * features come from all of them, the tap stands behind the first output.
 */
function tapped(
  model: LayersModel,
  layer: CenterLossLayer,
  {from, substitutes, features}: Seen,
  label: SymbolicTensor,
): SymbolicTensor[] {
  const last = model.outputs.map(nodeOf).find((node) => canFollow(node, from, model));
  if (last) {
    const substitute: Substitute = (again) => {
      const [first, ...others] = last.inputTensors.map(again) as [SymbolicTensor, ...SymbolicTensor[]];
      const seen = features(again);
      const tap = layer.apply(first === seen ? [seen, label] : [seen, label, first]) as SymbolicTensor;
      return applyTo(makeStandIn(last.outboundLayer), [tap, ...others], last.callArgs);
    };
    return replaced(model, new Map([...substitutes, [last, substitute]])).outputs;
  }
  const {outputs, rebuild} = replaced(model, substitutes);
  const [output, ...others] = outputs as [SymbolicTensor, ...SymbolicTensor[]];
  return [layer.apply([features(rebuild), label, output]) as SymbolicTensor, ...others];
}

/** Whether a stand-in for the layer of a node can have a tap before it: it gives no features, and stands here alone. */
function canFollow({outboundLayer, inputTensors}: GraphNode, from: SymbolicTensor[], {outputs}: LayersModel): boolean {
  const isInput = inputTensors.some(({sourceLayer}) => sourceLayer === outboundLayer);
  const places = [...nodesBefore(outputs)].filter((node) => node.outboundLayer === outboundLayer);
  const givesFeatures = [...ancestorsOf(from)].some(({sourceLayer}) => sourceLayer === outboundLayer);
  return !isInput && places.length === 1 && !givesFeatures;
}

/** How the features can be had in a graph, outside of nested models. */
interface Seen {
  /** What they are computed from, or with. */
  from: SymbolicTensor[];
  /** What has to be substituted for that. */
  substitutes: Substitutes;
  /** Them, in the graph with these substitutes. */
  features: (rebuild: Rebuild) => SymbolicTensor;
}

function seenIn(model: LayersModel, {tensor, path}: Place): Seen {
  const [node, ...rest] = path;
  if (!node) {
    return {from: [tensor], substitutes: new Map(), features: (rebuild) => rebuild(tensor)};
  }
  const nested = modelAt(node);
  const inner = seenIn(nested, {tensor, path: rest});
  const {outputs, rebuild} = replaced(nested, inner.substitutes);
  const features = inner.features(rebuild);
  const given = node.outputTensors[nested.outputs.indexOf(features)];
  if (given) {
    return seenIn(model, {tensor: given, path: []});
  }
  const standIn = new NestedStandIn(nested, {inputs: nested.inputs, outputs: [...outputs, features]});
  let exposed = tensor;
  const substitute: Substitute = (again) => {
    const applied = applyTo(standIn, node.inputTensors.map(again), node.callArgs);
    exposed = applied[outputs.length] as SymbolicTensor;
    return applied;
  };
  return {
    from: node.outputTensors,
    substitutes: new Map([[node, substitute]]),
    features: (again) => {
      node.outputTensors.forEach(again);
      return exposed;
    },
  };
}

/** The outputs of a model in which something else is applied at some nodes. */
function replaced({outputs}: LayersModel, substitutes: Substitutes): {outputs: SymbolicTensor[]; rebuild: Rebuild} {
  const rebuild = rebuildGraph(outputs, substitutes);
  for (const tensor of ancestorsOf(outputs)) {
    if (rebuild(tensor) !== tensor) {
      rememberOriginal(rebuild(tensor), tensor);
    }
  }
  return {outputs: outputs.map(rebuild), rebuild};
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
