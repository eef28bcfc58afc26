import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer, detachCenterLoss} from '../lib/index.js';
import type {AttachCenterLossArgs} from '../lib/index.js';
import {centeredClassifier, dense, FEATURE_DIM, INPUT_DIM, makeBatch, NUM_CLASSES} from './support/networks.js';
import {oneHotRows} from './support/reference.js';
import {save} from './support/saving.js';
import {expectError, throwIfTensorsRemain} from './support/tensors.js';

const BATCH_SIZE = 8;
const CENTER_LOSS = {featureLayer: 'embedding', numClasses: NUM_CLASSES, name: 'center_loss', lossWeight: 0.1};

const apply = (layer: tf.layers.Layer, inputs: tf.SymbolicTensor | tf.SymbolicTensor[], args?: object) =>
  layer.apply(inputs, {...args}) as tf.SymbolicTensor;

const xInput = (name = 'x') => tf.input({shape: [INPUT_DIM], name});

function functional(): tf.LayersModel {
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), features)});
}

/** The first layer of a sequential model. */
const seededFirst = () =>
  tf.layers.dense({units: 5, inputShape: [INPUT_DIM], kernelInitializer: tf.initializers.glorotUniform({seed: 3})});

function sequential(): tf.Sequential {
  return tf.sequential({
    layers: [
      seededFirst(),
      dense(FEATURE_DIM, 'embedding', 1),
      tf.layers.dropout({rate: 0.5, seed: 5}),
      dense(NUM_CLASSES, 'logits', 2),
    ],
  });
}

/** The features go two ways, and meet each other and what never was a feature again. */
function branching(): tf.LayersModel {
  const x = xInput();
  const hidden = apply(dense(5, 'hidden', 3), x);
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), hidden);
  const left = apply(dense(5, 'left', 4), features);
  const right = apply(dense(5, 'right', 5), features);
  const sum = apply(tf.layers.add(), [left, right, hidden]);
  // An even width in all: TensorFlow.js 4.22 on webgl can multiply matrices of an odd inner dimension wrongly.
  const joined = apply(tf.layers.concatenate(), [sum, left, right, features, x]);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), joined)});
}

/** Two inputs; one output behind the features, the features themselves, and one beside them. */
function manyToMany(): tf.LayersModel {
  const [x, other] = [xInput(), xInput('other')];
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), apply(tf.layers.add(), [x, other]));
  const aside = apply(dense(2, 'aside', 3), other);
  return tf.model({inputs: [x, other], outputs: [apply(dense(NUM_CLASSES, 'logits', 2), features), features, aside]});
}

function featuresOnly(): tf.LayersModel {
  const x = xInput();
  return tf.model({inputs: x, outputs: apply(dense(FEATURE_DIM, 'embedding', 1), x)});
}

/** One layer in two places behind the features. */
function sharedHead(): tf.LayersModel {
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  const square = dense(FEATURE_DIM, 'square', 3);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), apply(square, apply(square, features)))});
}

/** Models for layers, before the features and behind them. */
function nested(): tf.LayersModel {
  const trunk = tf.sequential({name: 'trunk', layers: [seededFirst()]});
  const inner = tf.input({shape: [FEATURE_DIM]});
  const head = tf.model({inputs: inner, outputs: apply(dense(NUM_CLASSES, 'logits', 2), inner), name: 'head'});
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), apply(trunk, x));
  return tf.model({inputs: x, outputs: apply(head, features)});
}

/** Every step of a sequence has features and a label. */
function sequence(): tf.LayersModel {
  const x = xInput();
  const steps = apply(tf.layers.reshape({targetShape: [2, INPUT_DIM / 2]}), x);
  const features = apply(tf.layers.timeDistributed({layer: dense(FEATURE_DIM, 'inner', 1), name: 'embedding'}), steps);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), features)});
}

const CLASSIFIERS = [
  {kind: 'a functional model', build: functional},
  {kind: 'a sequential model', build: sequential},
  {kind: 'a model whose branches part and meet', build: branching},
  {kind: 'a model of many inputs and outputs', build: manyToMany},
  {kind: 'a model whose output are the features', build: featuresOnly},
  {kind: 'a model with a layer in two places', build: sharedHead},
  {kind: 'a model with models for layers', build: nested},
  {kind: 'a model of sequences', build: sequence},
];

