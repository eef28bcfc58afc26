import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout} from 'node:timers/promises';
import {promisify} from 'node:util';

import * as tf from '@tensorflow/tfjs';

import '../support/cpu.js';
import {createClassifier, FEATURE_LAYER} from '../../demo/mnist/network.js';
import {folder as inFolder} from 'tfjs-center-loss/node';
import {attachCenterLoss} from '../../lib/index.js';
import {Recognizer} from '../../lib/recognition/index.js';
import type {RecognizerData} from '../../lib/recognition/index.js';

/** By hand a hundred were tried. */
const KILLS = 20;
/** Where the first save was not done. */
const EMPTY = {modelTopology: {value: 0}, weightData: new Float32Array(1).buffer};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'center-loss-folder-'));
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
    const {modelArtifactsInfo} = await model.save(inFolder(folder));
    const reloaded = await tf.loadLayersModel(inFolder(folder));
    expect(weightsOf(reloaded)).toEqual(weightsOf(model));
    expect(reloaded.toJSON(null, false)).toEqual(model.toJSON(null, false));
    expect(modelArtifactsInfo.weightDataBytes).toBe(4 * model.countParams());
  }
});

test('the files are those of any TensorFlow.js program', async () => {
  const model = createModel(1);
  await model.save(inFolder(folder));
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
  await model.save(inFolder(folder));
  const [weightsFile = ''] = await weightFiles();
  const modelFile = path.join(folder, 'model.json');
  const weights = await readFile(path.join(folder, weightsFile));
  await writeFile(path.join(folder, 'a.bin'), weights.subarray(0, 1001));
  await writeFile(path.join(folder, 'b.bin'), weights.subarray(1001));
  await writeFile(modelFile, (await readFile(modelFile, 'utf8')).replace(`"${weightsFile}"`, '"a.bin","b.bin"'));
  await rm(path.join(folder, weightsFile));
  expect(weightsOf(await tf.loadLayersModel(inFolder(folder)))).toEqual(weightsOf(model));
  await createModel(2).save(inFolder(folder));
  expect(await weightFiles()).toEqual([expect.stringMatching(/^weights\./)]);
});

test('a save that fails leaves the model of before', async () => {
  const model = createModel(1);
  await model.save(inFolder(folder));
  // Nothing can take the place of a folder.
  await rename(path.join(folder, 'model.json'), path.join(folder, 'kept.json'));
  await mkdir(path.join(folder, 'model.json'));
  await expect(createModel(2).save(inFolder(folder))).rejects.toThrow(/model\.json/);
  await rm(path.join(folder, 'model.json'), {recursive: true});
  await rename(path.join(folder, 'kept.json'), path.join(folder, 'model.json'));
  expect(weightsOf(await tf.loadLayersModel(inFolder(folder)))).toEqual(weightsOf(model));
});

test('saves of one program, to one folder, go one after the other', async () => {
  const models = [1, 2, 3].map(createModel);
  await Promise.all(models.map((model) => model.save(inFolder(folder))));
  expect(weightsOf(await tf.loadLayersModel(inFolder(folder)))).toEqual(weightsOf(models[2] as tf.LayersModel));
  expect(await readdir(folder)).toHaveLength(2);
});

test('what a model says of itself, such as its recognizer, is kept beside its weights', async () => {
  const model = createModel(1);
  const recognizer = await Recognizer.fromCenters(
    [
      [0, 1],
      [2, 3],
    ],
    ['a', 'b'],
  );
  model.setUserDefinedMetadata({recognizer: JSON.stringify(recognizer)});
  await model.save(inFolder(folder));
  const loaded = await tf.loadLayersModel(inFolder(folder));
  const {recognizer: text} = loaded.getUserDefinedMetadata() as {recognizer: string};
  const restored = Recognizer.fromJSON(JSON.parse(text) as RecognizerData);
  expect(restored.toJSON()).toEqual(recognizer.toJSON());
  // Features of another model.
  await expect(restored.identify([[1, 2, 3]])).rejects.toThrow('features of width 2');
});

describe('says what is wrong:', () => {
  test('no path', () => {
    expect(() => inFolder('')).toThrow('folder(): expected the path of a folder, but got "".');
    expect(() => inFolder(undefined as never)).toThrow('but got undefined.');
  });

  test('a folder without a model', async () => {
    await expect(tf.loadLayersModel(inFolder(folder))).rejects.toThrow(
      `folder("${folder}"): expected the file model.json, as model.save() writes it, but there is none.`,
    );
  });

  test('a model without its weights', async () => {
    await createModel(1).save(inFolder(folder));
    const [weightsFile = ''] = await weightFiles();
    await rm(path.join(folder, weightsFile));
    await expect(tf.loadLayersModel(inFolder(folder))).rejects.toThrow(
      `expected the file ${weightsFile}, which model.json names, but there is none.`,
    );
  });

  test.each(['{"modelTop', '{"modelTopology": {}}', 'null'])('a file that is no model: %s', async (text) => {
    await writeFile(path.join(folder, 'model.json'), text);
    await expect(tf.loadLayersModel(inFolder(folder))).rejects.toThrow(
      `expected model.json to be JSON with a weightsManifest, but got ${JSON.stringify(text)}.`,
    );
  });
});

test('a program that has no room for the new weights leaves the model of before', async () => {
  const model = createModel(1);
  await model.save(inFolder(folder));
  const program = `ulimit -f 512 && exec "${process.execPath}" --import tsx spec/node/save_forever.ts "${folder}"`;
  // As a full disk does, a limit of 512 kB refuses to write more, in the midst of a file of 1 MB.
  await expect(promisify(execFile)('bash', ['-c', program])).rejects.toThrow(/EFBIG|ENOSPC/);
  expect(weightsOf(await tf.loadLayersModel(inFolder(folder)))).toEqual(weightsOf(model));
  expect(await readdir(folder)).toHaveLength(2);
}, 120_000);

test('a program that is killed while it saves leaves the model of before or the new one', async () => {
  const program = path.resolve('spec/node/save_forever.ts');
  let newest = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, ['--import', 'tsx', program, folder], {stdio: ['ignore', 'pipe', 'ignore']});
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    await setTimeout(17 * kill + 20 * Math.random());
    child.kill('SIGKILL');
    await exit;
    const before = (await readdir(folder)).includes('model.json');
    const {modelTopology, weightData} = before ? await inFolder(folder).load() : EMPTY;
    const {value} = modelTopology as {value: number};
    expect(new Set(new Float32Array(weightData as ArrayBuffer))).toEqual(new Set([value]));
    newest = Math.max(newest, value);
  }
  expect(newest).toBeGreaterThan(1);
  const model = createModel(1);
  await model.save(inFolder(folder));
  expect(weightsOf(await tf.loadLayersModel(inFolder(folder)))).toEqual(weightsOf(model));
  expect(await readdir(folder)).toHaveLength(2);
}, 120_000);

async function weightFiles(): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.bin'));
}
