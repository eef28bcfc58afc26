import {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {layers} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from '../errors.js';
import {ancestorsOf, groupBy, nodesBefore} from './model_graph.js';
import {standsFor} from './stand_in.js';
import {nodeOf} from '../tfjs_layers_internals.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/** What names the features: a layer, the name of one, or one of the tensors that a layer gives. */
export type FeatureLayer = string | layers.Layer | SymbolicTensor;

/** A tensor in a model, or in a model nested in it. */
export interface Place {
  tensor: SymbolicTensor;
  /** Where the nested models that it is in are applied, the outermost first; empty if it is in none. */
  path: readonly GraphNode[];
}

type LayerPlace = Place & {layer: layers.Layer};

/** How many names an error message lists at most. */
const LISTED_NAMES = 20;

/**
 * The place of the features in a model.
 *
 * @throws ValueError unless there is exactly one. If there is none, the message lists names that have one.
 */
export function findFeatures(model: LayersModel, featureLayer: FeatureLayer, caller: string): Place {
  const places = placesIn(model, []);
  const found = placesMatching(featureLayer, places);
  const [place] = found;
  const given = quote(featureLayer instanceof Object ? featureLayer.name : featureLayer);
  if (!place) {
    const names = [...new Set(places.map(({layer}) => layer.name))];
    const expected = listed(names.filter((name) => placesMatching(name, places).length === 1));
    const origin = featureLayer instanceof Object ? ', which is of another model' : '';
    throw new ValueError(`${caller}: expected featureLayer to be one of ${expected}, but got ${given}${origin}.`);
  }
  if (found.length > 1) {
    throw new ValueError(
      `${caller}: expected featureLayer to have one output in the model, but ${given} has ${found.length}. ` +
        'Give one of them, a tf.SymbolicTensor, or apply a CenterLossLayer to each of them instead.',
    );
  }
  return asOutputOfNested(model, place);
}

/** The model that is applied at a node of a path. */
export function modelAt(node: GraphNode): LayersModel {
  return node.outboundLayer as LayersModel;
}

function placesIn(model: LayersModel, path: readonly GraphNode[]): LayerPlace[] {
  const graph = [...ancestorsOf(model.outputs)];
  const applied = groupBy(graph, ({sourceLayer}) => sourceLayer);
  const outputsOf = (layer: layers.Layer) =>
    applied.get(layer) ??
    (layer instanceof LayersModel ? graph.filter((tensor) => layer.outputs.includes(tensor)) : []);
  return [
    ...[...new Set([...listedLayers(model, applied), ...applied.keys()])].flatMap((layer) =>
      outputsOf(layer).map((tensor) => ({layer, tensor, path})),
    ),
    ...[...nodesBefore(model.outputs)]
      .filter(({outboundLayer}) => outboundLayer instanceof LayersModel)
      .flatMap((node) => placesIn(modelAt(node), [...path, node])),
  ];
}

/**
 * The layers of a model in its order. A sequential model lists a model that it begins with, but does not apply it: its
 * graph goes through the layers of that one.
 */
function listedLayers(model: LayersModel, applied: ReadonlyMap<layers.Layer, unknown>): layers.Layer[] {
  return model.layers.flatMap((layer) =>
    layer instanceof LayersModel && !applied.has(layer) ? [...listedLayers(layer, applied), layer] : [layer],
  );
}

/** The places that something names, those in the outermost model where there are several. */
function placesMatching(featureLayer: FeatureLayer, places: LayerPlace[]): Place[] {
  const found =
    featureLayer instanceof SymbolicTensor
      ? places
          .filter(({tensor}) => nodeOf(tensor).outputTensors.includes(featureLayer))
          .map(({path}) => ({tensor: featureLayer, path}))
      : places.filter(({layer}) => [layer, standsFor(layer), layer.name].includes(featureLayer));
  const depth = Math.min(...found.map(({path}) => path.length));
  return found.filter(
    ({tensor, path}, i) =>
      path.length === depth &&
      // A layer can be named twice for one tensor: by itself, and by the model that begins a sequential one.
      found.findIndex((other) => other.tensor === tensor && other.path === path) === i,
  );
}

/**
 * If the tensor is an output of its nested model, the tensor outside that stands for it, provided the outer graph uses it.
 */
function asOutputOfNested(model: LayersModel, place: Place): Place {
  const {tensor, path} = place;
  const node = path.at(-1);
  if (!node) {
    return place;
  }
  const outside = path.slice(0, -1);
  const around = outside.at(-1);
  const output = node.outputTensors[modelAt(node).outputs.indexOf(tensor)];
  return output && ancestorsOf((around ? modelAt(around) : model).outputs).has(output)
    ? asOutputOfNested(model, {tensor: output, path: outside})
    : place;
}

/** The names, those nearest to the outputs where there are many. */
function listed(names: string[]): string {
  const last = JSON.stringify(names.slice(-LISTED_NAMES));
  return names.length > LISTED_NAMES ? `the last ${LISTED_NAMES} of ${names.length} layers, ${last}` : last;
}
