/**
 * One spec for each member of TensorFlow.js that `lib/tfjs_internals.ts` and `lib/tfjs_layers_internals.ts` rely on,
 * named after it. Where one fails after a move to a new TensorFlow.js, its name says what has changed.
 */
import * as tf from '@tensorflow/tfjs';
import {
  activeTape,
  backInScope,
  freeTapeAfterError,
  hasKernel,
  outermostScope,
  readEvenIfDisposed,
  restoreOptimizer,
  runKernel,
  saveOnTape,
  tensorOf,
} from '../lib/tfjs_internals.js';
import type {GradientTape} from '../lib/tfjs_internals.js';
import {
  addUsers,
  disposalsOf,
  forgetApplications,
  hasState,
  isInitializer,
  isRegisteredModel,
  LAYER_ARGS,
  nodeOf,
  nodesOf,
  registeredInitializer,
  setOutputNames,
  setUsers,
} from '../lib/tfjs_layers_internals.js';
import {disposeAfterEach} from './support/tensors.js';

/** What `look` gives within a function that is being differentiated, and what the gradient is at 3. */
function withinGradient<T>(look: (x: tf.Tensor) => T): {seen: T; gradient: tf.Tensor} {
  const seen: T[] = [];
  const gradient = tf.grad((x) => {
    seen.push(look(x));
    return tf.square(x);
  })(tf.scalar(3));
  return {seen: seen[0] as T, gradient};
}

class Plain extends tf.layers.Layer {
  static readonly className: string = 'PlainLayer';
}

describe('What is used of the gradient tape:', () => {
  disposeAfterEach();

  it('engine().isTapeOn(), true only while a gradient is taken', () => {
    expect(tf.engine().isTapeOn()).toBe(false);
    expect(withinGradient(() => tf.engine().isTapeOn()).seen).toBe(true);
  });

  it('engine().state.activeTape, to which operations add nodes', () => {
    const {seen} = withinGradient((x) => {
      const tape = activeTape();
      const before = tape?.length ?? NaN;
      tf.square(x);
      return (tape?.length ?? NaN) - before;
    });
    expect(seen).toBeGreaterThan(0);
    expect(activeTape()).toBeUndefined();
  });

  it('engine().state.activeTape, another one for each gradient', () => {
    const [first, second] = [withinGradient(activeTape).seen, withinGradient(activeTape).seen];
    expect(first).toBeDefined();
    expect(second).not.toBe(first);
  });

  it('saved of a node on the tape, an array whose tensors are disposed after the gradient', async () => {
    const {seen: extra, gradient} = withinGradient((x) => {
      tf.square(x);
      const kept = tf.keep(tf.scalar(5));
      saveOnTape(activeTape() as GradientTape, kept);
      return kept;
    });
    expect(extra.isDisposed).toBe(true);
    expect(Array.from(await gradient.data())).toEqual([6]);
  });

  it('saved of a node on the tape, which is not freed when the differentiated function throws', async () => {
    const fail = (cleanUp: () => void) => () =>
      tf.grad((x) => {
        tf.square(x);
        cleanUp();
        throw new Error('within');
      })(tf.scalar(3));
    const before = tf.memory().numTensors;
    expect(fail(freeTapeAfterError)).toThrow('within');
    await Promise.resolve();
    // The scalar alone is left, for the scope of this spec.
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(fail(() => undefined)).toThrow('within');
    await Promise.resolve();
    const leaked = tf.memory().numTensors - before - 2;
    expect(leaked).toBeGreaterThan(0);
    // No one else can get hold of the leaked one.
    tf.engine().state.numTensors -= leaked;
  });
});

describe('What is used of the scopes of tf.tidy:', () => {
  disposeAfterEach();

  it('engine().state.activeScope.track and id, kept and scopeId of a tensor: they undo tf.keep()', () => {
    const kept = tf.tidy(() => tf.keep(tf.scalar(1)));
    expect(kept.kept).toBe(true);
    tf.tidy(() => {
      backInScope(kept);
    });
    expect(kept.isDisposed).toBe(true);
    const returned = tf.tidy(() => backInScope(tf.tidy(() => tf.keep(tf.scalar(2)))));
    expect(returned.isDisposed).toBe(false);
  });

  it('engine().state.scopeStack, whose first scope is the outermost', () => {
    const outer: unknown[] = [];
    tf.tidy(() => {
      outer.push(outermostScope());
      tf.tidy(() => {
        outer.push(outermostScope());
      });
    });
    expect(outer[0]).toBeDefined();
    expect(outer[1]).toBe(outer[0]);
  });
});

