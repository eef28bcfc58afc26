import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from '../errors.js';
import {restoreOptimizer} from '../tfjs_internals.js';
import type {OptimizerState} from '../tfjs_internals.js';
import {asTrainingModel} from './training_model.js';

/** What `model.compile` takes. */
export type CompileArgs = Parameters<LayersModel['compile']>[0];

/**
 * Loads a model that was saved with `{includeOptimizer: true}`, compiles it, and gives the optimizer its saved state, so
 * that training goes on as if it had not been interrupted.
 *
 * `tf.loadLayersModel` cannot do that for a model that was compiled with functions, such as `softmaxCrossEntropy` or
 * `layer.metric()`: the file has their names alone. A model that was saved without its optimizer is loaded and compiled.
 *
 * @param source Where it was saved: a URL such as `'indexeddb://digits'`, or a `tf.io.IOHandler`.
 * @param compileArgs Gives what the loaded model is compiled with. The optimizer is one of the saved kind.
 * @throws ValueError if the file has the state of another kind of optimizer, and what `tf.loadLayersModel` throws.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 10})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * const compileArgs = (model) => ({
 *   optimizer: tf.train.adam(0.002),
 *   loss: softmaxCrossEntropy,
 *   metrics: [categoricalAccuracy, centerLossLayerOf(model).metric()],
 * });
 * model.compile(compileArgs(model));
 * await model.trainOnBatch([tf.zeros([2, 64]), tf.tensor1d([3, 7])], tf.oneHot([3, 7], 10));
 * await model.save('indexeddb://digits', {includeOptimizer: true});
 *
 * const loaded = await loadForTraining('indexeddb://digits', compileArgs);
 * console.log(loaded.optimizer.iterations); // 1
 * ```
 */
export async function loadForTraining(
  source: string | tf.io.IOHandler,
  compileArgs: (model: LayersModel) => CompileArgs,
): Promise<LayersModel> {
  const {trainingConfig, ...artifacts} = await artifactsOf(source);
  const model = asTrainingModel(await loadLayersModel({load: () => Promise.resolve(artifacts)}));
  model.compile(compileArgs(model));
  const state = optimizerState(artifacts);
  try {
    if (state.length > 0) {
      checkOptimizer(model, trainingConfig);
      await restoreOptimizer(model.optimizer, state);
    }
  } finally {
    tf.dispose(state.map(({tensor}) => tensor));
  }
  return model;
}

async function artifactsOf(source: string | tf.io.IOHandler): Promise<tf.io.ModelArtifacts> {
  const handlers = typeof source === 'string' ? tf.io.getLoadHandlers(source) : [source];
  const [handler] = handlers;
  if (!handler?.load) {
    throw new ValueError(
      `loadForTraining(): expected a URL that TensorFlow.js can load from, or a tf.io.IOHandler with a load method, ` +
        `but got ${quote(source)}.`,
    );
  }
  return handler.load();
}

/** The weights that `model.save` has marked as those of the optimizer. */
function optimizerState({weightData, weightSpecs = []}: tf.io.ModelArtifacts): OptimizerState {
  const specs = weightSpecs.filter(({group}) => group === 'optimizer');
  if (!weightData || specs.length === 0) {
    return [];
  }
  const tensors = tf.io.decodeWeights(weightData, weightSpecs);
  const state = specs.map(({name}) => ({name, tensor: tensors[name] as tf.Tensor}));
  const kept = new Set(state.map(({tensor}) => tensor));
  tf.dispose(Object.values(tensors).filter((tensor) => !kept.has(tensor)));
  return state;
}

function checkOptimizer({optimizer}: LayersModel, trainingConfig: tf.io.TrainingConfig | undefined): void {
  const {class_name: saved} = (trainingConfig?.optimizer_config ?? {}) as {class_name?: string};
  const given = optimizer.getClassName();
  if (saved !== undefined && saved !== given) {
    throw new ValueError(`loadForTraining(): expected an optimizer ${saved}, as it was saved, but got ${given}.`);
  }
}
