import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, loadForTraining, softmaxCrossEntropy} from '../../lib/index.js';
import {
  BATCH_SIZE,
  CENTER_LOSS,
  freeVariablesAfterEach,
  functional,
  nested,
  nestedFeatures,
} from '../support/classifiers.js';
import {makeBatch, valuesOf} from '../support/networks.js';
import {save as saveModel, saveWithOptimizer} from '../support/saving.js';

freeVariablesAfterEach();

type Artifacts = tf.io.ModelArtifacts;
interface Topology {
  config: {layers: Saved[]};
}
interface Saved {
  name: string;
  class_name: string;
  config: {name: string; layers?: Saved[]};
  inbound_nodes: [string, number, number, object][][];
}

const compileArgs = (optimizer: string | tf.Optimizer = 'adam') => ({optimizer, loss: softmaxCrossEntropy});

async function train(model: tf.LayersModel, epochs: number): Promise<unknown> {
  const {x, labels, oneHot} = makeBatch(BATCH_SIZE);
  const {history} = await model.fit([x, labels], oneHot, {epochs, batchSize: BATCH_SIZE, shuffle: false, verbose: 0});
  tf.dispose([x, labels, oneHot]);
  return history;
}

/** The file of a model that was trained for some steps, with the state of its optimizer. */
async function trained(optimizer: string | tf.Optimizer = 'adam', build = functional): Promise<Artifacts> {
  const model = attachCenterLoss(build(), CENTER_LOSS);
  model.compile(compileArgs(optimizer));
  await train(model, 2);
  const saved = await saveWithOptimizer(model);
  model.dispose();
  tf.disposeVariables();
  return saved;
}

const handlerOf = (artifacts: Artifacts): tf.io.IOHandler => ({load: () => Promise.resolve(artifacts)});

/** The same file with other weights: `change` is given each one, and gives what shall be in its place. */
async function changed(
  file: Artifacts,
  change: (name: string, tensor: tf.Tensor, isOptimizer: boolean) => [string, tf.Tensor] | undefined,
): Promise<Artifacts> {
  const tensors = tf.io.decodeWeights(file.weightData as ArrayBuffer, file.weightSpecs ?? []);
  const specs: tf.io.WeightsManifestEntry[] = [];
  const buffers: ArrayBuffer[] = [];
  for (const {name, group} of file.weightSpecs ?? []) {
    const kept = change(name, tensors[name] as tf.Tensor, group === 'optimizer');
    if (kept) {
      const {data, specs: own} = await tf.io.encodeWeights({[kept[0]]: kept[1]});
      buffers.push(data);
      specs.push(...own.map((spec) => ({...spec, ...(group && {group})})));
      tf.dispose(kept[1]);
    }
  }
  tf.dispose(tensors);
  return {...file, weightSpecs: specs, weightData: tf.io.CompositeArrayBuffer.join(buffers)};
}

/** The file with some of the state changed. TensorFlow.js numbers the names in it: `embedding/kernel_3/m`. */
const withState = (file: Artifacts, which: RegExp, give: (tensor: tf.Tensor) => tf.Tensor | undefined) =>
  changed(file, (name, tensor, isOptimizer) => {
    if (!isOptimizer || !which.test(name)) {
      return [name, tensor];
    }
    const given = give(tensor);
    return given && [name, given];
  });

/** Expects an error, and nothing left of the model that was being made. */
async function expectRefusal(file: Artifacts, message: string | RegExp, args = compileArgs()): Promise<void> {
  const {numTensors} = tf.memory();
  await expect(loadForTraining(handlerOf(file), () => args)).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(numTensors);
}