describe('What is used of kernels and tensors:', () => {
  disposeAfterEach();

  it('getKernel(), undefined for a name that is not registered', () => {
    expect(hasKernel('Square')).toBe(true);
    expect(hasKernel('tfjs-center-loss/NoSuchKernel')).toBe(false);
    expect(hasKernel('Square', 'no such backend')).toBe(false);
  });

  it('engine().runKernel(), whose results are counted and belong to the scope', async () => {
    const before = tf.memory().numTensors;
    const x = tf.scalar(3);
    const squared = runKernel('Square', {x}) as tf.Tensor;
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(Array.from(await squared.data())).toEqual([9]);
  });

  it('engine().makeTensorFromTensorInfo(), whose tensor is counted and belongs to the scope', async () => {
    const dataId = tf.backend().write(Float32Array.of(1, 2), [2], 'float32');
    const before = tf.memory().numTensors;
    const made: tf.Tensor[] = [];
    const copy = tf.tidy(() => {
      made.push(tensorOf({dataId, shape: [2], dtype: 'float32'}));
      return tf.add(made[0] as tf.Tensor, 1);
    });
    expect(made[0]?.isDisposed).toBe(true);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(Array.from(await copy.data())).toEqual([2, 3]);
  });

  it('engine().state.tensorInfo, read() and removeDataId(), and incRef() and disposeData() of a backend', async () => {
    const {numTensors, numDataBuffers} = tf.memory();
    const tensor = tf.square(tf.tensor1d([2, 3]));
    const values = readEvenIfDisposed(tensor);
    const {dataId} = tensor;
    tensor.dispose();
    expect(Array.from(await values)).toEqual([4, 9]);
    expect(tf.engine().state.tensorInfo.get(dataId)).toBeUndefined();
    expect(tf.memory().numTensors).toBe(numTensors + 1);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers + 1);
  });
});

