import * as tf from '@tensorflow/tfjs';
import {
  attachCenterLoss,
  categoricalAccuracy,
  centerLossLayerOf,
  detachCenterLoss,
  loadForTraining,
  softmaxCrossEntropy,
} from '../../lib/index.js';
import {
  apply,
  BATCH_SIZE,
  CENTER_LOSS,
  CLASSIFIERS,
  featuresOnly,
  freeVariablesAfterEach,
  functional,
  inputNamesOf,
  predictionsOf,
  xInput,
} from '../support/classifiers.js';
import {dense, FEATURE_DIM, makeBatch, NUM_CLASSES, valuesOf} from '../support/networks.js';
import {expectReloaded, reloadModel} from '../support/round_trip.js';
import {save} from '../support/saving.js';
import {expectError} from '../support/tensors.js';

freeVariablesAfterEach();

/** Two heads on the features: who somebody is, and how old. */
function twoHeads(): tf.LayersModel {
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  const outputs = [apply(dense(NUM_CLASSES, 'identity', 2), features), apply(dense(1, 'age', 3), features)];
  return tf.model({inputs: x, outputs});
}

const byName = () => ({
  optimizer: 'sgd',
  loss: {identity: softmaxCrossEntropy, age: tf.metrics.meanSquaredError},
  metrics: {identity: categoricalAccuracy},
});

const CLASSIFIER_KEYS = ['loss', 'identity_loss', 'age_loss', 'identity_categoricalAccuracy'];

/** Everything that takes or gives names of outputs, on a training model of two heads. */
async function expectNamesEverywhere(model: tf.LayersModel, label = 'label'): Promise<void> {
  const {x, labels, oneHot} = makeBatch(BATCH_SIZE);
  const age = tf.ones([BATCH_SIZE, 1]);
  const validationData: [tf.Tensor[], tf.Tensor[]] = [
    [x, labels],
    [oneHot, age],
  ];
  const {history} = await model.fit([x, labels], {identity: oneHot, age}, {epochs: 1, verbose: 0, validationData});
  expect(Object.keys(history).sort()).toEqual(
    [...CLASSIFIER_KEYS, ...CLASSIFIER_KEYS.map((key) => `val_${key}`)].sort(),
  );
  const dataset = tf.data.array([0]).map(() => ({
    xs: {x: tf.clone(x), [label]: tf.clone(labels)},
    ys: {identity: tf.clone(oneHot), age: tf.clone(age)},
  }));
  const ofDataset = await model.fitDataset(dataset, {
    epochs: 1,
    verbose: 0,
  });
  expect(Object.keys(ofDataset.history)).toEqual(CLASSIFIER_KEYS);
  expect(model.metricsNames).toEqual(CLASSIFIER_KEYS);
  const classifier = detachCenterLoss(model);
  classifier.compile({...byName(), optimizer: model.optimizer});
  const evaluated = model.evaluate([x, labels], [oneHot, age]) as tf.Scalar[];
  const expected = classifier.evaluate(x, [oneHot, age]) as tf.Scalar[];
  expect(await valuesOf(evaluated)).toEqual(await valuesOf(expected));
  classifier.dispose();
  tf.dispose([x, labels, oneHot, age, evaluated, expected]);
}