/** What the inputs of a model are fed with in these specs; the last is the labels if there is a label input. */
function inputsFor(model: tf.LayersModel): tf.Tensor[] {
  return tf.tidy(() => {
    const {x, labels} = makeBatch(BATCH_SIZE);
    return model.inputs.map(({sourceLayer: {name}, shape}) => {
      const perSample = shape.slice(1, -1).map((dim) => dim ?? 1);
      const ids = labels.reshape([BATCH_SIZE, ...perSample.map(() => 1), 1]).tile([1, ...perSample, 1]);
      return name.startsWith('label') ? ids : x.clone();
    });
  });
}

/**
 * Expects a reloaded model to predict what the saved one did: to the bit, but for webgl, whose products of matrices
 * depend on how their values came to the GPU (by 2e-4 of the largest in Chromium without one).
 */
function expectReloaded(predictions: number[][], expected: number[][]): void {
  if (tf.getBackend() !== 'webgl') {
    expect(predictions).toEqual(expected);
    return;
  }
  const values = expected.flat();
  const error = Math.max(...predictions.flat().map((value, i) => Math.abs(value - (values[i] ?? NaN))));
  expect(error / Math.max(...values.map(Math.abs))).toBeLessThan(1e-3);
}

/** What the model predicts, each output in a row. */
async function predictionsOf(model: tf.LayersModel): Promise<number[][]> {
  const inputs = inputsFor(model);
  const outputs = [model.predict(inputs)].flat();
  const values = await Promise.all(outputs.map(async (output) => Array.from(await output.data())));
  tf.dispose([inputs, outputs]);
  return values;
}

/** Trains towards zero outputs, which all models can; returns the loss of every epoch. */
async function train(model: tf.LayersModel, epochs = 2): Promise<number[]> {
  const inputs = inputsFor(model);
  const targets = model.outputs.map(({shape}) => tf.zeros([BATCH_SIZE, ...shape.slice(1).map((dim) => dim ?? 1)]));
  model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
  const {history} = await model.fit(inputs, targets, {epochs, batchSize: BATCH_SIZE, shuffle: false, verbose: 0});
  tf.dispose([inputs, targets]);
  return history['loss'] as number[];
}

const reload = async (model: tf.LayersModel) => tf.loadLayersModel(tf.io.fromMemory(await save(model)));

const variablesOf = (model: tf.LayersModel) => model.weights.map((weight) => weight.read());

const inputNamesOf = (model: tf.LayersModel) => model.inputs.map(({sourceLayer}) => sourceLayer.name);

const centersOf = async (model: tf.LayersModel) =>
  Array.from(await (model.getLayer('center_loss') as CenterLossLayer).centers.data());

/**
 * Nothing but weights outlives a spec: these go here, since tf.layers counts the uses of a layer, and frees one that
 * stands in two places of a model only when that is disposed twice.
 */
let tensorsBefore = 0;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  tf.disposeVariables();
  throwIfTensorsRemain(tensorsBefore);
});

for (const {kind, build} of CLASSIFIERS) {
  describe(`attachCenterLoss() and detachCenterLoss() of ${kind}`, () => {
    it('change no prediction, to the bit', async () => {
      const classifier = build();
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      const detached = detachCenterLoss(attached);
      const expected = await predictionsOf(classifier);
      expect(await predictionsOf(attached)).toEqual(expected);
      expect(await predictionsOf(detached)).toEqual(expected);
      attached.dispose();
    });

    it('add an input for the labels, last, and take it away again', () => {
      const classifier = build();
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      expect(inputNamesOf(attached)).toEqual([...inputNamesOf(classifier), 'label']);
      expect(inputNamesOf(detachCenterLoss(attached))).toEqual(inputNamesOf(classifier));
      expect(attached.outputs.map(({shape}) => shape)).toEqual(classifier.outputs.map(({shape}) => shape));
      attached.dispose();
    });

    it('share the weights: what one model learns, all know', async () => {
      const classifier = build();
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      const detached = detachCenterLoss(attached);
      const {centers} = attached.getLayer('center_loss') as CenterLossLayer;
      const shared = variablesOf(attached).filter((variable) => variable !== centers);
      expect(new Set(variablesOf(classifier))).toEqual(new Set(shared));
      expect(new Set(variablesOf(detached))).toEqual(new Set(shared));
      expect(shared.every((variable) => variablesOf(detached).some((other) => other === variable))).toBe(true);

      const untrained = await predictionsOf(classifier);
      const losses = await train(attached);
      const trained = await predictionsOf(attached);
      expect(losses[1]).toBeLessThan(losses[0] ?? NaN);
      expect(await centersOf(attached)).not.toEqual(new Array(NUM_CLASSES * FEATURE_DIM).fill(0));
      expect(trained).not.toEqual(untrained);
      expect(await predictionsOf(classifier)).toEqual(trained);
      expect(await predictionsOf(detached)).toEqual(trained);
      attached.dispose();
    });

    it('serve a model that was saved and loaded', async () => {
      const classifier = build();
      const loaded = await reload(classifier);
      const attached = attachCenterLoss(loaded, CENTER_LOSS);
      await train(attached);
      const attachedLoaded = await reload(attached);
      const detached = detachCenterLoss(attachedLoaded);
      const detachedLoaded = await reload(detached);

      const expected = await predictionsOf(attached);
      for (const reloaded of [attachedLoaded, detached, detachedLoaded]) {
        expectReloaded(await predictionsOf(reloaded), expected);
      }
      expect(await centersOf(attachedLoaded)).toEqual(await centersOf(attached));
      expect(inputNamesOf(detachedLoaded)).toEqual(inputNamesOf(classifier));

      await train(attachedLoaded);
      expect(await predictionsOf(detached)).not.toEqual(expected);
      for (const model of [classifier, attached, attachedLoaded, detachedLoaded]) {
        model.dispose();
      }
    });
  });
}

