import {input, LayersModel, model as createModel} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor, layers} from '@tensorflow/tfjs-layers';
import {CenterLossLayer} from './center_loss_layer.js';
import type {CenterLossLayerArgs} from './center_loss_layer_args.js';
import {quote, ValueError} from './errors.js';

export interface AttachCenterLossArgs extends CenterLossLayerArgs {
  /** The layer whose output are the features: its name, or the layer itself. */
  featureLayer: string | layers.Layer;
}

/** What stands in the new graph for the outputs of the layer that gives `tensor`; nothing where the layer stays. */
type Substitute = (
  tensor: SymbolicTensor,
  rebuild: (tensor: SymbolicTensor) => SymbolicTensor,
) => SymbolicTensor[] | null;

/**
 * A model for training `classifier` with center loss: the same layers and weights, a {@link CenterLossLayer} behind
 * `featureLayer`, and one more input, last, for the labels: class ids or one-hot, as the layer takes them.
 *
 * The classifier stays usable and learns along, since the weights are shared: they are freed when both models are
 * disposed. The new model is not compiled.
 *
 * @param classifier Any `tf.LayersModel`: functional, sequential or loaded.
 * @param args `featureLayer` and the arguments of {@link CenterLossLayer}.
 * @throws ValueError if the classifier has no such layer, or uses it more than once, and for wrong arguments.
 */
export function attachCenterLoss(
  classifier: LayersModel,
  {featureLayer, ...layerArgs}: AttachCenterLossArgs,
): LayersModel {
  const where = 'attachCenterLoss()';
  checkNotEmpty(classifier, where);
  const features = featuresOf(classifier, featureLayer, where);
  const centerLossLayer = new CenterLossLayer(layerArgs);
  if (namesOf(classifier.layers).includes(centerLossLayer.name)) {
    throw new ValueError(`${where}: expected name to be new to the model, but got ${quote(centerLossLayer.name)}.`);
  }
  const label = input({
    // Without a size, the last axis takes class ids and one-hot labels alike.
    shape: [...features.shape.slice(1, -1), null],
    name: unusedName(classifier, 'label'),
  });
  const centered = centerLossLayer.apply([features, label]) as SymbolicTensor;
  const {outputTensors} = nodeOf(features);
  const withCentered = outputTensors.map((output) => (output === features ? centered : output));
  const outputs = rebuildGraph(classifier.outputs, (tensor) => (outputTensors.includes(tensor) ? withCentered : null));
  return retainShared(classifier, createModel({inputs: [...classifier.inputs, label], outputs, name: classifier.name}));
}

/**
 * The classifier of a model trained with center loss: the same layers and weights without its `CenterLossLayer`s, and
 * without the inputs that only they used; models nested in it likewise. Predicts exactly what `model` predicts. The
 * weights are shared, and freed when both models are disposed. The new model is not compiled.
 *
 * @param model A functional model, attached, written by hand or loaded.
 * @throws ValueError if the model has no `CenterLossLayer`.
 */
export function detachCenterLoss(model: LayersModel): LayersModel {
  const where = 'detachCenterLoss()';
  checkNotEmpty(model, where);
  if (!hasCenterLoss(model)) {
    throw new ValueError(
      `${where}: expected a model with a CenterLossLayer, but got the layers ${quote(namesOf(model.layers))}.`,
    );
  }
  const detachNested = memoize(detachCenterLoss);
  const outputs = rebuildGraph(model.outputs, (tensor, rebuild) => {
    const {sourceLayer} = tensor;
    const inputs = inputsOf(tensor);
    if (isCenterLossLayer(sourceLayer)) {
      return inputs.slice(0, 1).map(rebuild);
    }
    if (sourceLayer instanceof LayersModel && hasCenterLoss(sourceLayer)) {
      const detached = detachNested(sourceLayer);
      const kept = inputs.filter((_, i) => detached.inputs.includes(sourceLayer.inputs[i] as SymbolicTensor));
      return applyTo(detached, kept.map(rebuild));
    }
    return null;
  });
  const used = ancestorsOf(outputs);
  const inputs = model.inputs.filter((tensor) => used.has(tensor));
  return retainShared(model, createModel({inputs, outputs, name: model.name}));
}

/**
 * Applies the layers between the substituted tensors and the outputs anew. What does not depend on a substituted
 * tensor is left as it is, so that `layer.output` of layers before it stays unambiguous.
 */
function rebuildGraph(outputs: SymbolicTensor[], substitute: Substitute): SymbolicTensor[] {
  const rebuilt = new Map<SymbolicTensor, SymbolicTensor>();
  const rebuild = (tensor: SymbolicTensor): SymbolicTensor => {
    const known = rebuilt.get(tensor);
    if (known) {
      return known;
    }
    const {callArgs, outputTensors} = nodeOf(tensor);
    const newOutputs = substitute(tensor, rebuild) ?? reapply(tensor, inputsOf(tensor).map(rebuild), callArgs);
    outputTensors.forEach((old, i) => {
      rebuilt.set(old, newOutputs?.[i] ?? old);
    });
    return rebuilt.get(tensor) as SymbolicTensor;
  };
  return outputs.map(rebuild);
}

