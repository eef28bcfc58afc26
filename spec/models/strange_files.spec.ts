import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, loadForTraining, softmaxCrossEntropy} from '../../lib/index.js';
import {CENTER_LOSS, freeVariablesAfterEach, functional} from '../support/classifiers.js';
import {makeBatch} from '../support/networks.js';
import {saveWithOptimizer} from '../support/saving.js';
import {mulberry32} from '../recognition/random.js';

freeVariablesAfterEach();

type Artifacts = tf.io.ModelArtifacts;

const COPIES = 600;
const compileArgs = () => ({optimizer: 'adam', loss: softmaxCrossEntropy});
const handlerOf = (artifacts: Artifacts): tf.io.IOHandler => ({load: () => Promise.resolve(artifacts)});

/** What a place of a file may be changed to. No size is so large that TensorFlow.js would only need long to make a layer. */
const VALUES: readonly unknown[] = [
  ...[NaN, Infinity, -Infinity, 0, -0, 1, 2, -1, 1.5, 1e30, -1e30],
  ...[null, undefined, true, false, '', ' ', 'a', '__proto__', 'constructor', 'toString', 'embedding', 'float32'],
  ...[
    'Dense',
    'CenterLossLayer',
    'Functional',
    'Lambda',
    [],
    {},
    [0],
    [[]],
    [null, 6],
    {class_name: 'Dense', config: {}},
  ],
];

/** A file of a trained model, as text and bytes. */
async function fileOfTrained(): Promise<Artifacts> {
  const model = attachCenterLoss(functional(), CENTER_LOSS);
  model.compile(compileArgs());
  const {x, labels, oneHot} = makeBatch(4);
  await model.trainOnBatch([x, labels], oneHot);
  const saved = await saveWithOptimizer(model);
  tf.dispose([x, labels, oneHot]);
  model.dispose();
  tf.disposeVariables();
  return saved;
}

/** As many changed copies, the same each time: in a value of the topology, of the list of weights, or in the bytes. */
function* changesOf({weightData, ...others}: Artifacts, count: number): Generator<Artifacts> {
  const random = mulberry32(26);
  const below = (end: number) => Math.floor(end * random());
  const oneOf = <T>(items: ArrayLike<T>): T => items[below(items.length)] as T;
  const text = JSON.stringify(others);
  const bytes = new Uint8Array(weightData as ArrayBuffer);
  for (let i = 0; i < count; i++) {
    const copy = JSON.parse(text) as Record<string, unknown>;
    let data = bytes.slice();
    if (i % 6 === 0) {
      data[below(data.length)] = below(256);
    } else if (i % 6 === 1) {
      data = data.slice(0, below(data.length));
    } else {
      const places: [Record<string, unknown>, string][] = [];
      const walk = (holder: object) => {
        for (const [key, value] of Object.entries(holder)) {
          places.push([holder as Record<string, unknown>, key]);
          if (typeof value === 'object' && value !== null) {
            walk(value as object);
          }
        }
      };
      walk(copy);
      const [holder, key] = oneOf(places);
      const [otherHolder, otherKey] = oneOf(places);
      if (i % 6 === 2) {
        Reflect.deleteProperty(holder, key);
      } else if (i % 6 === 3) {
        holder[key] = structuredClone(otherHolder[otherKey]);
      } else {
        holder[key] = oneOf(VALUES);
      }
    }
    yield {...copy, weightData: data.buffer};
  }
}

/** What any object has without having been given it. */
function inheritedKeys(): string[] {
  const keys: string[] = [];
  for (const key in {}) {
    keys.push(key);
  }
  return keys;
}

/**
 * What comes of a file. tf.loadLayersModel frees nothing of what it had made when it throws: that goes with the scope.
 */
async function outcomeOf(file: Artifacts): Promise<'loaded' | 'refused here' | 'refused by TensorFlow.js'> {
  tf.engine().startScope();
  const {numTensors} = tf.memory();
  try {
    const model = await loadForTraining(handlerOf(file), compileArgs);
    model.dispose();
    return 'loaded';
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    if (!(error as Error).message.startsWith('loadForTraining(): ')) {
      return 'refused by TensorFlow.js';
    }
    expect(tf.memory().numTensors).toBe(numTensors);
    return 'refused here';
  } finally {
    tf.engine().endScope();
    tf.disposeVariables();
    // Nothing of a file became part of all objects.
    expect(inheritedKeys()).toEqual([]);
  }
}

describe('loadForTraining() of a file that anybody may have written', () => {
  it(`gives a model, or throws, for ${COPIES} changed copies`, async () => {
    const file = await fileOfTrained();
    const outcomes = {loaded: 0, 'refused here': 0, 'refused by TensorFlow.js': 0};
    for (const changed of changesOf(file, COPIES)) {
      outcomes[await outcomeOf(changed)]++;
    }
    expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(COPIES);
    // Of each kind there were many.
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(COPIES / 10);
  });

  it('throws for bytes that end anywhere but at their end', async () => {
    const file = await fileOfTrained();
    const bytes = file.weightData as ArrayBuffer;
    for (let length = 0; length < bytes.byteLength; length++) {
      expect(await outcomeOf({...file, weightData: bytes.slice(0, length)})).toBe('refused here');
    }
  });

  it('throws for a topology that is nested 100,000 deep', async () => {
    const file = await fileOfTrained();
    let nested: object = file.modelTopology as object;
    for (let depth = 0; depth < 100_000; depth++) {
      nested = {config: nested};
    }
    expect(await outcomeOf({...file, modelTopology: nested})).toBe('refused by TensorFlow.js');
  });

  it('throws for layers with the names of what every object has, as TensorFlow.js cannot read them', async () => {
    const file = await fileOfTrained();
    const {weightData, ...others} = file;
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const renamed = JSON.parse(JSON.stringify(others).replaceAll('"embedding"', `"${name}"`)) as Artifacts;
      expect(await outcomeOf({...renamed, ...(weightData && {weightData})})).toBe('refused by TensorFlow.js');
    }
  });
});