describe('loadForTraining()', () => {
  it('reads weights in parts of any length, where the last may be the longest', async () => {
    const file = await trained();
    const whole = file.weightData as ArrayBuffer;
    const expected = await loadForTraining(handlerOf(file), () => compileArgs());
    for (const cut of [4, 100, whole.byteLength - 4]) {
      const parts = [whole.slice(0, cut), whole.slice(cut)];
      const loaded = await loadForTraining(handlerOf({...file, weightData: parts}), () => compileArgs());
      expect(await valuesOf(loaded.getWeights())).toEqual(await valuesOf(expected.getWeights()));
      expect(loaded.optimizer.iterations).toBe(expected.optimizer.iterations);
      loaded.dispose();
    }
    expected.dispose();
  });

  it('wants a function that gives what the model is compiled with', async () => {
    const file = await trained();
    const load = (compiled: unknown) =>
      loadForTraining(handlerOf(file), compiled as () => ReturnType<typeof compileArgs>);
    await expect(load(undefined)).rejects.toThrow('expected a function that gives what the model is compiled with');
    await expect(load(compileArgs())).rejects.toThrow('expected a function that gives what the model is compiled with');
    await expect(load(() => undefined)).rejects.toThrow(
      'expected compileArgs() to give {optimizer, loss, ...}, but got undefined',
    );
    await expect(load(() => Promise.resolve(compileArgs()))).rejects.toThrow('but got Promise');
  });

  it('wants a saved model of what it loads from', async () => {
    const {modelTopology, weightSpecs, weightData} = await trained();
    for (const nothing of [undefined, {}, {modelTopology, weightSpecs}, {modelTopology, weightData}, {weightSpecs}]) {
      await expect(loadForTraining(handlerOf(nothing as Artifacts), () => compileArgs())).rejects.toThrow(
        'expected a saved model, with modelTopology, weightSpecs and weightData, but got',
      );
    }
  });
});

