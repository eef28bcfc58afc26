import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer} from '../../lib/index.js';
import type {Network} from './networks.js';

/** What `model.save()` would write to a file or a database. */
export async function save(model: tf.LayersModel, config?: tf.io.SaveConfig): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
    config,
  );
  if (!saved) {
    throw new Error('Expected the model to be saved.');
  }
  return saved;
}

/** As `save`, with the state of the optimizer. */
export async function saveWithOptimizer(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  const {numTensors} = tf.memory();
  const saved = await save(model, {includeOptimizer: true});
  // TensorFlow.js leaves the number of steps behind, a scalar.
  tf.engine().state.numTensors -= tf.memory().numTensors - numTensors;
  return saved;
}

/** The layer of a network that was loaded. */
export function layerOf(model: tf.LayersModel): CenterLossLayer {
  const layer = model.getLayer('center_loss');
  if (!(layer instanceof CenterLossLayer)) {
    throw new Error(`Expected a CenterLossLayer, but got ${layer.getClassName()}.`);
  }
  return layer;
}

export async function reload(model: tf.LayersModel): Promise<Network> {
  const reloaded = await tf.loadLayersModel(tf.io.fromMemory(await save(model)));
  return {model: reloaded, layer: layerOf(reloaded)};
}
