import {input, model as createModel} from '@tensorflow/tfjs-layers';
import type {LayersModel, SymbolicTensor, layers} from '@tensorflow/tfjs-layers';
import {CenterLossLayer} from './center_loss_layer.js';
import type {CenterLossLayerArgs} from './center_loss_layer_args.js';
import {quote, ValueError} from './errors.js';
import {ancestorsOf, checkNotEmpty, namesOf, rebuildGraph, retainShared} from './model_graph.js';
import {nodeOf} from './tfjs_layers_internals.js';

export interface AttachCenterLossArgs extends CenterLossLayerArgs {
  /** The layer whose output are the features: its name, or the layer itself. */
  featureLayer: string | layers.Layer;
}

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
