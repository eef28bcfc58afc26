import {input, model as createModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor, layers} from '@tensorflow/tfjs-layers';
import {CenterLossLayer} from './center_loss_layer.js';
import type {CenterLossLayerArgs} from './center_loss_layer_args.js';
import {quote, ValueError} from './errors.js';

export interface AttachCenterLossArgs extends CenterLossLayerArgs {
  /** The layer whose output are the features: its name, or the layer itself. */
  featureLayer: string | layers.Layer;
}

/** What stands in a tensor's place in the new graph; nothing where it stays. */
type Substitute = (
  tensor: SymbolicTensor,
  rebuild: (tensor: SymbolicTensor) => SymbolicTensor,
) => SymbolicTensor | null;

/**
 * A model for training `classifier` with center loss: the same layers and weights, a {@link CenterLossLayer} behind
 * `featureLayer`, and one more input, last, for the labels: class ids or one-hot, as the layer takes them.
 *
 * The classifier stays usable and learns along, since the weights are shared. (So disposing one of the models disposes
 * what the other stands on: dispose them together.) The new model is not compiled.
 *
 * @param classifier Any built `tf.LayersModel`: functional, sequential or loaded.
 * @param args `featureLayer` and the arguments of {@link CenterLossLayer}.
 * @throws ValueError if the classifier has no such layer, or uses it more than once, and for wrong arguments.
 */
export function attachCenterLoss(
  classifier: LayersModel,
  {featureLayer, ...layerArgs}: AttachCenterLossArgs,
): LayersModel {
  const where = 'attachCenterLoss()';
  checkBuilt(classifier, where);
  const features = featuresOf(classifier, featureLayer, where);
  const centerLossLayer = new CenterLossLayer(layerArgs);
  const label = input({
    // Without a size, the last axis takes class ids and one-hot labels alike.
    shape: [...features.shape.slice(1, -1), null],
    name: unusedName(classifier, 'label'),
  });
  const centered = centerLossLayer.apply([features, label]) as SymbolicTensor;
  const outputs = rebuildGraph(classifier.outputs, (tensor) => (tensor === features ? centered : null));
  return createModel({inputs: [...classifier.inputs, label], outputs, name: classifier.name});
}

/**
 * The classifier of a model trained with center loss: the same layers and weights without its `CenterLossLayer`s, and
 * without the inputs that only they used. Predicts exactly what `model` predicts. The new model is not compiled.
 *
 * @param model A functional model, attached, written by hand or loaded.
 * @throws ValueError if the model has no `CenterLossLayer` of its own.
 */
export function detachCenterLoss(model: LayersModel): LayersModel {
  const where = 'detachCenterLoss()';
  checkBuilt(model, where);
  if (!model.layers.some(isCenterLossLayer)) {
    throw new ValueError(
      `${where}: expected a model with a CenterLossLayer, but got the layers ${quote(namesOf(model.layers))}.`,
    );
  }
  const outputs = rebuildGraph(model.outputs, (tensor, rebuild) => {
    const [features] = inputsOf(tensor);
    return features && isCenterLossLayer(tensor.sourceLayer) ? rebuild(features) : null;
  });
  const used = ancestorsOf(outputs);
  return createModel({inputs: model.inputs.filter((tensor) => used.has(tensor)), outputs, name: model.name});
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
    const substituted = substitute(tensor, rebuild);
    if (substituted) {
      rebuilt.set(tensor, substituted);
      return substituted;
    }
    const oldInputs = inputsOf(tensor);
    const newInputs = oldInputs.map(rebuild);
    if (newInputs.every((newInput, i) => newInput === oldInputs[i])) {
      rebuilt.set(tensor, tensor);
      return tensor;
    }
    const {callArgs, outputTensors} = nodeOf(tensor);
    const [single] = newInputs;
    const applied = tensor.sourceLayer.apply(
      newInputs.length === 1 && single ? single : newInputs,
      // The executor writes into the arguments that it is given.
      {...(callArgs as object)},
    ) as SymbolicTensor | SymbolicTensor[];
    const newOutputs = Array.isArray(applied) ? applied : [applied];
    outputTensors.forEach((old, i) => {
      rebuilt.set(old, newOutputs[i] ?? old);
    });
    return rebuilt.get(tensor) ?? tensor;
  };
  return outputs.map(rebuild);
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

function nodeOf(tensor: SymbolicTensor) {
  const node = tensor.sourceLayer.inboundNodes[tensor.nodeIndex];
  if (!node) {
    throw new ValueError(`Expected ${tensor.name} to be the output of a layer.`);
  }
  return node;
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

function namesOf(some: layers.Layer[]): string[] {
  return some.map(({name}) => name);
}

function checkBuilt(model: LayersModel, where: string): void {
  if (!model.built) {
    throw new ValueError(
      `${where}: expected a model that is built, but ${quote(model.name)} is not: give its first layer an inputShape.`,
    );
  }
}
