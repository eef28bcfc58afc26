import * as tf from '@tensorflow/tfjs';
import {centerLossLayerOf} from '../../lib/index.js';
import {dense, FEATURE_DIM, INPUT_DIM, makeBatch, NUM_CLASSES} from './networks.js';
import {predictionsOf as predictionsFor} from './round_trip.js';

export const BATCH_SIZE = 8;
export const CENTER_LOSS = {featureLayer: 'embedding', numClasses: NUM_CLASSES, name: 'center_loss', lossWeight: 0.1};

export const apply = (layer: tf.layers.Layer, inputs: tf.SymbolicTensor | tf.SymbolicTensor[], args?: object) =>
  layer.apply(inputs, {...args}) as tf.SymbolicTensor;

export const xInput = (name = 'x') => tf.input({shape: [INPUT_DIM], name});

export function functional(): tf.LayersModel {
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), features)});
}

/** The first layer of a sequential model. */
export const seededFirst = () =>
  tf.layers.dense({units: 5, inputShape: [INPUT_DIM], kernelInitializer: tf.initializers.glorotUniform({seed: 3})});

export function sequential(): tf.Sequential {
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
export function branching(): tf.LayersModel {
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
export function manyToMany(): tf.LayersModel {
  const [x, other] = [xInput(), xInput('other')];
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), apply(tf.layers.add(), [x, other]));
  const aside = apply(dense(2, 'aside', 3), other);
  return tf.model({inputs: [x, other], outputs: [apply(dense(NUM_CLASSES, 'logits', 2), features), features, aside]});
}

export function featuresOnly(): tf.LayersModel {
  const x = xInput();
  return tf.model({inputs: x, outputs: apply(dense(FEATURE_DIM, 'embedding', 1), x)});
}

/** One layer in two places behind the features. */
export function sharedHead(): tf.LayersModel {
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  const square = dense(FEATURE_DIM, 'square', 3);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), apply(square, apply(square, features)))});
}

/** Models for layers, before the features and behind them. */
export function nested(): tf.LayersModel {
  const trunk = tf.sequential({name: 'trunk', layers: [seededFirst()]});
  const inner = tf.input({shape: [FEATURE_DIM]});
  const head = tf.model({inputs: inner, outputs: apply(dense(NUM_CLASSES, 'logits', 2), inner), name: 'head'});
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), apply(trunk, x));
  return tf.model({inputs: x, outputs: apply(head, features)});
}

/** Features within a nested model in a nested model, which go on from there; one layer before these and behind them. */
export function nestedFeatures(): tf.LayersModel {
  const innermost = xInput('innermost_x');
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), innermost);
  const trunk = tf.model({inputs: innermost, outputs: apply(dense(5, 'widened', 3), features), name: 'trunk'});
  const inner = xInput('inner_x');
  const body = tf.model({inputs: inner, outputs: apply(dense(6, 'back', 4), apply(trunk, inner)), name: 'body'});
  const around = tf.layers.leakyReLU({alpha: 0.5, name: 'around'});
  const head = tf.sequential({
    name: 'head',
    layers: [tf.layers.dense({units: NUM_CLASSES, inputShape: [INPUT_DIM], name: 'logits'})],
  });
  const x = xInput();
  return tf.model({inputs: x, outputs: apply(head, apply(around, apply(body, apply(around, x))))});
}

/** Every step of a sequence has features and a label. */
export function sequence(): tf.LayersModel {
  const x = xInput();
  const steps = apply(tf.layers.reshape({targetShape: [2, INPUT_DIM / 2]}), x);
  const features = apply(tf.layers.timeDistributed({layer: dense(FEATURE_DIM, 'inner', 1), name: 'embedding'}), steps);
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), features)});
}

export const CLASSIFIERS = [
  {kind: 'a functional model', build: functional},
  {kind: 'a sequential model', build: sequential},
  {kind: 'a model whose branches part and meet', build: branching},
  {kind: 'a model of many inputs and outputs', build: manyToMany},
  {kind: 'a model whose output are the features', build: featuresOnly},
  {kind: 'a model with a layer in two places', build: sharedHead},
  {kind: 'a model with models for layers', build: nested},
  {kind: 'a model with the features in a model in a model', build: nestedFeatures},
  {kind: 'a model of sequences', build: sequence},
];

/** What the inputs of a model are fed with in these specs; the last is the labels if there is a label input. */
export function inputsFor(model: tf.LayersModel): tf.Tensor[] {
  return tf.tidy(() => {
    const {x, labels} = makeBatch(BATCH_SIZE);
    return model.inputs.map(({sourceLayer: {name}, shape}) => {
      const perSample = shape.slice(1).map((dim) => dim ?? 1);
      const ids = labels.reshape([BATCH_SIZE, ...perSample.map(() => 1)]).tile([1, ...perSample]);
      return name.startsWith('label') ? ids : x.clone();
    });
  });
}

export async function predictionsOf(model: tf.LayersModel): Promise<number[][]> {
  const inputs = inputsFor(model);
  const values = await predictionsFor(model, inputs);
  tf.dispose(inputs);
  return values;
}

/** Trains towards zero outputs, which all models can; returns the loss of every epoch. */
export async function train(model: tf.LayersModel, epochs = 2): Promise<number[]> {
  const inputs = inputsFor(model);
  const targets = model.outputs.map(({shape}) => tf.zeros([BATCH_SIZE, ...shape.slice(1).map((dim) => dim ?? 1)]));
  model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
  const {history} = await model.fit(inputs, targets, {epochs, batchSize: BATCH_SIZE, shuffle: false, verbose: 0});
  tf.dispose([inputs, targets]);
  return history['loss'] as number[];
}

/**
 * Nothing but weights outlives a spec: these go here, since tf.layers counts the uses of a layer, and frees one that
 * stands in two places of a model only when that is disposed twice.
 */
export function freeVariablesAfterEach(): void {
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBe(before);
  });
}

export const variablesOf = (model: tf.LayersModel) => model.weights.map((weight) => weight.read());

export const inputNamesOf = (model: tf.LayersModel) => model.inputs.map(({sourceLayer}) => sourceLayer.name);

export const centersOf = async (model: tf.LayersModel) => Array.from(await centerLossLayerOf(model).centers.data());