describe('What is used of layers:', () => {
  disposeAfterEach();

  it('the class of all initializers, which every initializer extends', () => {
    expect(isInitializer(tf.initializers.glorotNormal({}))).toBe(true);
    expect(isInitializer(tf.initializers.zeros())).toBe(true);
    expect(isInitializer(tf.regularizers.l2())).toBe(false);
    expect(isInitializer('zeros')).toBe(false);
  });

  it('SerializationMap.getMap().classNameMap, which has initializers beside other classes', () => {
    expect(registeredInitializer('Constant', {value: 4})?.getConfig()).toEqual({value: 4});
    expect(registeredInitializer('Dense', {units: 1})).toBeUndefined();
    expect(registeredInitializer('hasOwnProperty', {})).toBeUndefined();
  });

  it('SerializationMap.getMap().classNameMap, which has models beside layers', () => {
    expect(['Model', 'Functional', 'Sequential'].map(isRegisteredModel)).toEqual([true, true, true]);
    expect(['Dense', 'InputLayer', 'toString', undefined].map(isRegisteredModel)).toEqual([false, false, false, false]);
    // Such a one has had a call when it is made.
    const model = tf.sequential({layers: [tf.layers.flatten({inputShape: [1, 1]})]});
    expect([nodesOf(model), nodesOf(tf.model(model))].map(({length}) => length)).toEqual([1, 1]);
  });

  it('the arguments that the constructor of a layer reads: these and no others', () => {
    const read = new Set<string>();
    const record = (args: object) =>
      new Proxy(args, {
        get: (target, key) => {
          read.add(String(key));
          return Reflect.get(target, key) as unknown;
        },
      });
    // Some are looked at only if others are there, or are not.
    new Plain(record({}));
    new Plain(record({inputShape: [2]}));
    new Plain(record({batchInputShape: [null, 2]}));
    expect([...read, 'updatable', 'customObjects'].sort()).toEqual([...LAYER_ARGS].sort());
  });

  it('customObjects, which deserialization adds to the arguments of a layer', async () => {
    const seen: string[] = [];
    class Recording extends Plain {
      static override readonly className = 'RecordingLayer';
      constructor(args: object) {
        super(args);
        seen.push(...Object.keys(args));
      }
    }
    tf.serialization.registerClass(Recording);
    const model = tf.sequential({layers: [new Recording({inputShape: [2]})]});
    const modelTopology = model.toJSON(null, false) as object;
    expect(seen).not.toContain('customObjects');
    await tf.loadLayersModel(tf.io.fromMemory({modelTopology}));
    expect(seen).toContain('customObjects');
  });

  it('_refCount of a layer, at whose zero its weights are disposed', () => {
    const layer = tf.layers.dense({units: 1});
    layer.apply(tf.input({shape: [1]}));
    addUsers(layer, 1);
    expect(layer.dispose()).toEqual({refCountAfterDispose: 1, numDisposedVariables: 0});
    expect(layer.dispose()).toEqual({refCountAfterDispose: 0, numDisposedVariables: 2});
  });

  it('_refCount of a layer, which each application raises, and which may be set', () => {
    const layer = tf.layers.dense({units: 1});
    layer.apply(tf.input({shape: [1]}));
    layer.apply(tf.input({shape: [1]}));
    setUsers(layer, 1);
    expect(layer.dispose()).toEqual({refCountAfterDispose: 0, numDisposedVariables: 2});
  });

  it('internalContainerRefs of a model, for which it disposes a model in it twice, and any other layer once', () => {
    const inner = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
    const dense = tf.layers.dense({units: 1});
    const x = tf.input({shape: [1]});
    const outer = tf.model({inputs: x, outputs: dense.apply(inner.apply(x)) as tf.SymbolicTensor});
    addUsers(inner, disposalsOf(inner));
    addUsers(dense, disposalsOf(dense));
    outer.dispose();
    expect(inner.dispose().refCountAfterDispose).toBe(1);
    expect(inner.dispose()).toEqual({refCountAfterDispose: 0, numDisposedVariables: 2});
    expect(dense.dispose()).toEqual({refCountAfterDispose: 0, numDisposedVariables: 2});
  });

  it('outboundNodes of a layer, which tf.layers does not miss', async () => {
    const x = tf.input({shape: [1], name: 'x'});
    const [first, second] = [tf.layers.dense({units: 1}), tf.layers.dense({units: 1})];
    const model = tf.model({inputs: x, outputs: second.apply(first.apply(x)) as tf.SymbolicTensor});
    const predict = async () => Array.from(await (model.predict(tf.ones([1, 1])) as tf.Tensor).data());
    const [expected, config] = [await predict(), model.toJSON()];
    expect(first.outboundNodes).toEqual(second.inboundNodes);
    forgetApplications(second);
    expect(first.outboundNodes).toEqual([]);
    expect(await predict()).toEqual(expected);
    expect(model.toJSON()).toEqual(config);
    model.dispose();
  });

  it('inboundNodes of a layer: its applications, whose outboundLayer it is', () => {
    const layer = tf.layers.dropout({rate: 0.5});
    const outputs = [1, 2].map(() => layer.apply(tf.input({shape: [1]})) as tf.SymbolicTensor);
    expect(nodesOf(layer)).toEqual(outputs.map(nodeOf));
    expect(nodesOf(layer).map(({outboundLayer}) => outboundLayer)).toEqual([layer, layer]);
  });

  it('inboundNodes, sourceLayer and nodeIndex; inputTensors, outputTensors and callArgs of a node', () => {
    const layer = tf.layers.dropout({rate: 0.5});
    const inputs = [tf.input({shape: [1]}), tf.input({shape: [1]})];
    const outputs = inputs.map((input, i) => layer.apply(input, {training: i === 1}) as tf.SymbolicTensor);
    outputs.forEach((output, i) => {
      expect(output.sourceLayer).toBe(layer);
      const node = nodeOf(output);
      expect(node.inputTensors).toEqual([inputs[i]]);
      expect(node.outputTensors).toEqual([output]);
      expect(node.callArgs).toEqual({training: i === 1});
    });
  });

  it('_nonTrainableWeights of a layer, stateful, and layer of a wrapper: what a run changes, frozen or not', () => {
    const normalized = tf.layers.timeDistributed({layer: tf.layers.batchNormalization()});
    const dense = tf.layers.timeDistributed({layer: tf.layers.dense({units: 1})});
    const gru = tf.layers.gru({units: 1, stateful: true});
    const both = tf.layers.bidirectional({
      layer: tf.layers.gru({units: 1, stateful: true}),
      mergeMode: 'sum',
    });
    for (const layer of [normalized, dense, gru, both, tf.layers.gru({units: 1})] as tf.layers.Layer[]) {
      // A recurrent layer has tensors from then on, and says without them whether it remembers.
      if (layer === normalized || layer === dense) {
        layer.apply(tf.input({batchShape: [1, 1, 1]}));
      }
      for (const trainable of [true, false]) {
        layer.trainable = trainable;
        expect(hasState(layer)).toBe(([normalized, gru, both] as tf.layers.Layer[]).includes(layer));
      }
    }
    normalized.dispose();
    dense.dispose();
  });

  it('outputNames of a model, which compile, fit and the history go by, and which may be set', async () => {
    const [x, layers] = [tf.input({shape: [1]}), ['first', 'second'].map((name) => tf.layers.dense({units: 1, name}))];
    const model = tf.model({inputs: x, outputs: layers.map((layer) => layer.apply(x) as tf.SymbolicTensor)});
    expect(model.outputNames).toEqual(['first', 'second']);
    setOutputNames(model, ['left', 'right']);
    const loss = tf.metrics.meanSquaredError;
    model.compile({optimizer: 'sgd', loss: {left: loss, right: loss}, metrics: {right: 'mae'}});
    const ones = tf.ones([1, 1]);
    const {history} = await model.fit(ones, {left: ones, right: ones}, {verbose: 0});
    expect(Object.keys(history)).toEqual(['loss', 'left_loss', 'right_loss', 'right_mae']);
    expect(tf.tidy(() => model.predict(ones) as tf.Tensor[])).toHaveLength(2);
    model.dispose();
  });

  it('inputTensors of an input of a model, which is the input itself', () => {
    const input = tf.input({shape: [1]});
    expect(nodeOf(input).inputTensors).toEqual([input]);
  });
});

