import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer} from '../../lib/index.js';
import type {CenterLossLayerArgs} from '../../lib/index.js';
import {itWhere, itWhereLabelsAreReadAtOnce, itWhereLabelsAreReadLater, itWithFloat32} from '../support/it_where.js';
import {
  centeredClassifier,
  compile,
  FEATURE_DIM,
  INPUT_DIM,
  makeBatch,
  NUM_CLASSES,
  valuesOf,
} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {save} from '../support/saving.js';
import {hasComplexTensors, readsLabelsAtOnce, wasInCall} from '../support/tensors.js';

interface ExpectedError {
  name: string;
  message: string;
}

/** The error that a call throws or a promise rejects with. */
async function errorOf(action: () => unknown): Promise<ExpectedError> {
  try {
    await action();
  } catch (error) {
    const {name, message} = error as Error;
    return {name, message};
  }
  return {name: 'none', message: 'nothing was thrown'};
}

/** Everything that bad input must not change. */
async function stateOf({model, layer}: Network): Promise<unknown> {
  return {
    centers: await layer.centers.array(),
    weights: await valuesOf(model.getWeights()),
    numTensors: tf.memory().numTensors,
    config: layer.getConfig(),
  };
}

function trainOn({model}: Network, x: tf.Tensor, labels: tf.Tensor, oneHot: tf.Tensor): Promise<unknown> {
  return model.trainOnBatch([x, labels], oneHot);
}

/** The next good batch trains: the centers move, and stay finite. */
async function expectTrainingGoesOn(network: Network): Promise<void> {
  const before = await network.layer.centers.array();
  const {x, labels, oneHot} = makeBatch(8);
  await trainOn(
    network,
    x,
    tf.tidy(() => labels.expandDims(1)),
    oneHot,
  );
  const after = await network.layer.centers.array();
  expect(after).not.toEqual(before);
  expect(after.flat().every(Number.isFinite)).toBe(true);
}

/** A network that has trained a step, and so has centers to lose. */
async function trainedNetwork(args: Partial<CenterLossLayerArgs> = {}): Promise<Network> {
  const network = centeredClassifier(args, [null]);
  compile(network);
  await expectTrainingGoesOn(network);
  return network;
}

describe('A bad label', () => {
  const RANGE = "CenterLossLayer 'center_loss': expected labels to be integers from 0 to 3, but got";
  const BAD_LABELS: [string, number][] = [
    ['-1', -1],
    ['numClasses', NUM_CLASSES],
    ['1.5', 1.5],
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['2^31', 2 ** 31],
  ];
  for (const [name, value] of BAD_LABELS) {
    const message = `${RANGE} ${value} at index 3.`;
    const badBatch = async () => {
      const {x, labels, oneHot} = makeBatch(4);
      const ids = Array.from(await labels.data());
      return {x, labels, badLabels: tf.tensor2d([...ids.slice(0, 3), value], [4, 1]), oneHot};
    };

    itWhereLabelsAreReadAtOnce(`of ${name} is a RangeError that tells value and place, and harms nothing`, async () => {
      const network = await trainedNetwork();
      const {x, badLabels, oneHot} = await badBatch();
      const before = await stateOf(network);
      expect(await errorOf(() => trainOn(network, x, badLabels, oneHot))).toEqual({name: 'RangeError', message});
      expect(await stateOf(network)).toEqual(before);
      await expectTrainingGoesOn(network);
    });

    itWhereLabelsAreReadLater(`of ${name} takes no part, and is a RangeError of the next step`, async () => {
      const network = await trainedNetwork();
      const {x, labels, badLabels, oneHot} = await badBatch();
      await trainOn(network, x, badLabels, oneHot);
      const centers = await network.layer.centers.array();
      expect(centers.flat().every(Number.isFinite)).toBe(true);
      expect(await errorOf(() => trainOn(network, x, labels.expandDims(1), oneHot))).toEqual({
        name: 'RangeError',
        message: message + wasInCall(2),
      });
      expect(await network.layer.centers.array()).toEqual(centers);
      await expectTrainingGoesOn(network);
    });
  }

  it('is told from the ignored class', async () => {
    const network = await trainedNetwork({ignoreClass: 255});
    const {x, oneHot} = makeBatch(2);
    const labels = tf.tensor2d([[255], [254]]);
    const first = await errorOf(() => trainOn(network, x, labels, oneHot));
    await labels.data();
    const error = readsLabelsAtOnce() ? first : await errorOf(() => trainOn(network, x, labels, oneHot));
    expect(error).toEqual({
      name: 'RangeError',
      message:
        "CenterLossLayer 'center_loss': expected labels to be integers from 0 to 3, or the ignored class 255, " +
        `but got 254 at index 1.${readsLabelsAtOnce() ? '' : wasInCall(2)}`,
    });
  });
});

