import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {CenterLossLayer} from '../layer/center_loss_layer.js';
import {quote, ValueError} from '../errors.js';
import {checkModel, isCenterLossLayer, layersWithin, namesOf} from './model_graph.js';
import {standsFor} from './stand_in.js';

/**
 * The {@link CenterLossLayer} of a model, attached, written by hand or loaded, or of a model nested in it.
 *
 * @throws ValueError unless there is exactly one.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 10})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * centerLossLayerOf(model).alpha = 0.3;
 * console.log(centerLossLayerOf(model).centers.shape); // [10, 16]
 * ```
 */
export function centerLossLayerOf(model: LayersModel): CenterLossLayer {
  return onlyCenterLossLayer(model, 'centerLossLayerOf()');
}

/** As `centerLossLayerOf`, with the caller's name in the error. */
export function onlyCenterLossLayer(model: LayersModel, caller: string): CenterLossLayer {
  checkModel(model, caller);
  const found = centerLossLayersOf(model);
  const [layer] = found;
  if (!layer || found.length > 1) {
    throw new ValueError(
      `${caller}: expected a model with one CenterLossLayer, but got ` +
        (layer
          ? `${quote(namesOf(found))}. model.getLayer() gives each of them.`
          : `the layers ${quote(namesOf(model.layers))}.`),
    );
  }
  return layer;
}

/** Each layer of center loss of a model and of those nested in it, once; what a stand-in stands for, in its place. */
export function centerLossLayersOf(model: LayersModel): CenterLossLayer[] {
  return [...new Set(layersWithin(model).filter(isCenterLossLayer).map(standsFor))] as CenterLossLayer[];
}