describe('What is used of optimizers:', () => {
  disposeAfterEach();

  it('accBeta1, accBeta2, beta1, beta2 and iterations of Adam, which multiplies them up step by step', async () => {
    const optimizer = tf.train.adam(0.1, 0.9, 0.999);
    const weight = tf.variable(tf.scalar(1));
    const STEPS = 20;
    for (let step = 0; step < STEPS; step++) {
      optimizer.minimize(() => tf.square(weight));
    }
    const fields = optimizer as unknown as {iterations: number; accBeta1: tf.Variable; accBeta2: tf.Variable};
    expect(fields.iterations).toBe(STEPS);
    const {accBeta1, accBeta2} = fields;
    const products = [await accBeta1.data(), await accBeta2.data()].map(([value]) => value);
    const state = await optimizer.getWeights();
    const copy = tf.train.adam(0.1, 0.9, 0.999);
    await restoreOptimizer(copy, state);
    const restored = copy as unknown as typeof fields;
    expect([await restored.accBeta1.data(), await restored.accBeta2.data()].map(([value]) => value)).toEqual(products);
    // At so many steps the product has long stopped to change, next to zero: not one of them is counted after that.
    const iter = {name: 'iter', tensor: tf.scalar(2 ** 31 - 2, 'int32')};
    await restoreOptimizer(copy, [iter]);
    const [power] = await restored.accBeta2.data();
    expect(power).toBeLessThan(1e-40);
    tf.dispose([...state.map(({tensor}) => tensor), iter.tensor]);
    weight.dispose();
    optimizer.dispose();
    copy.dispose();
  });
});
