import {LayersModel, model as createModel} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from './errors.js';
import {
  ancestorsOf,
  applyTo,
  checkNotEmpty,
  hasCenterLoss,
  inputsOf,
  isCenterLossLayer,
  namesOf,
  rebuildGraph,
  retainShared,
} from './model_graph.js';
import {nodeOf} from './tfjs_layers_internals.js';

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
      return applyTo(detached, kept.map(rebuild), nodeOf(tensor).callArgs);
    }
    return null;
  });
  const used = ancestorsOf(outputs);
  const inputs = model.inputs.filter((tensor) => used.has(tensor));
  return retainShared(model, createModel({inputs, outputs, name: model.name}));
}

/** A nested model that is used twice has to be detached into one model again. */
function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  const computed = new Map<K, V>();
  return (key) => {
    const value = computed.get(key) ?? compute(key);
    computed.set(key, value);
    return value;
  };
}
