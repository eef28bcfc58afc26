import {LayersModel} from '@tensorflow/tfjs-layers';
import type {layers} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from '../errors.js';
import {modelAt} from './feature_place.js';
import type {Place} from './feature_place.js';
import {ancestorsOf, layersWithin, namesOf} from './model_graph.js';
import {hasState, nodeOf} from '../tfjs_layers_internals.js';
import type {GraphNode} from '../tfjs_layers_internals.js';

/**
 * tf.layers runs a layer, or a nested model, once for each of its outputs that is used. Features that are one more output
 * cost one more run in each step, and move whatever has a state once more: a batch normalization would forget faster, and
 * a recurrent layer remember what never was.
 *
 * @throws ValueError if the features cost a further run of something with a state.
 */
export function checkFurtherRun(model: LayersModel, features: Place, caller: string): void {
  const node = runOnceMore(model, features);
  const layer = node?.outboundLayer;
  const withState = layer ? statesOf(layer) : [];
  if (layer && withState.length > 0) {
    const isNested = layer instanceof LayersModel;
    const name = quote(layer.name);
    throw new ValueError(
      `${caller}: expected features for which nothing with a state has to run once more, but got ` +
        `${quote(isNested ? features.tensor.sourceLayer.name : features.tensor.name)}${isNested ? ` in ${name}` : ''}. ` +
        `TensorFlow.js runs ${name} once for each of its outputs that is used, and each run changes ` +
        `${quote(namesOf(withState))}. Take an output of ${name} that the classifier uses already` +
        (isNested
          ? ', or make the classifier without a model in it: ' +
            `tf.model({inputs: ${layer.name}.inputs, outputs: head.apply(${layer.name}.outputs)}).`
          : '.'),
    );
  }
}

/** What runs once more if the features are used, if anything does. */
function runOnceMore(model: LayersModel, {tensor, path}: Place): GraphNode | undefined {
  const [outermost, ...rest] = path;
  const node = outermost ?? nodeOf(tensor);
  const used = ancestorsOf(model.outputs);
  const usedOutputs = node.outputTensors.filter((output) => used.has(output));
  if (outermost && usedOutputs.length === 1) {
    // The tap stands in the nested model.
    return runOnceMore(modelAt(outermost), {tensor, path: rest});
  }
  return usedOutputs.length === 0 || usedOutputs.includes(tensor) ? undefined : node;
}

function statesOf(layer: layers.Layer): layers.Layer[] {
  const all = layer instanceof LayersModel ? layersWithin(layer) : [layer];
  return all.filter((some) => !(some instanceof LayersModel) && hasState(some));
}
