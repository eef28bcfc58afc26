import {LayersModel} from '@tensorflow/tfjs-layers';
import type {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {CenterLossLayer} from './center_loss_layer.js';
import {quote, ValueError} from './errors.js';
import {countOneMoreUser, nodeOf} from './tfjs_layers_internals.js';

/**
 * Gives what stands in the new graph for the outputs of the layer that a tensor comes from, or null where the layer
 * stays.
 */
export type Substitute = (
  tensor: SymbolicTensor,
  rebuild: (tensor: SymbolicTensor) => SymbolicTensor,
) => SymbolicTensor[] | null;

/**
 * Applies the layers between the substituted tensors and the outputs anew. What does not depend on a substituted
 * tensor is left as it is, so that `layer.output` of layers before it stays unambiguous.
 */
export function rebuildGraph(outputs: SymbolicTensor[], substitute: Substitute): SymbolicTensor[] {
  const rebuilt = new Map<SymbolicTensor, SymbolicTensor>();
  const rebuild = (tensor: SymbolicTensor): SymbolicTensor => {
    const known = rebuilt.get(tensor);
    if (known) {
      return known;
    }
    const {outputTensors} = nodeOf(tensor);
    const newOutputs = substitute(tensor, rebuild) ?? reapply(tensor, inputsOf(tensor).map(rebuild));
    outputTensors.forEach((old, i) => {
      rebuilt.set(old, newOutputs?.[i] ?? old);
    });
    return rebuilt.get(tensor) as SymbolicTensor;
  };
  return outputs.map(rebuild);
}

/** The outputs of a tensor's layer on new inputs, or null if they are the old ones. */
function reapply(tensor: SymbolicTensor, inputs: SymbolicTensor[]): SymbolicTensor[] | null {
  const oldInputs = inputsOf(tensor);
  if (inputs.every((newInput, i) => newInput === oldInputs[i])) {
    return null;
  }
  return applyTo(tensor.sourceLayer, inputs, nodeOf(tensor).callArgs);
}

/** Applies a layer with the arguments of an earlier call, such as `training` or those of a recurrent layer. */
export function applyTo(layer: layers.Layer, inputs: SymbolicTensor[], callArgs: unknown): SymbolicTensor[] {
  const [single] = inputs;
  if (inputs.length === 1 && single) {
    // The executor of tf.layers writes into the arguments that it is given: the copy keeps those of the old call.
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
 * users of a layer when it is applied. Where a layer was not applied anew, the second model has to be counted here.
 */
export function retainShared(original: LayersModel, derived: LayersModel): LayersModel {
  const oldNodes = new Set([...ancestorsOf(original.outputs)].map(nodeOf));
  const newTensors = [...ancestorsOf(derived.outputs)].filter((tensor) => !oldNodes.has(nodeOf(tensor)));
  const counted = new Set(newTensors.map(({sourceLayer}) => sourceLayer));
  derived.layers.filter((shared) => !counted.has(shared)).forEach(countOneMoreUser);
  return derived;
}

/** All tensors that the given ones are computed from, themselves included. */
export function ancestorsOf(tensors: SymbolicTensor[]): Set<SymbolicTensor> {
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

/** What a tensor is computed from. An input of the model has none: tf.layers calls it its own input. */
export function inputsOf(tensor: SymbolicTensor): SymbolicTensor[] {
  return nodeOf(tensor).inputTensors.filter((source) => source !== tensor);
}

export function isCenterLossLayer(layer: layers.Layer): boolean {
  // By name, since an application may hold the package twice, as ES module and as CommonJS.
  return layer.getClassName() === CenterLossLayer.className;
}

/** Whether there is a CenterLossLayer in a model, at whatever depth. */
export function hasCenterLoss(model: LayersModel): boolean {
  return model.layers.some(
    (layer) => isCenterLossLayer(layer) || (layer instanceof LayersModel && hasCenterLoss(layer)),
  );
}

export function namesOf(some: layers.Layer[]): string[] {
  return some.map(({name}) => name);
}

/** @throws ValueError for a model without layers. */
export function checkNotEmpty(model: LayersModel, where: string): void {
  if (model.outputs.length === 0) {
    throw new ValueError(`${where}: expected a model with layers, but ${quote(model.name)} has none.`);
  }
}
