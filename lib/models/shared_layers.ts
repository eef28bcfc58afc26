import type {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {addUsers, disposalsOf, forgetApplications, setUsers} from '../tfjs_layers_internals.js';

const newLayers = new WeakSet<layers.Layer>();

/** Says of a layer that it was made for a model which {@link shareLayers} has not been told of yet. */
export function markNew(layer: layers.Layer): void {
  newLayers.add(layer);
}

/**
 * Lets a model that was derived from another one share layers with it, so that both can be disposed in any order, and
 * the last one frees the weights. The model is counted among the users of each of its layers. Those that are new are
 * disposed with it, and nothing of them is left in the layers that are not.
 */
export function shareLayers<Model extends LayersModel>(derived: Model): Model {
  for (const layer of derived.layers) {
    if (newLayers.delete(layer)) {
      setUsers(layer, disposalsOf(layer));
      forgetApplications(layer);
    } else {
      addUsers(layer, disposalsOf(layer));
    }
  }
  return derived;
}
