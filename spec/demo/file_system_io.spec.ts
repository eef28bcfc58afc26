import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';

import '../support/cpu.js';
import {createClassifier, FEATURE_LAYER} from '../../demo/mnist/network.js';
import {fileSystem} from '../../demo/node/file_system_io.js';
import {attachCenterLoss} from '../../lib/index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'center-loss-io-'));
});

afterEach(async () => {
  await rm(folder, {recursive: true});
});

function createModel(seed: number): tf.LayersModel {
  return attachCenterLoss(createClassifier(2, seed), {
    featureLayer: FEATURE_LAYER,
    numClasses: 10,
    centersInitializer: tf.initializers.randomNormal({seed}),
  });
}

function weightsOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => Array.from(weight.dataSync()));
}

test('a model comes back as it was saved, and again when saved over', async () => {
  for (const seed of [1, 2]) {
    const model = createModel(seed);
    const {modelArtifactsInfo} = await model.save(fileSystem(folder));
    const reloaded = await tf.loadLayersModel(fileSystem(folder));
    expect(weightsOf(reloaded)).toEqual(weightsOf(model));
    expect(reloaded.toJSON(null, false)).toEqual(model.toJSON(null, false));
    expect(modelArtifactsInfo.weightDataBytes).toBe(4 * model.countParams());
  }
});

test('the files are those of any TensorFlow.js program', async () => {
  const model = createModel(1);
  await model.save(fileSystem(folder));
  expect((await readdir(folder)).sort()).toEqual(['model.json', 'weights.bin']);

  const json = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as tf.io.ModelJSON;
  const weights = await readFile(path.join(folder, 'weights.bin'));
  const [group] = json.weightsManifest;
  expect(json).toMatchObject({format: 'layers-model', weightsManifest: [{paths: ['weights.bin']}]});
  const reloaded = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      ...(group && {weightSpecs: group.weights}),
      weightData: Uint8Array.from(weights).buffer,
    }),
  );
  expect(weightsOf(reloaded)).toEqual(weightsOf(model));
});

test('weights in several files are put together', async () => {
  const model = createModel(1);
  await model.save(fileSystem(folder));
  const modelFile = path.join(folder, 'model.json');
  const weights = await readFile(path.join(folder, 'weights.bin'));
  await writeFile(path.join(folder, 'a.bin'), weights.subarray(0, 1001));
  await writeFile(path.join(folder, 'b.bin'), weights.subarray(1001));
  await writeFile(modelFile, (await readFile(modelFile, 'utf8')).replace('"weights.bin"', '"a.bin","b.bin"'));
  expect(weightsOf(await tf.loadLayersModel(fileSystem(folder)))).toEqual(weightsOf(model));
});

test('a save that fails leaves no model.json to weights that it does not belong to', async () => {
  await createModel(1).save(fileSystem(folder));
  await rm(path.join(folder, 'weights.bin'));
  await mkdir(path.join(folder, 'weights.bin'));
  await expect(createModel(2).save(fileSystem(folder))).rejects.toThrow(/weights\.bin/);
  expect(await readdir(folder)).toEqual(['weights.bin']);
});
