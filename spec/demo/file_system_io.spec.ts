import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout} from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import '../support/cpu.js';
import {createClassifier, FEATURE_LAYER} from '../../demo/mnist/network.js';
import {fileSystem} from '../../demo/node/file_system_io.js';
import {attachCenterLoss} from '../../lib/index.js';

/** By hand a hundred were tried. */
const KILLS = 5;

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
  const [modelFile, weightsFile = ''] = (await readdir(folder)).sort();
  expect([modelFile, weightsFile]).toEqual(['model.json', expect.stringMatching(/^weights\.[0-9a-f]{16}\.bin$/)]);

  const json = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as tf.io.ModelJSON;
  const weights = await readFile(path.join(folder, weightsFile));
  const [group] = json.weightsManifest;
  expect(json).toMatchObject({format: 'layers-model', weightsManifest: [{paths: [weightsFile]}]});
  const reloaded = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      ...(group && {weightSpecs: group.weights}),
      weightData: Uint8Array.from(weights).buffer,
    }),
  );
  expect(weightsOf(reloaded)).toEqual(weightsOf(model));
});

test('weights in several files are put together, and go when another model takes their place', async () => {
  const model = createModel(1);
  await model.save(fileSystem(folder));
  const [weightsFile = ''] = await weightFiles();
  const modelFile = path.join(folder, 'model.json');
  const weights = await readFile(path.join(folder, weightsFile));
  await writeFile(path.join(folder, 'a.bin'), weights.subarray(0, 1001));
  await writeFile(path.join(folder, 'b.bin'), weights.subarray(1001));
  await writeFile(modelFile, (await readFile(modelFile, 'utf8')).replace(`"${weightsFile}"`, '"a.bin","b.bin"'));
  await rm(path.join(folder, weightsFile));
  expect(weightsOf(await tf.loadLayersModel(fileSystem(folder)))).toEqual(weightsOf(model));
  await createModel(2).save(fileSystem(folder));
  expect(await weightFiles()).toEqual([expect.stringMatching(/^weights\./)]);
});

test('a save that fails leaves the model of before', async () => {
  const model = createModel(1);
  await model.save(fileSystem(folder));
  // Nothing can take the place of a folder.
  await rename(path.join(folder, 'model.json'), path.join(folder, 'kept.json'));
  await mkdir(path.join(folder, 'model.json'));
  await expect(createModel(2).save(fileSystem(folder))).rejects.toThrow(/model\.json/);
  await rm(path.join(folder, 'model.json'), {recursive: true});
  await rename(path.join(folder, 'kept.json'), path.join(folder, 'model.json'));
  expect(weightsOf(await tf.loadLayersModel(fileSystem(folder)))).toEqual(weightsOf(model));
});

test('a program that is killed while it saves leaves the model of before or the new one', async () => {
  const uniform = tf.sequential({
    layers: [tf.layers.dense({inputShape: [500], units: 500, kernelInitializer: 'zeros'})],
  });
  await uniform.save(fileSystem(folder));
  const program = path.resolve('spec/demo/save_forever.ts');
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, ['--import', 'tsx', program, folder], {stdio: ['ignore', 'pipe', 'ignore']});
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    await setTimeout(17 * kill + 1);
    child.kill('SIGKILL');
    await exit;
    const loaded = await tf.loadLayersModel(fileSystem(folder));
    // All weights of one model are the same number.
    const [first = NaN] = weightsOf(loaded)[0] ?? [];
    expect(weightsOf(loaded)).toEqual(weightsOf(loaded).map((values) => values.map(() => first)));
    loaded.dispose();
  }
  await uniform.save(fileSystem(folder));
  expect((await readdir(folder)).length).toBe(2);
}, 120_000);

async function weightFiles(): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.bin'));
}