describe('loadForTraining() leaves no tensors behind', () => {
  it('when compileArgs, or what it gives, is wrong', async () => {
    const file = await trained();
    const {numTensors} = tf.memory();
    const fail = () => {
      throw new Error('no arguments today');
    };
    await expect(loadForTraining(handlerOf(file), fail)).rejects.toThrow('no arguments today');
    expect(tf.memory().numTensors).toBe(numTensors);
    await expectRefusal(file, 'Unknown Optimizer nobody', compileArgs('nobody'));
    const loss = {nope: softmaxCrossEntropy, logits: softmaxCrossEntropy};
    await expect(loadForTraining(handlerOf(file), () => ({optimizer: 'adam', loss}))).rejects.toThrow('nope');
    await expect(
      loadForTraining(handlerOf(file), () => ({...compileArgs(), metrics: {nope: 'accuracy'}})),
    ).rejects.toThrow('nope');
    // Of an optimizer that was made for a model which then could not be compiled, TensorFlow.js has no owner but the model.
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('when the optimizer is of another kind, which stays its owner’s', async () => {
    const file = await trained();
    await expectRefusal(file, 'expected an optimizer Adam, as it was saved, but got SGD', compileArgs('sgd'));
    const optimizer = tf.train.rmsprop(0.1);
    await expectRefusal(file, 'but got RMSProp', compileArgs(optimizer));
    optimizer.dispose();
  });
});

describe('The state of an optimizer', () => {
  const prefix = 'loadForTraining(): expected ';

  it('is refused where the moments of a weight are missing, or all of them', async () => {
    const file = await trained();
    await expectRefusal(
      await withState(file, /embedding\/bias.*\/v/, () => undefined),
      `${prefix}the state of Adam to be iter and 8 others, 2 for each of the 4 weights that it trains, but got 7 others`,
    );
    await expectRefusal(await withState(file, /\/m$/, () => undefined), 'but got 4 others');
    const none = await changed(file, (name, tensor, isOptimizer) =>
      isOptimizer && name !== 'iter' ? undefined : [name, tensor],
    );
    await expectRefusal(none, 'but got 0 others');
    await expectRefusal(
      await withState(file, /iter/, () => undefined),
      `${prefix}the state of the optimizer to begin with iter, but got`,
    );
  });

  it('is refused where a moment has another shape or dtype than its weight', async () => {
    const file = await trained();
    const transposed = await withState(file, /embedding\/kernel.*\/m$/, (moment) => tf.transpose(moment));
    await expectRefusal(
      transposed,
      /expected embedding\/kernel\S*\/m to be float32 of shape \[6,3\], but got float32 of shape \[3,6\]/,
    );
    const ints = await withState(file, /embedding\/kernel.*\/m$/, (moment) => moment.toInt());
    await expectRefusal(ints, 'but got int32 of shape [6,3]');
  });

  it('is refused where a value is not finite', async () => {
    const file = await trained();
    for (const value of [NaN, Infinity, -Infinity]) {
      const damaged = await withState(file, /logits\/bias.*\/m$/, (moment) => tf.fill(moment.shape, value));
      await expectRefusal(damaged, /expected logits\/bias\S*\/m to be finite, but got /);
    }
  });

  for (const [optimizer, suffix] of [
    ['adam', /\/v$/],
    ['rmsprop', /\/rms$/],
    ['adagrad', /\/accumulator$/],
    ['adadelta', /\/accum_var$/],
  ] as const) {
    it(`is refused where a mean of squares of ${optimizer} is negative`, async () => {
      const negative = await withState(await trained(optimizer), suffix, (squares) => tf.fill(squares.shape, -1e-9));
      await expectRefusal(negative, 'to have no negative value, but got -9.99', compileArgs(optimizer));
    });
  }

  it('is refused where the number of steps is none', async () => {
    const file = await trained();
    for (const [iter, got] of [
      [tf.scalar(-5, 'int32'), '-5'],
      [tf.scalar(2 ** 31 - 1, 'int32'), '2147483647'],
      [tf.scalar(0.5), '0.5'],
      [tf.scalar(NaN), 'NaN'],
      [tf.tensor1d([1, 2], 'int32'), '[1,2]'],
    ] as const) {
      const damaged = await withState(file, /iter/, () => iter);
      await expectRefusal(damaged, `${prefix}iter to be a number of steps, from 0 to 2147483646, but got ${got}.`);
    }
  });

  it('of very many steps is restored at once', async () => {
    const file = await withState(await trained(), /iter/, () => tf.scalar(2 ** 31 - 2, 'int32'));
    const loaded = await loadForTraining(handlerOf(file), () => compileArgs());
    expect((loaded.optimizer as unknown as {iterations: number}).iterations).toBe(2 ** 31 - 2);
    loaded.dispose();
  });

  it('is taken where no step was made yet', async () => {
    const file = await trained();
    const none = await changed(file, (name, tensor, isOptimizer) =>
      isOptimizer ? (name === 'iter' ? [name, tf.scalar(0, 'int32')] : undefined) : [name, tensor],
    );
    const loaded = await loadForTraining(handlerOf(none), () => compileArgs());
    await expect(train(loaded, 1)).resolves.toBeDefined();
    loaded.dispose();
  });

  it('of a centered RMSProp has three values for each weight', async () => {
    // TensorFlow.js subtracts its epsilon where others add it, and gets NaN with one above zero.
    const centered = () => tf.train.rmsprop(0.01, 0.9, 0, -1, true);
    const optimizers = [centered(), centered(), tf.train.rmsprop(0.01)] as const;
    const file = await trained(optimizers[0]);
    const loaded = await loadForTraining(handlerOf(file), () => compileArgs(optimizers[1]));
    await train(loaded, 1);
    await expectRefusal(file, '2 for each of the 4 weights that it trains, but got 12', compileArgs(optimizers[2]));
    loaded.dispose();
    optimizers.forEach((optimizer) => {
      optimizer.dispose();
    });
  });

  for (const [kind, build] of Object.entries({functional, nestedFeatures})) {
    it(`of a model that center loss is attached to goes on to the bit: ${kind}`, async () => {
      const model = attachCenterLoss(build(), CENTER_LOSS);
      model.compile(compileArgs());
      await train(model, 3);
      const saved = await saveWithOptimizer(model);
      const loaded = await loadForTraining(handlerOf(saved), () => compileArgs());
      expect(await train(loaded, 3)).toEqual(await train(model, 3));
      expect(await valuesOf(loaded.getWeights())).toEqual(await valuesOf(model.getWeights()));
      loaded.dispose();
      model.dispose();
    });
  }
});

describe('A file of weights', () => {
  it('that is longer or shorter than its list says is refused before a layer is made', async () => {
    const file = await trained();
    const bytes = file.weightData as ArrayBuffer;
    for (const length of [bytes.byteLength + 400, bytes.byteLength - 4, 0]) {
      const weightData = new ArrayBuffer(length);
      await expectRefusal({...file, weightData}, `expected ${bytes.byteLength} bytes of weights, but got ${length}.`);
    }
    const inParts = {...file, weightData: [bytes.slice(0, 40), bytes.slice(40)]};
    (await loadForTraining(handlerOf(inParts), () => compileArgs())).dispose();
  });

  it('whose list names a weight twice, or has no sizes, or an unknown dtype, is refused', async () => {
    const file = await trained();
    const [first, ...others] = file.weightSpecs as [tf.io.WeightsManifestEntry, ...tf.io.WeightsManifestEntry[]];
    for (const [entry, got] of [
      [{...first, name: others[0]?.name}, 'two weights are named'],
      [{...first, shape: [-1, 3]}, '[-1,3]'],
      [{...first, shape: [1.5]}, '[1.5]'],
      [{...first, shape: 'x'}, '"x"'],
      [{...first, shape: [2 ** 40, 2 ** 40]}, 'bytes of weights'],
      [{...first, dtype: 'int64'}, 'int64'],
      [{...first, name: 7}, '7'],
      [null, 'null'],
    ] as const) {
      const weightSpecs = [entry as tf.io.WeightsManifestEntry, ...others];
      await expectRefusal({...file, weightSpecs}, got);
    }
    await expectRefusal({...file, weightSpecs: {} as tf.io.WeightsManifestEntry[]}, 'expected a list of weights');
  });
});

describe('A graph of layers in a file', () => {
  /** The file of an attached model whose layers are changed. */
  async function withLayers(change: (layers: Saved[]) => void, build = functional): Promise<Artifacts> {
    const file = await saveModel(attachCenterLoss(build(), CENTER_LOSS));
    tf.disposeVariables();
    const topology = JSON.parse(JSON.stringify(file.modelTopology)) as Topology;
    change(topology.config.layers);
    return {...file, modelTopology: topology};
  }
  const named = (layers: Saved[], name: string) => layers.find((layer) => layer.name === name) as Saved;
  const firstInput = (layers: Saved[], name: string) =>
    (named(layers, name).inbound_nodes[0] as [string, number, number, object][])[0] as [string, number, number, object];

  // tf.loadLayersModel() never comes back from these.
  it('in which a layer waits for itself, for none, or for a call that is never made, is refused', async () => {
    const message = (names: string) =>
      `loadForTraining(): expected layers that can be computed one after the other, but the inputs of ${names} come from nowhere.`;
    await expectRefusal(
      await withLayers((layers) => {
        firstInput(layers, 'embedding')[0] = 'logits';
      }),
      message('["embedding","center_loss","logits"]'),
    );
    await expectRefusal(
      await withLayers((layers) => {
        firstInput(layers, 'logits')[0] = 'nobody';
      }),
      message('["logits"]'),
    );
    await expectRefusal(
      await withLayers((layers) => {
        firstInput(layers, 'logits')[1] = 1;
      }),
      message('["logits"]'),
    );
    await expectRefusal(
      await withLayers((layers) => {
        named(layers, 'embedding').inbound_nodes = [[]];
      }),
      message('["center_loss","logits"]'),
    );
  });

  it('is refused so at every depth, and under the names of TypeScript as well', async () => {
    await expectRefusal(
      await withLayers((layers) => {
        firstInput(named(layers, 'head').config.layers as Saved[], 'logits')[0] = 'nobody';
      }, nested),
      'the inputs of ["logits"] come from nowhere',
    );
    await expectRefusal(
      await withLayers((layers) => {
        const logits = named(layers, 'logits');
        firstInput(layers, 'logits')[0] = 'nobody';
        Object.assign(logits, {inboundNodes: logits.inbound_nodes, inbound_nodes: undefined});
      }),
      'the inputs of ["logits"] come from nowhere',
    );
  });

  it('in which two layers have one name, or one has two, is refused', async () => {
    await expectRefusal(
      await withLayers((layers) => {
        Object.assign(named(layers, 'logits'), {name: 'embedding', config: named(layers, 'embedding').config});
      }),
      'expected layers of different names, but got "embedding" twice',
    );
    await expectRefusal(
      await withLayers((layers) => {
        named(layers, 'logits').config.name = 'embedding';
      }),
      'expected one name for a layer, but got "logits" and "embedding"',
    );
  });

  it('that is sound is loaded, with models in it and in whatever order the layers stand', async () => {
    for (const build of [functional, nested, nestedFeatures]) {
      const file = await withLayers((layers) => layers.reverse(), build);
      const loaded = await loadForTraining(handlerOf(file), () => compileArgs());
      expect(loaded.optimizer.getClassName()).toBe('Adam');
      loaded.dispose();
    }
  });
});
