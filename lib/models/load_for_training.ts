import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {quote, ValueError, whatIs} from '../errors.js';
import {checkOptimizerState, optimizerState} from './optimizer_state.js';
import {checkTopology, checkWeights} from './saved_model_checks.js';
import {asTrainingModel} from './training_model.js';
import {restoreOptimizer} from '../tfjs_internals.js';

const CALLER = 'loadForTraining()';

/** What `model.compile` takes. */
export type CompileArgs = Parameters<LayersModel['compile']>[0];

/**
 * Loads a model that was saved with `{includeOptimizer: true}`, compiles it, and gives the optimizer its saved state, so
 * that training goes on as if it had not been interrupted.
 *
 * `tf.loadLayersModel` cannot do that for a model that was compiled with functions, such as `softmaxCrossEntropy` or
 * `layer.metric()`: the file has their names alone. Outputs have the names that they have in the classifier. A
 * model that was saved without its optimizer is loaded and compiled.
 *
 * @param source Where it was saved: a URL such as `'indexeddb://digits'`, or a `tf.io.IOHandler`.
 * @param compileArgs Gives what the loaded model is compiled with. The optimizer is one of the saved kind.
 *   If anything throws, the model is disposed again, and the optimizer with it if it was given by its name.
 * @throws ValueError if the file has the state of another kind of optimizer or of other weights, has numbers in it that no
 *   training gives, bytes too many or too few, or layers that wait for each other; and what `tf.loadLayersModel` throws.
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
  if (typeof compileArgs !== 'function') {
    throw new ValueError(
      `${CALLER}: expected a function that gives what the model is compiled with, but got ${quote(compileArgs)}.`,
    );
  }
  const {trainingConfig, ...artifacts} = await artifactsOf(source);
  checkWeights(artifacts, CALLER);
  checkTopology(artifacts.modelTopology, CALLER);
  const model = asTrainingModel(await loadLayersModel({load: () => Promise.resolve(artifacts)}));
  try {
    model.compile(checkedCompileArgs(compileArgs(model)));
    await restoreState(model, artifacts, trainingConfig);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/** Gives the model's optimizer the state that the file has, if it has one. */
async function restoreState(
  model: LayersModel,
  artifacts: tf.io.ModelArtifacts,
  trainingConfig: tf.io.TrainingConfig | undefined,
): Promise<void> {
  const state = optimizerState(artifacts);
  try {
    if (state.length > 0) {
      checkOptimizer(model, trainingConfig);
      await checkOptimizerState(state, model, CALLER);
      await restoreOptimizer(model.optimizer, state);
    }
  } finally {
    tf.dispose(state.map(({tensor}) => tensor));
  }
}

async function artifactsOf(source: string | tf.io.IOHandler): Promise<tf.io.ModelArtifacts> {
  const handlers = typeof source === 'string' ? tf.io.getLoadHandlers(source) : [source];
  const [handler] = handlers;
  if (!handler?.load) {
    throw new ValueError(
      `${CALLER}: expected a URL that TensorFlow.js can load from, or a tf.io.IOHandler with a load method, ` +
        `but got ${quote(source)}.`,
    );
  }
  const artifacts: unknown = await handler.load();
  const {weightData, ...others} = Object(artifacts) as tf.io.ModelArtifacts;
  if (others.modelTopology === undefined || (others.weightSpecs === undefined) !== (weightData === undefined)) {
    throw new ValueError(
      `${CALLER}: expected a saved model, with modelTopology, weightSpecs and weightData, but got ${quote(
        Object.keys(Object(artifacts) as object),
      )}.`,
    );
  }
  return {...others, ...(weightData !== undefined && {weightData: joined(weightData)})};
}

/** In one part: TensorFlow.js reads wrong numbers from parts of which the last is longer than the first. */
function joined(weightData: tf.io.WeightData): ArrayBuffer {
  const parts = [weightData].flat();
  const bytes = new Uint8Array(parts.reduce((sum, {byteLength}) => sum + byteLength, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), end);
    end += part.byteLength;
  }
  return bytes.buffer;
}

/** @throws ValueError for what is none, as where the function returns nothing, or a promise. */
function checkedCompileArgs(args: CompileArgs): CompileArgs {
  if (!('optimizer' in (Object(args) as object))) {
    throw new ValueError(`${CALLER}: expected compileArgs() to give {optimizer, loss, ...}, but got ${whatIs(args)}.`);
  }
  return args;
}

function checkOptimizer({optimizer}: LayersModel, trainingConfig: tf.io.TrainingConfig | undefined): void {
  const {class_name: saved} = (trainingConfig?.optimizer_config ?? {}) as {class_name?: string};
  const given = optimizer.getClassName();
  if (saved !== undefined && saved !== given) {
    throw new ValueError(`${CALLER}: expected an optimizer ${saved}, as it was saved, but got ${given}.`);
  }
}