describe('Inputs of a bad shape or dtype', () => {
  const WHO = "CenterLossLayer 'center_loss': expected";
  const features = () => tf.ones([4, FEATURE_DIM]);
  const BAD_INPUTS: Record<string, [() => tf.Tensor[], string]> = {
    'labels of another batch size': [
      () => [features(), tf.zeros([5])],
      'labels to be class ids of shape [4] or [4,1], or one-hot of shape [4,4], but got labels of shape [5].',
    ],
    'labels of a higher rank': [
      () => [features(), tf.zeros([4, 1, 1])],
      'labels to be class ids of shape [4] or [4,1], or one-hot of shape [4,4], but got labels of shape [4,1,1].',
    ],
    'a scalar label': [
      () => [features(), tf.scalar(0)],
      'labels to be class ids of shape [4] or [4,1], or one-hot of shape [4,4], but got labels of shape [].',
    ],
    'one-hot labels of another width': [
      () => [features(), tf.zeros([4, 5])],
      'labels to be class ids of shape [4] or [4,1], or one-hot of shape [4,4], but got labels of shape [4,5].',
    ],
    'string labels': [
      () => [features(), tf.tensor1d(['a', 'b', 'c', 'd'])],
      'labels of dtype int32, float32, bool, but got dtype string.',
    ],
    'complex features': [
      () => [tf.complex(features(), features()), tf.zeros([4])],
      'features of dtype float32, but got dtype complex64.',
    ],
    'integer features': [
      () => [tf.ones([4, FEATURE_DIM], 'int32'), tf.zeros([4])],
      'features of dtype float32, but got dtype int32.',
    ],
    'features of another width': [
      () => [tf.ones([4, 5]), tf.zeros([4])],
      'features with a last dimension of 3, the width of the centers, but got shape [4,5].',
    ],
    'features of zero width': [
      () => [tf.ones([4, 0]), tf.zeros([4])],
      'features of shape [batch, ..., features] with a last dimension of at least 1, but got shape [4,0].',
    ],
    'features without a last dimension': [
      () => [tf.ones([4]), tf.zeros([4])],
      'features of shape [batch, ..., features] with a last dimension of at least 1, but got shape [4].',
    ],
    'a fourth input': [
      () => [features(), tf.zeros([4]), tf.zeros([4]), tf.zeros([4])],
      '[features, labels], [features, labels, output] or features alone, but got 4 inputs.',
    ],
  };
  for (const [name, [makeInputs, message]] of Object.entries(BAD_INPUTS)) {
    const itWhereInputsExist = itWhere(
      name !== 'complex features' || hasComplexTensors(),
      'this backend has no complex tensors',
    );
    itWhereInputsExist(`(${name}) are a ValueError, and harm nothing`, async () => {
      const network = await trainedNetwork();
      const inputs = makeInputs();
      for (const training of [true, false]) {
        const before = await stateOf(network);
        expect(await errorOf(() => network.layer.apply(inputs, {training}))).toEqual({
          name: 'ValueError',
          message: `${WHO} ${message}`,
        });
        expect(await stateOf(network)).toEqual(before);
      }
      await expectTrainingGoesOn(network);
    });
  }

  const NO_TENSORS: [unknown, string][] = [
    [null, 'null'],
    [undefined, 'undefined'],
    [5, '5'],
    ['x', '"x"'],
    [[null], 'null'],
    [[[[1, 2, 3]]], '[[1,2,3]]'],
    [new Float32Array(3), 'Float32Array'],
    [Promise.resolve(), 'Promise'],
  ];
  for (const [inputs, shown] of NO_TENSORS) {
    it(`that are no tensors are a ValueError: ${Array.isArray(inputs) ? `[${shown}]` : shown}, also in place of labels`, async () => {
      const {layer} = await trainedNetwork();
      const message = `${WHO} tensors, but got ${shown}.`;
      const labels = Array.isArray(inputs) ? (inputs[0] as unknown) : inputs;
      for (const given of [inputs, [features(), labels], [features(), tf.zeros([4]), labels]] as tf.Tensor[]) {
        expect(await errorOf(() => layer.apply(given, {training: true}))).toEqual({name: 'ValueError', message});
      }
    });
  }

  it('are found when the model is built', async () => {
    const x = tf.input({shape: [5]});
    const {numTensors} = tf.memory();
    const cases: [tf.SymbolicTensor[], string][] = [
      [[x, tf.input({shape: [7]})], 'labels to be class ids of shape [null] or [null,1], or one-hot of shape [null,4]'],
      [[x, tf.input({shape: [1], dtype: 'string'})], 'labels of dtype'],
      [[tf.input({shape: [0]}), tf.input({shape: [1]})], 'features of shape [batch, ..., features]'],
      [[tf.input({shape: [null]}), tf.input({shape: [1]})], 'features of shape [batch, ..., features]'],
    ];
    for (const [inputs, message] of cases) {
      const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss'});
      const error = await errorOf(() => layer.apply(inputs));
      expect(error).toEqual({name: 'ValueError', message: expect.stringContaining(`${WHO} ${message}`) as string});
    }
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('An empty batch', () => {
  it('is no error: it has no loss and moves nothing', async () => {
    const {layer} = await trainedNetwork();
    const before = await layer.centers.array();
    const loss = tf.tidy(() => {
      layer.apply([tf.zeros([0, FEATURE_DIM]), tf.zeros([0])], {training: true});
      return layer.calculateLosses()[0] ?? tf.scalar(NaN);
    });
    expect(await loss.data()).toEqual(new Float32Array([0]));
    expect(await layer.centers.array()).toEqual(before);
  });
});

describe('Features that are not finite', () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    it(`(${value}) show in the loss, and their samples are left out of the update`, async () => {
      const layer = new CenterLossLayer({numClasses: 2, alpha: 1});
      const loss = tf.tidy(() => {
        const features = tf.tensor2d([
          [4, 4],
          [value, 1],
          [2, value],
        ]);
        layer.apply([features, tf.tensor1d([0, 0, 1])], {training: true});
        return layer.calculateLosses()[0] ?? tf.scalar(0);
      });
      expect(Number.isFinite((await loss.data())[0])).toBe(false);
      expect(await layer.centers.array()).toEqual([
        [2, 2],
        [0, 0],
      ]);
    });
  }

  it('never make centers NaN in training, and training of the centers goes on', async () => {
    const network = await trainedNetwork();
    const {x, labels, oneHot} = makeBatch(8);
    const broken = tf.mul(x, NaN);
    const before = await network.layer.centers.array();
    network.model.getLayer('embedding').trainable = false;
    network.model.getLayer('logits').trainable = false;
    tf.tidy(() => {
      network.model.apply([broken, labels], {training: true});
    });
    expect(await network.layer.centers.array()).toEqual(before);
    network.model.getLayer('embedding').trainable = true;
    network.model.getLayer('logits').trainable = true;
    await trainOn(network, x, labels.expandDims(1), oneHot);
    expect(await network.layer.centers.array()).not.toEqual(before);
  });
});

describe('A bad configuration', () => {
  const BAD_ARGS: [Record<string, unknown>, string][] = [
    [{}, 'expected numClasses to be an integer from 1 to 2147483647, but got undefined.'],
    [{numClasses: 0}, 'expected numClasses to be an integer from 1 to 2147483647, but got 0.'],
    [{numClasses: -3}, 'expected numClasses to be an integer from 1 to 2147483647, but got -3.'],
    [{numClasses: 2.5}, 'expected numClasses to be an integer from 1 to 2147483647, but got 2.5.'],
    [{numClasses: '10'}, 'expected numClasses to be an integer from 1 to 2147483647, but got "10".'],
    [{numClasses: NaN}, 'expected numClasses to be an integer from 1 to 2147483647, but got NaN.'],
    [{numClasses: 1e12}, 'expected numClasses to be an integer from 1 to 2147483647, but got 1000000000000.'],
    [{numClasses: 3, alpha: -0.1}, 'expected alpha to be a number from 0 to 1, but got -0.1.'],
    [{numClasses: 3, alpha: 1.1}, 'expected alpha to be a number from 0 to 1, but got 1.1.'],
    [{numClasses: 3, alpha: NaN}, 'expected alpha to be a number from 0 to 1, but got NaN.'],
    [{numClasses: 3, alpha: '0.5'}, 'expected alpha to be a number from 0 to 1, but got "0.5".'],
    [{numClasses: 3, lossWeight: -1}, 'expected lossWeight to be a finite number of at least 0, but got -1.'],
    [{numClasses: 3, lossWeight: NaN}, 'expected lossWeight to be a finite number of at least 0, but got NaN.'],
    [
      {numClasses: 3, lossWeight: Infinity},
      'expected lossWeight to be a finite number of at least 0, but got Infinity.',
    ],
    [{numClasses: 3, lossWeight: [1]}, 'expected lossWeight to be a finite number of at least 0, but got [1].'],
    [{numClasses: 3, reduction: 'none'}, `expected reduction to be 'sum' or 'mean', but got "none".`],
    [{numClasses: 3, ignoreClass: 0.5}, 'expected ignoreClass to be an integer, but got 0.5.'],
    [{numClasses: 3, ignoreClass: 'a'}, 'expected ignoreClass to be an integer, but got "a".'],
    [{numClasses: 3, reduction: 10n}, `expected reduction to be 'sum' or 'mean', but got 10n.`],
    [{numClasses: 3, reduction: Symbol('sum')}, `expected reduction to be 'sum' or 'mean', but got symbol.`],
    [{numClasses: 3, reduction: () => 'sum'}, `expected reduction to be 'sum' or 'mean', but got function.`],
    [
      {numClasses: 3, reduction: 'x'.repeat(78)},
      `expected reduction to be 'sum' or 'mean', but got "${'x'.repeat(78)}".`,
    ],
    [
      {numClasses: 3, reduction: 'x'.repeat(79)},
      `expected reduction to be 'sum' or 'mean', but got "${'x'.repeat(76)}....`,
    ],
    [{numClasses: 2 ** 31}, 'expected numClasses to be an integer from 1 to 2147483647, but got 2147483648.'],
    [
      {numClasses: 3, lossweight: 1},
      'expected numClasses, alpha, lossWeight, reduction, ignoreClass, centersInitializer, and the arguments of every ' +
        'tf.layers layer, but got unknown ["lossweight"].',
    ],
    [
      {numClasses: 3, centersInitializer: 'zeroes'},
      'expected centersInitializer to be an initializer or the name of one, such as \'zeros\', but got "zeroes".',
    ],
  ];
  for (const [args, message] of BAD_ARGS) {
    const [name, value] = Object.entries(args).at(-1) ?? [];
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
    it(`${name ?? 'numClasses'} ${shown} is a ValueError`, async () => {
      const {numTensors} = tf.memory();
      expect(await errorOf(() => new CenterLossLayer(args as unknown as CenterLossLayerArgs))).toEqual({
        name: 'ValueError',
        message: `CenterLossLayer: ${message}`,
      });
      expect(tf.memory().numTensors).toBe(numTensors);
    });
  }

  itWhereLabelsAreReadAtOnce('as many classes as can be counted is none', () => {
    expect(new CenterLossLayer({numClasses: 2 ** 31 - 1}).numClasses).toBe(2 ** 31 - 1);
  });

  const NO_OBJECTS: [unknown, string][] = [
    [null, 'null'],
    [10, '10'],
    ['ten', '"ten"'],
    [[10], '[10]'],
    [new Map([['numClasses', 10]]), 'Map'],
  ];
  for (const [args, shown] of NO_OBJECTS) {
    it(`that is no object is a ValueError: ${shown}`, async () => {
      expect(await errorOf(() => new CenterLossLayer(args as CenterLossLayerArgs))).toEqual({
        name: 'ValueError',
        message:
          'CenterLossLayer: expected an object with numClasses, alpha, lossWeight, reduction, ignoreClass, ' +
          `centersInitializer, and the arguments of every tf.layers layer, but got ${shown}.`,
      });
    });
  }

  it('no arguments at all is a ValueError', async () => {
    const NoArgs = CenterLossLayer as unknown as new (args?: unknown) => CenterLossLayer;
    expect(await errorOf(() => new NoArgs())).toMatchObject({name: 'ValueError'});
    for (const [args, shown] of [
      [null, 'null'],
      [10, '10'],
      [[10], '[10]'],
    ] as const) {
      expect(await errorOf(() => new NoArgs(args))).toEqual({
        name: 'ValueError',
        message:
          'CenterLossLayer: expected an object with numClasses, alpha, lossWeight, reduction, ignoreClass, ' +
          `centersInitializer, and the arguments of every tf.layers layer, but got ${shown}.`,
      });
    }
  });

  itWithFloat32('more centers than memory holds is a ValueError before anything is allocated', async () => {
    const layer = new CenterLossLayer({numClasses: 2 ** 24, name: 'center_loss'});
    const {numTensors, numBytes} = tf.memory();
    expect(await errorOf(() => layer.apply(tf.input({shape: [65]})))).toEqual({
      name: 'ValueError',
      message:
        "CenterLossLayer 'center_loss': expected numClasses times the features' last dimension to be at most " +
        '1073741824, but got numClasses 16777216 and 65.',
    });
    expect(tf.memory()).toMatchObject({numTensors, numBytes});
  });
});

describe('An edited model file', () => {
  type Config = Record<string, unknown>;

  /** Loads a saved model after its layer's configuration was edited. */
  async function load(edit: (config: Config) => void): Promise<tf.LayersModel> {
    const artifacts = await save(centeredClassifier().model);
    const topology = JSON.parse(JSON.stringify(artifacts.modelTopology)) as {
      config: {layers: {class_name: string; config: Config}[]};
    };
    topology.config.layers
      .filter((layer) => layer.class_name === 'CenterLossLayer')
      .forEach(({config}) => {
        edit(config);
      });
    return tf.loadLayersModel(tf.io.fromMemory({...artifacts, modelTopology: topology}));
  }

  const EDITS: [string, (config: Config) => void, string][] = [
    ['without num_classes', (config) => delete config['num_classes'], 'numClasses to be an integer from 1'],
    ['with negative num_classes', (config) => (config['num_classes'] = -4), 'but got -4.'],
    ['with num_classes that nobody can store', (config) => (config['num_classes'] = 1e12), 'got 1000000000000.'],
    ['with alpha as text', (config) => (config['alpha'] = '0.6'), 'expected alpha to be a number from 0 to 1'],
    ['with an unknown key', (config) => (config['on_load'] = 'run()'), 'but got unknown ["onLoad"].'],
    [
      'with an initializer that is a layer',
      (config) => (config['centers_initializer'] = {class_name: 'Dense', config: {units: 1}}),
      'expected centersInitializer to be an initializer',
    ],
    [
      'with an initializer that is nothing',
      (config) => (config['centers_initializer'] = {class_name: '__proto__', config: {}}),
      'expected centersInitializer to be an initializer',
    ],
  ];
  for (const [name, edit, message] of EDITS) {
    it(`${name} is a ValueError`, async () => {
      expect(await errorOf(() => load(edit))).toEqual({
        name: 'ValueError',
        message: expect.stringContaining(message) as string,
      });
    });
  }

  it('cannot reach the prototype of all objects', async () => {
    const edits = [
      (config: Config) => Object.defineProperty(config, '__proto__', {value: {polluted: true}, enumerable: true}),
      (config: Config) =>
        Object.defineProperty(config, 'constructor', {value: {prototype: {polluted: true}}, enumerable: true}),
    ];
    for (const edit of edits) {
      expect(await errorOf(() => load(edit))).toMatchObject({name: 'ValueError'});
      expect(({} as {polluted?: boolean}).polluted).toBeUndefined();
    }
  });

  it('with another number of classes does not fit its weights', async () => {
    expect(await errorOf(() => load((config) => (config['num_classes'] = 5)))).toEqual({
      name: 'Error',
      message: 'Shape mismatch: [5,3] vs. [4,3]',
    });
  });

  it('with a truncated weight file is refused', async () => {
    const artifacts = await save(centeredClassifier().model);
    const weightData = (artifacts.weightData as ArrayBuffer).slice(0, -8);
    const error = await errorOf(() => tf.loadLayersModel(tf.io.fromMemory({...artifacts, weightData})));
    expect(error.name).not.toBe('none');
  });

  it('whose unset values are null loads', async () => {
    const model = await load((config) => {
      config['ignore_class'] = null;
      config['alpha'] = null;
    });
    expect((model.getLayer('center_loss') as CenterLossLayer).alpha).toBe(0.6);
  });
});

describe('setWeights with the wrong weights', () => {
  const WRONG: [string, () => tf.Tensor[], string][] = [
    ['another shape', () => [tf.zeros([5, FEATURE_DIM])], 'but got 1 of shape [5,3].'],
    ['two tensors', () => [tf.zeros([4, 3]), tf.zeros([4, 3])], 'but got 2 of shape [4,3], [4,3].'],
    ['none', () => [], 'but got 0 of shape .'],
  ];
  for (const [name, makeWeights, message] of WRONG) {
    it(`(${name}) is a ValueError, and harms nothing`, async () => {
      const network = await trainedNetwork();
      const weights = makeWeights();
      const before = await stateOf(network);
      expect(
        await errorOf(() => {
          network.layer.setWeights(weights);
        }),
      ).toEqual({
        name: 'ValueError',
        message: `CenterLossLayer 'center_loss': expected one weight, centers of shape [4,3], ${message}`,
      });
      expect(await stateOf(network)).toEqual(before);
      await expectTrainingGoesOn(network);
    });
  }

  const NO_LISTS: [unknown, string][] = [
    [null, 'null'],
    [undefined, 'undefined'],
    [5, '5'],
    [[null], '[null]'],
    [[[[1, 2, 3]]], '[[[1,2,3]]]'],
  ];
  for (const [weights, shown] of NO_LISTS) {
    it(`(no list of tensors: ${shown}) is a ValueError`, async () => {
      const {layer} = await trainedNetwork();
      expect(
        await errorOf(() => {
          layer.setWeights(weights as tf.Tensor[]);
        }),
      ).toEqual({
        name: 'ValueError',
        message:
          "CenterLossLayer 'center_loss': expected one weight, centers of shape [4,3], " +
          `but got ${shown} for a list of tensors.`,
      });
    });
  }
});

describe('A disposed', () => {
  it('layer says so when it is used again', async () => {
    const layer = new CenterLossLayer({numClasses: 2, name: 'center_loss'});
    tf.dispose(layer.apply(tf.ones([1, 2])) as tf.Tensor);
    const metric = layer.metric();
    layer.dispose();
    expect((await errorOf(() => layer.apply([tf.ones([1, 2]), tf.zeros([1])], {training: true}))).message).toBe(
      "Layer 'center_loss' is already disposed.",
    );
    expect((await errorOf(() => layer.centers)).message).toContain('is already disposed');
    expect((await errorOf(() => metric(tf.scalar(0), tf.scalar(0)))).message).toBe(
      "Layer 'center_loss' is already disposed.",
    );
    expect((await errorOf(() => layer.dispose())).message).toBe("Layer 'center_loss' is already disposed.");
  });

  it('model says so when it is trained again', async () => {
    const network = await trainedNetwork();
    const {x, labels, oneHot} = makeBatch(4);
    network.model.dispose();
    expect((await errorOf(() => trainOn(network, x, labels.expandDims(1), oneHot))).message).toContain(
      'already disposed',
    );
  });
});

describe('Inputs that fit but are unusual', () => {
  it('train: one class, one sample, one feature', async () => {
    const layer = new CenterLossLayer({numClasses: 1, alpha: 1});
    tf.dispose(layer.apply([tf.tensor2d([[2]]), tf.tensor2d([[0]])], {training: true}) as tf.Tensor);
    expect(await layer.centers.array()).toEqual([[1]]);
  });

  itWithFloat32('train: large finite features, where float32 can hold the result', async () => {
    const layer = new CenterLossLayer({numClasses: 2, alpha: 1, lossWeight: 1, reduction: 'mean'});
    const loss = tf.tidy(() => {
      layer.apply([tf.fill([4, 1], 1e18), tf.zeros([4])], {training: true});
      return layer.calculateLosses()[0] ?? tf.scalar(NaN);
    });
    const [value] = await loss.data();
    expect(Math.abs((value ?? NaN) / 5e35 - 1)).toBeLessThan(1e-5);
    const [[center]] = (await layer.centers.array()) as [[number]];
    expect(Math.abs(center / 8e17 - 1)).toBeLessThan(1e-5);
  });

  it('train: features of the input width, without a layer between', async () => {
    const x = tf.input({shape: [INPUT_DIM]});
    const label = tf.input({shape: [1]});
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES});
    const logits = tf.layers.dense({units: NUM_CLASSES}).apply(layer.apply([x, label]));
    const network = {model: tf.model({inputs: [x, label], outputs: logits as tf.SymbolicTensor}), layer};
    compile(network);
    await expectTrainingGoesOn(network);
  });
});