describe('attachCenterLoss()', () => {
  it('takes the feature layer itself for its name', () => {
    const classifier = functional();
    const attached = attachCenterLoss(classifier, {...CENTER_LOSS, featureLayer: classifier.getLayer('embedding')});
    const byName = attachCenterLoss(classifier, {...CENTER_LOSS, name: 'other'});
    for (const model of [attached, byName]) {
      const layer = model.layers.find((some) => some instanceof CenterLossLayer);
      expect([layer?.input].flat()[0]).toBe(classifier.getLayer('embedding').output);
    }
    attached.dispose();
  });

  it('hands its arguments on to the layer', () => {
    const args = {
      numClasses: 7,
      alpha: 0.25,
      lossWeight: 0.01,
      reduction: 'mean',
      ignoreClass: 255,
      centersInitializer: 'ones',
      name: 'my_centers',
      trainable: false,
    } as const;
    const attached = attachCenterLoss(functional(), {featureLayer: 'embedding', ...args});
    const config = attached.getLayer('my_centers').getConfig();
    expect(config).toMatchObject({...args, centersInitializer: {className: 'Ones', config: {}}});
    attached.dispose();
  });

  it('leaves the layers up to the features alone, so that their output is still one', async () => {
    const classifier = branching();
    const untouched = ['x', 'hidden', 'embedding'].map((name) => classifier.getLayer(name));
    const outputs = untouched.map(({output}) => output);
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const detached = detachCenterLoss(attached);
    expect(untouched.map(({output}) => output)).toEqual(outputs);
    const extractor = tf.model({inputs: detached.inputs, outputs: detached.getLayer('embedding').output});
    const {x, labels, oneHot} = makeBatch(BATCH_SIZE);
    const features = extractor.predict(x) as tf.Tensor;
    const expected = tf.tidy(
      () => classifier.getLayer('embedding').apply(classifier.getLayer('hidden').apply(x)) as tf.Tensor,
    );
    expect(await features.array()).toEqual(await expected.array());
    tf.dispose([x, labels, oneHot, features, expected]);
    attached.dispose();
  });

  it('applies each layer behind the features once more, however often its output is used', () => {
    const classifier = branching();
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const nodes = ['left', 'right', 'logits'].map((name) => classifier.getLayer(name).inboundNodes.length);
    expect(nodes).toEqual([2, 2, 2]);
    attached.dispose();
  });

  it('calls the label input label, or label_1, ... where there is a layer of that name', () => {
    for (const [taken, expected] of [
      [[], 'label'],
      [['label'], 'label_1'],
      [['label', 'label_1', 'label_3'], 'label_2'],
    ] as const) {
      const inputs = ['x', ...taken].map((name) => xInput(name));
      const sum = taken.length > 0 ? apply(tf.layers.add(), inputs) : (inputs[0] as tf.SymbolicTensor);
      const classifier = tf.model({inputs, outputs: apply(dense(FEATURE_DIM, 'embedding', 1), sum)});
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      expect(inputNamesOf(attached)).toEqual([...inputNamesOf(classifier), expected]);
      attached.dispose();
    }
  });

  const ids = Array.from({length: BATCH_SIZE}, (_, i) => (i * 3) % NUM_CLASSES);
  const stepIds = ids.flatMap((id) => [id, (id + 1) % NUM_CLASSES]);
  const forms: {form: string; build: () => tf.LayersModel; labels: () => tf.Tensor; same: () => tf.Tensor}[] = [
    ...(['int32', 'float32'] as const).map((dtype) => ({
      form: `class ids [B] of ${dtype}`,
      build: functional,
      labels: () => tf.tensor1d(ids, dtype),
      same: () => tf.tensor2d(ids, [BATCH_SIZE, 1]),
    })),
    ...(['int32', 'float32', 'bool'] as const).map((dtype) => ({
      form: `one-hot labels of ${dtype}`,
      build: functional,
      labels: () => tf.tensor2d(oneHotRows(ids, NUM_CLASSES), undefined, dtype),
      same: () => tf.tensor2d(ids, [BATCH_SIZE, 1]),
    })),
    {
      form: 'one-hot labels of every step of a sequence',
      build: sequence,
      labels: () => tf.tensor3d(oneHotRows(stepIds, NUM_CLASSES).flat(), [BATCH_SIZE, 2, NUM_CLASSES]),
      same: () => tf.tensor3d(stepIds, [BATCH_SIZE, 2, 1]),
    },
  ];
  for (const {form, build, labels, same} of forms) {
    it(`gives a label input that takes ${form} as well as a column of class ids`, async () => {
      const results = [];
      for (const make of [labels, same]) {
        const attached = attachCenterLoss(build(), CENTER_LOSS);
        const batch = makeBatch(BATCH_SIZE);
        const label = make();
        const target = tf.zeros([BATCH_SIZE, ...attached.outputs.flatMap(({shape}) => shape.slice(1) as number[])]);
        attached.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
        const {history} = await attached.fit([batch.x, label], target, {
          batchSize: BATCH_SIZE,
          shuffle: false,
          verbose: 0,
        });
        results.push({loss: history['loss'], centers: await centersOf(attached)});
        tf.dispose([batch.x, batch.labels, batch.oneHot, label, target]);
        attached.dispose();
      }
      expect(results[0]).toEqual(results[1]);
    });
  }

  it('takes a sequential model before anybody built, compiled or used it', () => {
    const attached = attachCenterLoss(sequential(), CENTER_LOSS);
    expect(attached.inputs.length).toBe(2);
    attached.dispose();
  });

  it('takes a recurrent layer with an initial state that depends on the features', async () => {
    const x = xInput();
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const steps = apply(tf.layers.repeatVector({n: 2}), features);
    const rnn = apply(tf.layers.simpleRNN({units: FEATURE_DIM}), steps, {initialState: [features]});
    const classifier = tf.model({inputs: x, outputs: rnn});
    const expected = await predictionsOf(classifier);
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    expect(await predictionsOf(attached)).toEqual(expected);
    expect(await predictionsOf(detachCenterLoss(attached))).toEqual(expected);
  });

  it('takes any output of a layer with several for the features', async () => {
    const x = xInput();
    const steps = apply(tf.layers.reshape({targetShape: [2, INPUT_DIM / 2]}), x);
    const rnn = tf.layers.simpleRNN({units: FEATURE_DIM, returnSequences: true, returnState: true, name: 'embedding'});
    const [, state] = rnn.apply(steps) as tf.SymbolicTensor[];
    const outputs = apply(dense(NUM_CLASSES, 'logits', 2), state ?? []);
    const classifier = tf.model({inputs: x, outputs});
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    expect([attached.getLayer('center_loss').input].flat()[0]).toBe(state);
    const expected = await predictionsOf(classifier);
    expect(await predictionsOf(attached)).toEqual(expected);
    expect(await predictionsOf(detachCenterLoss(attached))).toEqual(expected);
    attached.dispose();
  });

  it('hands on the arguments that a layer was called with', () => {
    const x = xInput();
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const dropout = tf.layers.dropout({rate: 0.5});
    const outputs = apply(dropout, features, {training: true});
    const attached = attachCenterLoss(tf.model({inputs: x, outputs}), CENTER_LOSS);
    expect(dropout.inboundNodes.map(({callArgs}) => callArgs)).toEqual([{training: true}, {training: true}]);
    attached.dispose();
  });

  it('can be used twice, for features at two places', async () => {
    const classifier = branching();
    const once = attachCenterLoss(classifier, CENTER_LOSS);
    const twice = attachCenterLoss(once, {...CENTER_LOSS, featureLayer: 'hidden', name: 'second'});
    expect(inputNamesOf(twice)).toEqual(['x', 'label', 'label_1']);
    await train(twice);
    const second = await (twice.getLayer('second') as CenterLossLayer).centers.data();
    expect(second.every((value) => value === 0)).toBe(false);
    expect(await centersOf(twice)).not.toEqual(new Array(NUM_CLASSES * FEATURE_DIM).fill(0));
    const detached = detachCenterLoss(twice);
    expect(inputNamesOf(detached)).toEqual(['x']);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(twice));
    twice.dispose();
  });

  it('can be used again after detaching', async () => {
    const attached = attachCenterLoss(functional(), CENTER_LOSS);
    const again = attachCenterLoss(detachCenterLoss(attached), CENTER_LOSS);
    await train(again);
    expect(await predictionsOf(again)).toEqual(await predictionsOf(attached));
    expect(await centersOf(attached)).toEqual(new Array(NUM_CLASSES * FEATURE_DIM).fill(0));
    again.dispose();
  });

  describe('refuses', () => {
    /** Expects that nothing was made and that the classifier still does what it did. */
    async function expectRefusal(classifier: tf.LayersModel, args: AttachCenterLossArgs, message: string) {
      const expected = await predictionsOf(classifier);
      expectError(() => attachCenterLoss(classifier, args), 'ValueError', message);
      expect(await predictionsOf(classifier)).toEqual(expected);
      classifier.dispose();
    }

    it('a feature layer that the classifier does not have', async () => {
      await expectRefusal(
        functional(),
        {...CENTER_LOSS, featureLayer: 'embeddings'},
        'attachCenterLoss(): expected featureLayer to be one of ["x","embedding","logits"], but got "embeddings".',
      );
    });

    it('a layer of another model, even of the same name', async () => {
      const other = dense(FEATURE_DIM, 'embedding', 1);
      await expectRefusal(
        functional(),
        {...CENTER_LOSS, featureLayer: other},
        'attachCenterLoss(): expected featureLayer to be one of ["x","embedding","logits"], but got "embedding".',
      );
    });

    it('a layer within a nested model', async () => {
      await expectRefusal(
        nested(),
        {...CENTER_LOSS, featureLayer: 'logits'},
        'attachCenterLoss(): expected featureLayer to be one of ["x","trunk","embedding","head"], but got "logits".',
      );
    });

    it('a feature layer that stands in two places', async () => {
      await expectRefusal(
        sharedHead(),
        {...CENTER_LOSS, featureLayer: 'square'},
        'attachCenterLoss(): expected featureLayer to have one output in the model, but "square" has 2. ' +
          'Apply a CenterLossLayer to each of them instead.',
      );
    });

    it('wrong arguments of the layer', async () => {
      await expectRefusal(
        functional(),
        {...CENTER_LOSS, numClasses: 0},
        'CenterLossLayer: expected numClasses to be an integer from 1 to 2147483647, but got 0.',
      );
      await expectRefusal(
        functional(),
        {...CENTER_LOSS, weight: 1} as AttachCenterLossArgs,
        'CenterLossLayer: expected arguments of the layer, but got unknown ["weight"].',
      );
    });

    it('a name that a layer of the classifier has, without leaving tensors behind', () => {
      const classifier = functional();
      const before = tf.memory().numTensors;
      expect(() => attachCenterLoss(classifier, {...CENTER_LOSS, name: 'logits'})).toThrow(/logits/);
      expect(tf.memory().numTensors).toBe(before);
      classifier.dispose();
    });

    it('a model without layers', () => {
      const message = 'attachCenterLoss(): expected a model with layers, but "empty" has none.';
      expectError(() => attachCenterLoss(tf.sequential({name: 'empty'}), CENTER_LOSS), 'ValueError', message);
    });
  });
});

