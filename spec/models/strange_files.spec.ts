import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, loadForTraining, softmaxCrossEntropy} from '../../lib/index.js';
import {CENTER_LOSS, freeVariablesAfterEach, functional} from '../support/classifiers.js';
import {makeBatch} from '../support/networks.js';
import {saveWithOptimizer} from '../support/saving.js';
import {inheritedKeys, strangeCopies} from '../support/strange.js';

freeVariablesAfterEach();

type Artifacts = tf.io.ModelArtifacts;

const COPIES = 600;
const compileArgs = () => ({optimizer: 'adam', loss: softmaxCrossEntropy});
const handlerOf = (artifacts: Artifacts): tf.io.IOHandler => ({load: () => Promise.resolve(artifacts)});

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
    for (const changed of strangeCopies(file, COPIES)) {
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