describe('The outputs of a training model', () => {
  it('have the names that they have in the classifier, in compile, fit, fitDataset, evaluate and the history', async () => {
    const model = attachCenterLoss(twoHeads(), CENTER_LOSS);
    expect(model.outputNames).toEqual(['identity', 'age']);
    model.compile(byName());
    await expectNamesEverywhere(model);
    model.dispose();
  });

  it('have these names after loadForTraining() and after tf.loadLayersModel()', async () => {
    const model = attachCenterLoss(twoHeads(), CENTER_LOSS);
    const file = tf.io.fromMemory(await save(model));
    const loaded = await loadForTraining(file, byName);
    await expectNamesEverywhere(loaded);
    const byTensorFlow = await tf.loadLayersModel(file);
    expect(byTensorFlow.outputNames).toEqual(['identity', 'age']);
    byTensorFlow.compile(byName());
    await expectNamesEverywhere(byTensorFlow);
    for (const some of [model, loaded, byTensorFlow]) {
      some.dispose();
    }
  });

  for (const {kind, build} of CLASSIFIERS) {
    it(`have the names that they have in ${kind}, also when center loss is attached twice`, async () => {
      const classifier = build();
      const names = classifier.outputs.map(({sourceLayer}) => sourceLayer.name);
      const once = attachCenterLoss(classifier, CENTER_LOSS);
      const twice = attachCenterLoss(once, {...CENTER_LOSS, name: 'second'});
      const loaded = await loadForTraining(tf.io.fromMemory(await save(once)), () => ({
        optimizer: 'sgd',
        loss: 'meanSquaredError',
      }));
      for (const model of [once, twice, loaded, detachCenterLoss(loaded)]) {
        expect(model.outputNames).toEqual(names);
      }
      loaded.dispose();
      if (build !== featuresOnly) {
        expect((await reloadModel(once)).outputNames).toEqual(names);
      }
    });
  }

  it('are found by name where there is one', async () => {
    const model = attachCenterLoss(functional(), CENTER_LOSS);
    const {x, labels, oneHot} = makeBatch(BATCH_SIZE);
    model.compile({optimizer: 'sgd', loss: {logits: softmaxCrossEntropy}, metrics: {logits: categoricalAccuracy}});
    const {history} = await model.fit([x, labels], {logits: oneHot}, {verbose: 0});
    expect(Object.keys(history)).toEqual(['loss', 'categoricalAccuracy']);
    tf.dispose([x, labels, oneHot]);
    model.dispose();
  });

  it('that are the features themselves are tapped: tf.loadLayersModel() alone then names the tap', async () => {
    const model = attachCenterLoss(featuresOnly(), CENTER_LOSS);
    expect(model.outputNames).toEqual(['embedding']);
    expect((await reloadModel(model)).outputNames).toEqual(['center_loss']);
    model.dispose();
  });

  it('may be given by a layer that has several inputs, of which the first goes through the tap', async () => {
    const x = xInput();
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const [left, right] = [apply(dense(2, 'left', 2), features), apply(dense(2, 'right', 3), x)];
    const classifier = tf.model({inputs: x, outputs: apply(tf.layers.concatenate({name: 'joined'}), [right, left])});
    const expected = await predictionsOf(classifier);
    const model = attachCenterLoss(classifier, CENTER_LOSS);
    const loaded = await reloadModel(model);
    for (const some of [model, loaded]) {
      expect(some.outputNames).toEqual(['joined']);
      expectReloaded(await predictionsOf(some), expected);
    }
    loaded.dispose();
    model.dispose();
  });
});

describe('A metric for an output that there is not', () => {
  const message = 'compile(): expected metrics for the outputs ["identity","age"], but got metrics for ["nope"].';

  it('is an error in a model of attachCenterLoss()', () => {
    const model = attachCenterLoss(twoHeads(), CENTER_LOSS);
    const args = {...byName(), metrics: {nope: categoricalAccuracy, age: 'mse'}};
    expectError(
      () => {
        model.compile(args);
      },
      'ValueError',
      message,
    );
    model.dispose();
  });

  it('is an error in loadForTraining(), and in what that loads', async () => {
    const file = tf.io.fromMemory(await save(attachCenterLoss(twoHeads(), CENTER_LOSS)));
    const wrong = {...byName(), metrics: {nope: categoricalAccuracy}};
    await expect(loadForTraining(file, () => wrong)).rejects.toThrow(message);
    const loaded = await loadForTraining(file, byName);
    expect(() => {
      loaded.compile(wrong);
    }).toThrow(message);
    loaded.dispose();
  });

  it('is none where metrics are a list, a name, a function, or not given', () => {
    const model = attachCenterLoss(functional(), CENTER_LOSS);
    const optimizer = tf.train.sgd(0.1);
    for (const metrics of [[categoricalAccuracy, centerLossLayerOf(model).metric()], 'accuracy', categoricalAccuracy]) {
      model.compile({optimizer, loss: softmaxCrossEntropy, metrics});
      expect(model.metricsNames.length).toBeGreaterThan(1);
    }
    model.compile({optimizer, loss: softmaxCrossEntropy});
    expect(model.metricsNames).toEqual(['loss']);
    optimizer.dispose();
    model.dispose();
  });
});

describe('labelName of attachCenterLoss()', () => {
  it('is the name of the label input, for named inputs as well', async () => {
    const model = attachCenterLoss(twoHeads(), {...CENTER_LOSS, labelName: 'who'});
    expect(inputNamesOf(model)).toEqual(['x', 'who']);
    model.compile(byName());
    await expectNamesEverywhere(model, 'who');
    expect(inputNamesOf(await reloadModel(model))).toEqual(['x', 'who']);
    model.dispose();
  });

  it('is new to the model, and a text', () => {
    const expected = 'attachCenterLoss(): expected labelName to be a text that no layer is named, but got ';
    const classifier = functional();
    for (const [labelName, got] of [
      ['x', '"x".'],
      ['logits', '"logits".'],
      ['center_loss', '"center_loss".'],
      ['', '"".'],
      [7, '7.'],
      [null, 'null.'],
    ]) {
      expectError(
        () => attachCenterLoss(classifier, {...CENTER_LOSS, labelName: labelName as string}),
        'ValueError',
        `${expected}${String(got)}`,
      );
    }
  });

  it('is label_1 if it is not given and the CenterLossLayer is named label', () => {
    const model = attachCenterLoss(functional(), {...CENTER_LOSS, name: 'label'});
    expect(inputNamesOf(model)).toEqual(['x', 'label_1']);
  });
});
