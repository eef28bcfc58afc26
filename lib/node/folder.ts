/// <reference types="node" />
import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import type {io} from '@tensorflow/tfjs-core';
import {quote, ValueError} from '../errors.js';
import {writeWholeFile} from './write_whole_file.js';

/** Saves a model, and loads it. */
export type FolderHandler = io.IOHandler & Required<Pick<io.IOHandler, 'save' | 'load'>>;

const MODEL_FILE = 'model.json';
/** What `save` makes, and what is left of it where it was stopped. */
const OF_SAVES = /^(weights\.[0-9a-f]{16}\.bin|model\.json(?=\.))(\.[0-9a-f-]+)?$/;

/**
 * A folder that a model is saved to and loaded from: for `model.save`, `tf.loadLayersModel` and `loadForTraining`. The
 * files are those of TensorFlow.js, `model.json` and weights, as `file://` of `@tensorflow/tfjs-node` has them.
 *
 * They are written whole or not at all: a program that is killed while it saves, or whose disk is full, leaves the model of
 * before or the new one. What this program saves and loads happens one after the other. Two programs should not save
 * to one folder at the same time.
 *
 * @param location The folder, which `save` makes where there is none.
 * @throws ValueError for what is no path; when it loads, for a folder without `model.json`, or without weights that it names; and
 *   what Node.js throws, as of a full disk.
 * @example
 * ```js
 * const model = tf.sequential({layers: [tf.layers.dense({inputShape: [2], units: 1})]});
 * await model.save(folder('models/digits'));
 * const loaded = await tf.loadLayersModel(folder('models/digits'));
 * console.log(loaded.countParams()); // 3
 * ```
 */
export function folder(location: string): FolderHandler {
  if (typeof location !== 'string' || location === '') {
    throw new ValueError(`folder(): expected the path of a folder, but got ${quote(location)}.`);
  }
  return {
    save: (artifacts) => inTurn(() => save(location, artifacts)),
    load: () => inTurn(() => load(location)),
  };
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** Runs after all others that were called before, whether those failed or not. */
function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
  const turn = lastTurn.then(run, run);
  lastTurn = turn;
  return turn;
}

/**
 * The new weights have a name of their own, by what is in them; then `model.json`, which names its weights, is replaced in one
 * step; then the old weights go, and what earlier saves that were stopped have left.
 */
async function save(location: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  const {weightData = [], weightSpecs = [], ...model} = artifacts;
  const weights = Buffer.concat([weightData].flat().map((part) => new Uint8Array(part)));
  const weightsFile = `weights.${createHash('sha256').update(weights).digest('hex').slice(0, 16)}.bin`;
  await mkdir(location, {recursive: true});
  const before = await weightFilesOf(location);
  await writeWholeFile(path.join(location, weightsFile), weights);
  const manifest: io.WeightsManifestConfig = [{paths: [weightsFile], weights: weightSpecs}];
  await writeWholeFile(path.join(location, MODEL_FILE), JSON.stringify({...model, weightsManifest: manifest}));
  const left = (await readdir(location)).filter((file) => before.includes(file) || OF_SAVES.test(file));
  await Promise.all(left.filter((file) => file !== weightsFile).map((file) => rm(path.join(location, file))));
  const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value ?? null));
  return {
    modelArtifactsInfo: {
      dateSaved: new Date(),
      modelTopologyType: 'JSON',
      modelTopologyBytes: bytesOf(model.modelTopology),
      weightSpecsBytes: bytesOf(weightSpecs),
      weightDataBytes: weights.length,
    },
  };
}

/** The files that the model of a folder has its weights in; none where there is no model. */
async function weightFilesOf(location: string): Promise<string[]> {
  try {
    const {weightsManifest} = await readModel(location);
    return weightsManifest.flatMap(({paths}) => paths);
  } catch {
    return [];
  }
}

async function load(location: string): Promise<io.ModelArtifacts> {
  const {weightsManifest, ...model} = await readModel(location);
  const shards = [];
  for (const file of weightsManifest.flatMap(({paths}) => paths)) {
    shards.push(await read(location, file, 'which model.json names'));
  }
  const {buffer, byteOffset, byteLength} = Buffer.concat(shards);
  return {
    ...model,
    weightSpecs: weightsManifest.flatMap(({weights}) => weights),
    weightData: buffer.slice(byteOffset, byteOffset + byteLength),
  };
}

async function readModel(location: string): Promise<io.ModelJSON> {
  const text = (await read(location, MODEL_FILE, 'as model.save() writes it')).toString();
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch {
    // Refused below, with the text that came.
  }
  if (!Array.isArray((Object(model) as Partial<io.ModelJSON>).weightsManifest)) {
    throw new ValueError(
      `folder(${quote(location)}): expected ${MODEL_FILE} to be JSON with a weightsManifest, but got ${quote(text)}.`,
    );
  }
  return model as io.ModelJSON;
}

async function read(location: string, file: string, which: string): Promise<Buffer> {
  try {
    return await readFile(path.join(location, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
    throw new ValueError(`folder(${quote(location)}): expected the file ${file}, ${which}, but there is none.`, {
      cause: error,
    });
  }
}
