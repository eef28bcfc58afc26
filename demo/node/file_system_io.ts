import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rm} from 'node:fs/promises';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';

import {writeWholeFile} from './write_whole_file.js';

const MODEL_FILE = 'model.json';
/** What `save` makes, and what is left of it where it was stopped. */
const OF_SAVES = /^(weights\.[0-9a-f]{16}\.bin|model\.json\.\d+)(\.\d+)?$/;

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

/**
 * Whoever is stopped in the midst of this, at whatever moment, leaves the model of before or the new one. The new weights have
 * a name of their own, by what is in them; then `model.json`, which names its weights, is replaced in one step; then the old
 * weights go, and what earlier saves that were stopped have left.
 */
async function save(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const {weightData, weightSpecs = [], ...topology} = artifacts;
  const weights = Buffer.from(tf.io.CompositeArrayBuffer.join(weightData));
  const weightsFile = `weights.${createHash('sha256').update(weights).digest('hex').slice(0, 16)}.bin`;
  await mkdir(folder, {recursive: true});
  const before = await weightFilesOf(folder);
  await writeWholeFile(path.join(folder, weightsFile), weights);
  await writeWholeFile(
    path.join(folder, MODEL_FILE),
    JSON.stringify({...topology, weightsManifest: [{paths: [weightsFile], weights: weightSpecs}]}),
  );
  const left = (await readdir(folder)).filter((file) => before.includes(file) || OF_SAVES.test(file));
  await Promise.all(left.filter((file) => file !== weightsFile).map((file) => rm(path.join(folder, file))));
  return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
}

/** The files that the model of a folder has its weights in; none where there is no model. */
async function weightFilesOf(folder: string): Promise<string[]> {
  try {
    const {weightsManifest} = await readModel(folder);
    return weightsManifest.flatMap(({paths}) => paths);
  } catch {
    return [];
  }
}

async function readModel(folder: string): Promise<tf.io.ModelJSON> {
  return JSON.parse(await readFile(path.join(folder, MODEL_FILE), 'utf8')) as tf.io.ModelJSON;
}

async function load(folder: string): Promise<tf.io.ModelArtifacts> {
  const model = await readModel(folder);
  return tf.io.getModelArtifactsForJSON(model, async (manifest) => {
    const shards = await Promise.all(
      manifest.flatMap((group) => group.paths.map((file) => readFile(path.join(folder, file)))),
    );
    const {buffer, byteOffset, byteLength} = Buffer.concat(shards);
    return [tf.io.getWeightSpecs(manifest), buffer.slice(byteOffset, byteOffset + byteLength)];
  });
}