describe('detachCenterLoss()', () => {
  it('takes a model that was written by hand', async () => {
    const {model} = centeredClassifier();
    await train(model);
    const detached = detachCenterLoss(model);
    expect(inputNamesOf(detached)).toEqual(['x']);
    expect(detached.layers.map(({name}) => name)).toEqual(['x', 'embedding', 'logits']);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    model.dispose();
  });

  it('keeps a label input that something else uses', () => {
    const [x, label] = [xInput(), tf.input({shape: [1], name: 'label'})];
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const centered = apply(new CenterLossLayer({numClasses: NUM_CLASSES}), [features, label]);
    const model = tf.model({inputs: [x, label], outputs: apply(tf.layers.concatenate(), [centered, label])});
    expect(inputNamesOf(detachCenterLoss(model))).toEqual(['x', 'label']);
    model.dispose();
  });

  it('takes the layer away where it has features alone', async () => {
    const x = xInput();
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const outputs = apply(new CenterLossLayer({numClasses: NUM_CLASSES}), features);
    const model = tf.model({inputs: x, outputs});
    const detached = detachCenterLoss(model);
    expect(detached.outputs).toEqual([features]);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    model.dispose();
  });

  it('takes away a layer that stands in two places, or behind another one', async () => {
    const [x, label] = [xInput(), tf.input({shape: [1], name: 'label'})];
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES});
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const first = apply(layer, [features, label]);
    const second = apply(layer, [first, label]);
    const outputs = apply(tf.layers.add(), [first, second]);
    const model = tf.model({inputs: [x, label], outputs});
    const detached = detachCenterLoss(model);
    expect(detached.layers.map((some) => some.getClassName())).toEqual(['InputLayer', 'Dense', 'Add']);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    model.dispose();
  });

  it('knows the layer of another copy of the package by its class name', () => {
    class CopiedLayer extends tf.layers.Layer {
      static readonly className = 'CenterLossLayer';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return [inputs].flat()[0] as tf.Tensor;
      }
      override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
        return inputShape[0] as tf.Shape;
      }
    }
    const [x, label] = [xInput(), tf.input({shape: [1], name: 'label'})];
    const model = tf.model({inputs: [x, label], outputs: apply(new CopiedLayer(), [x, label])});
    expect(inputNamesOf(detachCenterLoss(model))).toEqual(['x']);
    model.dispose();
  });

  it('reaches into nested models, which then share their weights as well', async () => {
    const {model: inner, layer} = centeredClassifier();
    const [x, label] = [xInput(), tf.input({shape: [1], name: 'label'})];
    const hidden = apply(dense(INPUT_DIM, 'hidden', 3), x);
    const model = tf.model({inputs: [x, label], outputs: apply(inner, [hidden, label])});
    const detached = detachCenterLoss(model);
    expect(inputNamesOf(detached)).toEqual(['x']);
    expect(variablesOf(detached)).toEqual(variablesOf(model).filter((variable) => variable !== layer.centers));
    await train(model);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    model.dispose();
  });

  it('takes a sequential model', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({units: FEATURE_DIM, inputShape: [INPUT_DIM]}),
        new CenterLossLayer({numClasses: NUM_CLASSES}),
      ],
    });
    const detached = detachCenterLoss(model);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    model.dispose();
  });

  it('refuses a model without center loss', () => {
    const model = functional();
    const message =
      'detachCenterLoss(): expected a model with a CenterLossLayer, but got the layers ["x","embedding","logits"].';
    expectError(() => detachCenterLoss(model), 'ValueError', message);
    model.dispose();
  });

  it('refuses a model that it detached already', () => {
    const attached = attachCenterLoss(functional(), CENTER_LOSS);
    const detached = detachCenterLoss(attached);
    const message =
      'detachCenterLoss(): expected a model with a CenterLossLayer, but got the layers ["x","embedding","logits"].';
    expectError(() => detachCenterLoss(detached), 'ValueError', message);
    attached.dispose();
  });

  it('refuses a model without layers', () => {
    const message = 'detachCenterLoss(): expected a model with layers, but "empty" has none.';
    expectError(() => detachCenterLoss(tf.sequential({name: 'empty'})), 'ValueError', message);
  });
});

describe('the models of attachCenterLoss() and detachCenterLoss()', () => {
  for (const build of [functional, sequential, branching]) {
    it(`give everything back once each of them is disposed, in any order: ${build.name}`, () => {
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
      ]) {
        const before = tf.memory().numTensors;
        const classifier = build();
        const attached = attachCenterLoss(classifier, CENTER_LOSS);
        const models = [classifier, attached, detachCenterLoss(attached)];
        for (const i of order) {
          models[i]?.dispose();
        }
        expect(tf.memory().numTensors).toBe(before);
      }
    });
  }

  it('leave the number of tensors alone while they train and predict', async () => {
    const classifier = functional();
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const detached = detachCenterLoss(attached);
    await train(attached);
    await predictionsOf(detached);
    const {numTensors} = tf.memory();
    for (let i = 0; i < 3; i++) {
      await predictionsOf(attached);
      await predictionsOf(detached);
      await predictionsOf(classifier);
    }
    expect(tf.memory().numTensors).toBe(numTensors);
    attached.dispose();
  });
});
