import {LayersModel} from '@tensorflow/tfjs-layers';
import type {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {ancestorsOf, groupBy, sourcesOf, memoize} from './model_graph.js';
import {NestedStandIn, StandIn} from './stand_in.js';
import {nodeOf} from '../tfjs_layers_internals.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/** Gives the tensor that takes another one's place in a new graph: often the same one. */
export type Rebuild = (tensor: SymbolicTensor) => SymbolicTensor;

/** Makes what takes the place of the outputs of an application of a layer. */
export type Substitute = (rebuild: Rebuild) => SymbolicTensor[];

export type Substitutes = Map<GraphNode, Substitute>;

/**
 * Makes a graph in which something is substituted. Layers downstream of a substitute get stand-ins; the rest is
 * reused.
 */
export function rebuildGraph(outputs: SymbolicTensor[], substitutes: Substitutes): Rebuild {
  const behind = layersBehind(outputs, substitutes);
  // A layer that is used twice has to have one stand-in again.
  const standInOf = memoize(makeStandIn);
  const rebuilt = new Map<SymbolicTensor, SymbolicTensor>();
  const rebuild = (tensor: SymbolicTensor): SymbolicTensor => {
    const node = nodeOf(tensor);
    const substitute = substitutes.get(node);
    if (!rebuilt.has(tensor) && (substitute || behind.has(tensor.sourceLayer))) {
      const replacements =
        substitute?.(rebuild) ?? applyTo(standInOf(tensor.sourceLayer), sourcesOf(tensor).map(rebuild), node.callArgs);
      node.outputTensors.forEach((output, i) => {
        rebuilt.set(output, replacements[i] ?? output);
      });
    }
    return rebuilt.get(tensor) ?? tensor;
  };
  return rebuild;
}

/**
 * The layers that cannot stay. A layer that stands in several places needs a stand-in in all of them once it needs one:
 * a model has no two layers of one name.
 */
function layersBehind(outputs: SymbolicTensor[], substitutes: Substitutes): Set<layers.Layer> {
  const graph = [...ancestorsOf(outputs)];
  const isSubstituted = (tensor: SymbolicTensor) => substitutes.has(nodeOf(tensor));
  const outputsOf = groupBy(graph, ({sourceLayer}) => sourceLayer);
  const uses = graph
    .filter((tensor) => !isSubstituted(tensor))
    .flatMap((tensor) => sourcesOf(tensor).map((source) => ({source, layer: tensor.sourceLayer})));
  const usesOf = groupBy(uses, ({source}) => source);
  const behind = new Set<layers.Layer>();
  const changed = graph.filter(isSubstituted);
  // It grows while it is gone through: what a layer gives is changed with the layer.
  for (const tensor of changed) {
    for (const {layer} of usesOf.get(tensor) ?? []) {
      if (!behind.has(layer)) {
        behind.add(layer);
        changed.push(...(outputsOf.get(layer) ?? []));
      }
    }
  }
  return behind;
}

/** Another layer that does what a layer does, to stand in another graph. */
export function makeStandIn(layer: layers.Layer): layers.Layer {
  return layer instanceof LayersModel ? new NestedStandIn(layer, layer) : new StandIn(layer);
}

/** Applies a layer with the arguments of an earlier call, such as `training`. */
export function applyTo(layer: layers.Layer, inputs: SymbolicTensor[], callArgs: unknown): SymbolicTensor[] {
  const [single] = inputs;
  // The executor of tf.layers writes into the arguments that it is given: the copy keeps those of the old call.
  const applied =
    inputs.length === 1 && single
      ? layer.apply(single, {...(callArgs as object)})
      : // The states of a recurrent layer are among its inputs already, and it refuses to be given them twice.
        layer.apply(inputs, {...(callArgs as object), initialState: null, constants: null});
  return (Array.isArray(applied) ? applied : [applied]) as SymbolicTensor[];
}
