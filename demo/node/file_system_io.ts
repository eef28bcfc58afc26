import {mkdir, readFile, rm} from 'node:fs/promises';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';

import {writeWholeFile} from './write_whole_file.js';

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/**
 * Saves a model to a folder, or loads it from there, in TensorFlow.js' own file format: what the `file://` scheme of
 * `@tensorflow/tfjs-node` does, without its native addon.
 */
export function fileSystem(folder: string): tf.io.IOHandler {
  return {
    save: (artifacts) => save(folder, artifacts),
    load: () => load(folder),
  };
}

/** `model.json` goes first and comes last: where there is one, it belongs to the weights beside it. */
async function save(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const {weightData, weightSpecs = [], ...topology} = artifacts;
  const modelFile = path.join(folder, MODEL_FILE);
  await mkdir(folder, {recursive: true});
  await rm(modelFile, {force: true});
  await writeWholeFile(path.join(folder, WEIGHTS_FILE), Buffer.from(tf.io.CompositeArrayBuffer.join(weightData)));
  await writeWholeFile(
    modelFile,
    JSON.stringify({...topology, weightsManifest: [{paths: [WEIGHTS_FILE], weights: weightSpecs}]}),
  );
  return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
}

async function load(folder: string): Promise<tf.io.ModelArtifacts> {
  const model = JSON.parse(await readFile(path.join(folder, MODEL_FILE), 'utf8')) as tf.io.ModelJSON;
  return tf.io.getModelArtifactsForJSON(model, async (manifest) => {
    const shards = await Promise.all(
      manifest.flatMap((group) => group.paths.map((file) => readFile(path.join(folder, file)))),
    );
    const {buffer, byteOffset, byteLength} = Buffer.concat(shards);
    return [tf.io.getWeightSpecs(manifest), buffer.slice(byteOffset, byteOffset + byteLength)];
  });
}
