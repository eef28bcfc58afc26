import {LayersModel} from '@tensorflow/tfjs-layers';
import type {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {CenterLossLayer} from '../layer/center_loss_layer.js';
import {OF_ANOTHER_COPY, quote, ValueError} from '../errors.js';
import {nodeOf} from '../tfjs_layers_internals.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/** What a model is made of. */
export interface ModelGraph {
  inputs: SymbolicTensor[];
  outputs: SymbolicTensor[];
}

/** All tensors that the given ones are computed from, themselves included. */
export function ancestorsOf(tensors: SymbolicTensor[]): Set<SymbolicTensor> {
  const found = new Set<SymbolicTensor>();
  const visit = (tensor: SymbolicTensor) => {
    if (!found.has(tensor)) {
      found.add(tensor);
      sourcesOf(tensor).forEach(visit);
    }
  };
  tensors.forEach(visit);
  return found;
}

/** What a tensor is computed from. An input of the model has none: tf.layers calls it its own input. */
export function sourcesOf(tensor: SymbolicTensor): SymbolicTensor[] {
  return nodeOf(tensor).inputTensors.filter((source) => source !== tensor);
}

/** The applications of layers that outputs need. */
export function nodesBefore(outputs: SymbolicTensor[]): Set<GraphNode> {
  return new Set([...ancestorsOf(outputs)].map(nodeOf));
}

/** Outputs in a model, and those of its inputs that they need. */
export function graphOf(outputs: SymbolicTensor[], model: ModelGraph): ModelGraph {
  const used = ancestorsOf(outputs);
  return {inputs: model.inputs.filter((input) => used.has(input)), outputs};
}

/** The layers of a model, and those of the models nested in it, at whatever depth. */
export function layersWithin(model: LayersModel): layers.Layer[] {
  // A sequential model counts a model that it begins with as one layer, but its graph goes through that one's layers.
  const own = [...ancestorsOf(model.outputs), ...model.inputs].map(({sourceLayer}) => sourceLayer);
  const nested = [...own, ...model.layers].filter((layer) => layer instanceof LayersModel).flatMap(layersWithin);
  return [...new Set([...own, ...model.layers, ...nested])];
}

export function isCenterLossLayer(layer: layers.Layer): boolean {
  // By name, since an application may hold the package twice, as ES module and as CommonJS.
  return layer.getClassName() === CenterLossLayer.className;
}

/** Whether there is a CenterLossLayer in a model, at whatever depth. */
export function hasCenterLoss(model: LayersModel): boolean {
  return layersWithin(model).some(isCenterLossLayer);
}

/** @throws ValueError for what is no such model, and for one without a CenterLossLayer. */
export function checkCenterLoss(model: LayersModel, caller: string): void {
  checkModel(model, caller);
  if (!hasCenterLoss(model)) {
    throw new ValueError(
      `${caller}: expected a model with a CenterLossLayer, but got the layers ${quote(namesOf(model.layers))}.`,
    );
  }
}

export function namesOf(some: layers.Layer[]): string[] {
  return some.map(({name}) => name);
}

/** @throws ValueError for what is no `tf.LayersModel`, and for a model without layers. */
export function checkModel(model: LayersModel, caller: string): void {
  if (!(model instanceof LayersModel)) {
    throw new ValueError(
      `${caller}: expected a tf.LayersModel, as tf.model(), tf.sequential() and tf.loadLayersModel() give it, ` +
        `but got ${kindOf(model)}.`,
    );
  }
  if (model.outputs.length === 0) {
    throw new ValueError(`${caller}: expected a model with layers, but ${quote(model.name)} has none.`);
  }
}

/** Neither GraphModel nor another copy of tf.layers can be imported here: they are told by what they have. */
function kindOf(value: unknown): string {
  const members = Object(value) as Record<string, unknown>;
  if (Array.isArray(members['layers'])) {
    return `a model ${OF_ANOTHER_COPY}`;
  }
  if ('modelSignature' in members) {
    return (
      'a tf.GraphModel. It has no layers, and its weights cannot be trained. What it predicts can serve as features: train ' +
      'a small tf.LayersModel on that and attach center loss to it, or enrol it in a Recognizer, which needs no training: ' +
      'docs/transfer.md of this package has both'
    );
  }
  return typeof value === 'object' && value !== null ? 'another object' : quote(value);
}

const originalTensors = new WeakMap<SymbolicTensor, SymbolicTensor>();

/** Remembers that one tensor of a training model stands for another one, of the classifier. */
export function rememberOriginal(copy: SymbolicTensor, original: SymbolicTensor): void {
  originalTensors.set(copy, original);
}

/** What a tensor stands for, if this process has attached the training model that it is of. */
export function originalOf(tensor: SymbolicTensor): SymbolicTensor | undefined {
  return originalTensors.get(tensor);
}

/** The same function, which computes its value for a key once. */
export function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  const computed = new Map<K, V>();
  return (key) => {
    const value = computed.get(key) ?? compute(key);
    computed.set(key, value);
    return value;
  };
}

/** Values by their keys. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) {
      group.push(value);
    } else {
      groups.set(key, [value]);
    }
  }
  return groups;
}
