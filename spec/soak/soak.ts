/**
 * Trains for tens of thousands of steps and builds, saves, loads and disposes hundreds of models, and fails if memory
 * grows. Takes minutes, and so is a command of its own: `npm run soak`.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {HOW_TO_BUILD, loadNativeTensorFlow} from '../../scripts/native_tensorflow.cjs';
import {CenterLossLayer, softmaxCrossEntropy} from '../../lib/index.js';
import {Recognizer} from '../../lib/recognition/index.js';
import type {RecognizerData} from '../../lib/recognition/index.js';
import {normalNumbers, toRows} from '../support/random.js';
import {centeredClassifier, compile, INPUT_DIM, makeBatch, NUM_CLASSES} from '../support/networks.js';
import {save} from '../support/saving.js';

const STEPS = 20_000;
const CYCLES = 500;
const ROUNDS = 10_000;
/** Enough for the rows to stand in the memory of the WebAssembly module. */
const ENROLLED = 2000;
const WIDTH = 64;
/** Garbage is collected when the engine likes: what stays below this over a whole soak is noise, not a leak. */
const RSS_NOISE = 64 * 2 ** 20;

interface Memory {
  numTensors: number;
  numBytes: number;
  /** TensorFlow's own count of its tensors, where it is the backend. */
  nativeHandles: number;
  rss: number;
}

function memoryNow(): Memory {
  // Garbage must not look like a leak.
  if (!globalThis.gc) {
    throw new Error('Expected to be run by `npm run soak`, which gives Node --expose-gc.');
  }
  globalThis.gc();
  const {numTensors, numBytes} = tf.memory();
  const {binding} = tf.backend() as {binding?: {getNumOfTensors(): number}};
  return {numTensors, numBytes, nativeHandles: binding?.getNumOfTensors() ?? 0, rss: process.memoryUsage().rss};
}

/** Runs `step` a quarter of the times to warm up, then the rest: what grows over the rest is a leak. */
async function soak(
  name: string,
  times: number,
  step: (i: number) => Promise<void>,
  subject = tf.getBackend(),
): Promise<void> {
  const start = Date.now();
  const warmUp = Math.floor(times / 4);
  for (let i = 0; i < warmUp; i++) {
    await step(i);
  }
  const before = memoryNow();
  for (let i = warmUp; i < times; i++) {
    await step(i);
  }
  const after = memoryNow();
  const seconds = Math.round((Date.now() - start) / 1000);
  const megabytes = ((after.rss - before.rss) / 2 ** 20).toFixed(1);
  const growth =
    `tensors ${after.numTensors - before.numTensors}, bytes ${after.numBytes - before.numBytes}, ` +
    `native handles ${after.nativeHandles - before.nativeHandles}`;
  console.log(`${subject}: ${times} ${name} in ${seconds} s: growth of ${growth}, resident set ${megabytes} MB`);
  if (
    after.numTensors !== before.numTensors ||
    after.numBytes !== before.numBytes ||
    after.nativeHandles !== before.nativeHandles ||
    after.rss - before.rss > RSS_NOISE
  ) {
    throw new Error(`${subject}: memory grew over ${times} ${name}.`);
  }
}

/** Steps of changing batch sizes, and now and then an error, a validation or an abandoned pass. */
async function soakTraining(): Promise<void> {
  const network = centeredClassifier({ignoreClass: 99});
  compile(network);
  const {model, layer} = network;
  await soak('training steps of varying shape', STEPS, async (i) => {
    const {x, labels, oneHot} = makeBatch(1 + (i % 37), i);
    const column = tf.tidy(() => labels.expandDims(1));
    await model.trainOnBatch([x, column], oneHot);
    if (i % 10 === 0) {
      tf.dispose(model.apply([x, labels], {training: true}) as tf.Tensor);
      tf.dispose(model.evaluate([x, column], oneHot));
      tf.dispose(model.predict([x, column]));
    }
    if (i % 50 === 0) {
      const wrong = tf.fill(column.shape, NUM_CLASSES);
      await model.trainOnBatch([x, wrong], oneHot).catch((error: unknown) => {
        if (!(error instanceof RangeError)) {
          throw error;
        }
      });
      wrong.dispose();
    }
    layer.alpha = (i % 11) / 10;
    tf.dispose([x, labels, column, oneHot]);
  });
  model.dispose();
}

async function soakLifeCycle(): Promise<void> {
  const {x, labels, oneHot} = makeBatch(8);
  const column = labels.expandDims(1);
  await soak('cycles of build, train, save, load, train and dispose', CYCLES, async () => {
    const image = tf.input({shape: [INPUT_DIM]});
    const label = tf.input({shape: [1]});
    const features = tf.layers.dense({units: 16}).apply(image) as tf.SymbolicTensor;
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss'});
    const centered = layer.apply([features, label]) as tf.SymbolicTensor;
    const logits = tf.layers.dense({units: NUM_CLASSES}).apply(centered) as tf.SymbolicTensor;
    const model = tf.model({inputs: [image, label], outputs: logits});
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(await save(model)));
    for (const trained of [model, loaded]) {
      const metric = (trained.getLayer('center_loss') as CenterLossLayer).metric();
      trained.compile({optimizer: 'adam', loss: softmaxCrossEntropy, metrics: [metric]});
      await trained.trainOnBatch([x, column], oneHot);
      trained.dispose();
    }
  });
  tf.dispose([x, labels, column, oneHot]);
}

/** Rounds of all that a recognizer does, beside so many classes that stay. */
async function soakRecognizer(): Promise<void> {
  const rows = toRows(normalNumbers((ENROLLED + ROUNDS) * WIDTH, 1), WIDTH);
  const labels = Array.from({length: ENROLLED}, (_, i) => `known ${i}`);
  let recognizer = await Recognizer.fromCenters(rows.slice(0, ENROLLED), labels);
  const round = async (i: number) => {
    const sample = rows[ENROLLED + i] ?? [];
    await recognizer.enroll('new', [sample]);
    const [answer] = await recognizer.identify([sample], {k: 3});
    if (answer?.nearest[0]?.label !== 'new') {
      throw new Error(`Round ${i}: expected the sample of the new class to be found.`);
    }
    await recognizer.calibrate([sample, ...rows.slice(0, 10)], ['new', ...labels.slice(0, 10)]);
    recognizer.remove('new');
    if (i % 100 === 0) {
      recognizer = Recognizer.fromJSON(JSON.parse(JSON.stringify(recognizer)) as RecognizerData);
    }
  };
  await soak('rounds of enrol, identify, calibrate, remove, save and load', ROUNDS, round, 'recognizer');
}

tf.enableProdMode();
const hasTensorFlow = loadNativeTensorFlow();
if (!hasTensorFlow) {
  console.log(`tensorflow is left out, since it is missing. ${HOW_TO_BUILD}`);
}
for (const backend of ['wasm', 'cpu', ...(hasTensorFlow ? ['tensorflow'] : [])]) {
  await tf.setBackend(backend);
  await soakTraining();
  await soakLifeCycle();
}
await soakRecognizer();