/** The outputs of a tensor's layer on new inputs; nothing if they are the old ones. */
function reapply(tensor: SymbolicTensor, inputs: SymbolicTensor[], callArgs: unknown): SymbolicTensor[] | null {
  const oldInputs = inputsOf(tensor);
  if (inputs.every((newInput, i) => newInput === oldInputs[i])) {
    return null;
  }
  return applyTo(tensor.sourceLayer, inputs, callArgs);
}

function applyTo(layer: layers.Layer, inputs: SymbolicTensor[], callArgs?: unknown): SymbolicTensor[] {
  const [single] = inputs;
  if (inputs.length === 1 && single) {
    // The executor writes into the arguments that it is given: the copy keeps those of the old node.
    return toArray(layer.apply(single, {...(callArgs as object)}));
  }
  // A recurrent layer has its states among its inputs already, and refuses to be given them twice.
  return toArray(layer.apply(inputs, {...(callArgs as object), initialState: null, constants: null}));
}

function toArray(applied: unknown): SymbolicTensor[] {
  return (Array.isArray(applied) ? applied : [applied]) as SymbolicTensor[];
}

/**
 * Lets two models share layers and be disposed in any order, the last one freeing the weights. tf.layers counts the
 * uses of a layer when it is applied; where a layer was not applied anew, the second model has to be counted here.
 */
function retainShared(original: LayersModel, derived: LayersModel): LayersModel {
  const oldNodes = new Set([...ancestorsOf(original.outputs)].map(nodeOf));
  const newTensors = [...ancestorsOf(derived.outputs)].filter((tensor) => !oldNodes.has(nodeOf(tensor)));
  const counted = new Set(newTensors.map(({sourceLayer}) => sourceLayer));
  for (const layer of derived.layers.filter((shared) => !counted.has(shared))) {
    (layer as unknown as {_refCount: number})._refCount++;
  }
  return derived;
}

/** All tensors that the given ones are computed from, themselves included. */
function ancestorsOf(tensors: SymbolicTensor[]): Set<SymbolicTensor> {
  const found = new Set<SymbolicTensor>();
  const visit = (tensor: SymbolicTensor) => {
    if (!found.has(tensor)) {
      found.add(tensor);
      inputsOf(tensor).forEach(visit);
    }
  };
  tensors.forEach(visit);
  return found;
}

/** Where in the graph the tensor comes from. */
function nodeOf({sourceLayer, nodeIndex}: SymbolicTensor) {
  return sourceLayer.inboundNodes[nodeIndex] as layers.Layer['inboundNodes'][number];
}

/** What a tensor is computed from; an input of the model, which tf.layers calls its own input, from nothing. */
function inputsOf(tensor: SymbolicTensor): SymbolicTensor[] {
  return nodeOf(tensor).inputTensors.filter((source) => source !== tensor);
}

function featuresOf(classifier: LayersModel, featureLayer: string | layers.Layer, where: string): SymbolicTensor {
  const isFeatureLayer = (layer: layers.Layer) => layer === featureLayer || layer.name === featureLayer;
  const found = [...ancestorsOf(classifier.outputs)].filter(({sourceLayer}) => isFeatureLayer(sourceLayer));
  const [features] = found;
  const name = typeof featureLayer === 'string' ? featureLayer : featureLayer.name;
  if (!features) {
    throw new ValueError(
      `${where}: expected featureLayer to be one of ${quote(namesOf(classifier.layers))}, but got ${quote(name)}.`,
    );
  }
  if (found.length > 1) {
    throw new ValueError(
      `${where}: expected featureLayer to have one output in the model, but ${quote(name)} has ${found.length}. ` +
        'Apply a CenterLossLayer to each of them instead.',
    );
  }
  return features;
}

function unusedName(classifier: LayersModel, name: string): string {
  const used = new Set(namesOf(classifier.layers));
  let unused = name;
  for (let i = 1; used.has(unused); i++) {
    unused = `${name}_${i}`;
  }
  return unused;
}

function isCenterLossLayer(layer: layers.Layer): boolean {
  // By name, since an application may hold the package twice, as ES module and as CommonJS.
  return layer.getClassName() === CenterLossLayer.className;
}

/** Whether there is a CenterLossLayer in a model, at whatever depth. */
function hasCenterLoss(model: LayersModel): boolean {
  return model.layers.some(
    (layer) => isCenterLossLayer(layer) || (layer instanceof LayersModel && hasCenterLoss(layer)),
  );
}

function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  const computed = new Map<K, V>();
  return (key) => {
    const value = computed.get(key) ?? compute(key);
    computed.set(key, value);
    return value;
  };
}

function namesOf(some: layers.Layer[]): string[] {
  return some.map(({name}) => name);
}

function checkNotEmpty(model: LayersModel, where: string): void {
  if (model.outputs.length === 0) {
    throw new ValueError(`${where}: expected a model with layers, but ${quote(model.name)} has none.`);
  }
}
