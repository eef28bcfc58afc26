import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from '../errors.js';
import {isCenterLossLayer, sourcesOf} from './model_graph.js';
import {setOutputNames} from '../tfjs_layers_internals.js';

type Metrics = Parameters<LayersModel['compile']>[0]['metrics'];

/**
 * Lets a model be compiled by the names that its outputs have in the classifier, and refuse metrics for others, which
 * tf.layers leaves out in silence.
 *
 * tf.layers calls an output after its layer. Of a tap that stands last, that is not the layer that computes the output.
 */
export function asTrainingModel(model: LayersModel): LayersModel {
  setOutputNames(
    model,
    model.outputs.map((output) => beforeTaps(output).sourceLayer.name),
  );
  const compile = model.compile.bind(model);
  model.compile = (args) => {
    checkMetrics(args.metrics, model.outputNames);
    compile(args);
  };
  return model;
}

/** What a tap, or several, pass on; the output itself if it is of no tap. */
function beforeTaps(output: SymbolicTensor): SymbolicTensor {
  const [, , passedOn] = isCenterLossLayer(output.sourceLayer) ? sourcesOf(output) : [];
  return passedOn ? beforeTaps(passedOn) : output;
}

/** @throws ValueError for metrics of an output that the model does not have. */
function checkMetrics(metrics: Metrics, outputNames: string[]): void {
  const byOutput = metrics instanceof Object && !Array.isArray(metrics) && typeof metrics !== 'function';
  const unknown = byOutput ? Object.keys(metrics).filter((name) => !outputNames.includes(name)) : [];
  if (unknown.length > 0) {
    throw new ValueError(
      `compile(): expected metrics for the outputs ${quote(outputNames)}, but got metrics for ${quote(unknown)}.`,
    );
  }
}
