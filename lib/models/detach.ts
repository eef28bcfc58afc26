import {LayersModel, model as createModel} from '@tensorflow/tfjs-layers';
import type {SymbolicTensor} from '@tensorflow/tfjs-layers';
import {passedOn} from '../layer/layer_inputs.js';
import {
  ancestorsOf,
  checkCenterLoss,
  graphOf,
  hasCenterLoss,
  sourcesOf,
  isCenterLossLayer,
  memoize,
  originalOf,
} from './model_graph.js';
import type {ModelGraph} from './model_graph.js';
import {applyTo, rebuildGraph} from './rebuild_graph.js';
import type {Substitutes} from './rebuild_graph.js';
import {shareLayers} from './shared_layers.js';
import type {WithOutputsOf} from './single_output_model.js';
import {NestedStandIn} from './stand_in.js';
import {nodeOf} from '../tfjs_layers_internals.js';

/**
 * The classifier of a model trained with center loss: the same layers and weights without its `CenterLossLayer`s, and
 * without the inputs that only they used; models nested in it likewise. Predicts exactly what `model` predicts. The
 * weights are shared, and freed when both models are disposed. The new model is not compiled.
 *
 * No layer of `model` is applied anew. Layers that use the output of a `CenterLossLayer`, as in a model written by hand,
 * have stand-ins in the classifier, of the same name, weights and configuration.
 *
 * @param model A functional model, attached, written by hand or loaded.
 * @throws ValueError if the model has no `CenterLossLayer`.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 10})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * await model.save('indexeddb://digits');
 * const detached = detachCenterLoss(await tf.loadLayersModel('indexeddb://digits'));
 * console.log(detached.predict(tf.zeros([2, 64])).shape); // [2, 10]
 * ```
 */
export function detachCenterLoss<Model extends LayersModel>(model: Model): WithOutputsOf<Model> {
  checkCenterLoss(model, 'detachCenterLoss()');
  return shareLayers(createModel({...withoutCenterLoss(model), name: model.name})) as WithOutputsOf<Model>;
}

/** The graph of a model without its CenterLossLayers and the inputs that only they used. */
function withoutCenterLoss(model: ModelGraph): ModelGraph {
  const kept = model.outputs.map(behindTaps);
  const substitutes: Substitutes = new Map();
  // A nested model that is used twice has to have one stand-in again.
  const standInOf = memoize((nested: LayersModel) => new NestedStandIn(nested, withoutCenterLoss(nested)));
  for (const tensor of ancestorsOf(kept)) {
    const {sourceLayer} = tensor;
    const inputs = sourcesOf(tensor);
    if (isCenterLossLayer(sourceLayer)) {
      substitutes.set(nodeOf(tensor), (rebuild) => [rebuild(passedOn(inputs))]);
    } else if (sourceLayer instanceof LayersModel && hasCenterLoss(sourceLayer)) {
      substitutes.set(nodeOf(tensor), (rebuild) => {
        const standIn = standInOf(sourceLayer);
        const used = inputs.filter((_, i) => standIn.inputs.includes(sourceLayer.inputs[i] as SymbolicTensor));
        return applyTo(standIn, used.map(rebuild), nodeOf(tensor).callArgs);
      });
    }
  }
  return graphOf(kept.map(rebuildGraph(kept, substitutes)), model);
}

/** Follows an output back through taps and copies to the original classifier's tensor. */
function behindTaps(output: SymbolicTensor): SymbolicTensor {
  const original = isCenterLossLayer(output.sourceLayer) ? passedOn(sourcesOf(output)) : originalOf(output);
  return original ? behindTaps(original) : output;
}
