import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, CenterLossLayer, detachCenterLoss} from '../../lib/index.js';
import type {FeatureLayer} from '../../lib/index.js';
import {
  apply,
  CENTER_LOSS,
  freeVariablesAfterEach,
  functional,
  inputNamesOf,
  nestedFeatures,
  predictionsOf,
  sharedHead,
  train,
  xInput,
} from '../support/classifiers.js';
import {layersOf} from '../support/graph.js';
import {dense, FEATURE_DIM, INPUT_DIM, NUM_CLASSES} from '../support/networks.js';
import {reloadModel} from '../support/round_trip.js';

freeVariablesAfterEach();

const firstInputOf = (layer: tf.layers.Layer) => [layer.input].flat()[0] as tf.SymbolicTensor;

/** What the layer of a model that center loss is attached to looks at. */
const featuresFor = (classifier: tf.LayersModel, featureLayer: FeatureLayer) =>
  firstInputOf(centerLossLayerOf(attachCenterLoss(classifier, {...CENTER_LOSS, featureLayer})));

const trunkAndHead = () => {
  const base = tf.sequential({
    name: 'base',
    layers: [tf.layers.dense({units: 5, inputShape: [INPUT_DIM], name: 'hidden'}), dense(FEATURE_DIM, 'embedding', 1)],
  });
  const head = tf.sequential({
    name: 'head',
    layers: [tf.layers.dense({units: 2, inputShape: [FEATURE_DIM], name: 'squeezed'}), dense(NUM_CLASSES, 'logits', 2)],
  });
  return {base, head};
};

describe('featureLayer of attachCenterLoss()', () => {
  it('may be a layer of a model that begins a sequential one, or that model', () => {
    const {base, head} = trunkAndHead();
    const classifier = tf.sequential({layers: [base, head]});
    const [embedding, hidden] = [base.getLayer('embedding'), base.getLayer('hidden')];
    for (const featureLayer of ['base', 'embedding', base, embedding, embedding.output as tf.SymbolicTensor]) {
      expect(featuresFor(classifier, featureLayer)).toBe(embedding.output);
    }
    for (const featureLayer of ['hidden', hidden, hidden.output as tf.SymbolicTensor]) {
      expect(featuresFor(classifier, featureLayer)).toBe(hidden.output);
    }
  });

  it('may be a layer of a model that ends a sequential one, or that model', () => {
    const {base, head} = trunkAndHead();
    const classifier = tf.sequential({layers: [base, head]});
    for (const featureLayer of ['head', 'logits', head, head.outputs[0] as tf.SymbolicTensor]) {
      expect(featuresFor(classifier, featureLayer)).toBe(classifier.outputs[0]);
    }
    for (const featureLayer of ['squeezed', head.getLayer('squeezed')]) {
      expect(featuresFor(classifier, featureLayer)).toBe(head.getLayer('squeezed').output);
    }
  });

  it('may be a layer of a model whose head was applied to its output', () => {
    const {base, head} = trunkAndHead();
    const classifier = tf.model({inputs: base.inputs, outputs: head.apply(base.outputs) as tf.SymbolicTensor});
    expect(featuresFor(classifier, 'embedding')).toBe(base.outputs[0]);
    expect(featuresFor(classifier, 'squeezed')).toBe(head.getLayer('squeezed').output);
  });

  it('is that of the outer model where the nested one has a layer of the same name', () => {
    const x = xInput('outer_x');
    const outer = apply(dense(FEATURE_DIM, 'embedding', 3), apply(functional(), x));
    expect(featuresFor(tf.model({inputs: x, outputs: outer}), 'embedding')).toBe(outer);
  });

  it('may be one of two uses of a layer, and one of two outputs', () => {
    const shared = sharedHead();
    const square = shared.getLayer('square');
    for (const node of [0, 1]) {
      const output = square.getOutputAt(node) as tf.SymbolicTensor;
      expect(featuresFor(shared, output)).toBe(output);
    }
    const x = xInput();
    const steps = apply(tf.layers.reshape({targetShape: [2, INPUT_DIM / 2]}), x);
    const rnn = tf.layers.simpleRNN({units: FEATURE_DIM, returnSequences: true, returnState: true, name: 'rnn'});
    const [sequence, state] = rnn.apply(steps) as [tf.SymbolicTensor, tf.SymbolicTensor];
    const classifier = tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), state)});
    // Also one that the classifier does not use.
    expect([state, sequence].map((output) => featuresFor(classifier, output))).toEqual([state, sequence]);
  });

  it('may be a layer that center loss took the place of in a detached model', async () => {
    const classifier = nestedFeatures();
    const detached = detachCenterLoss(await reloadModel(attachCenterLoss(classifier, CENTER_LOSS)));
    const around = detached.getLayer('around');
    expect(featuresFor(detached, around.getOutputAt(1) as tf.SymbolicTensor)).toBe(around.getOutputAt(1));
  });
});

describe('A training model with the features in a nested model', () => {
  it('runs what is nested once a step, batch normalization included', async () => {
    let runs = 0;
    class Counting extends tf.layers.Layer {
      static readonly className = 'CountingLayer';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        runs++;
        return tf.relu([inputs].flat()[0] as tf.Tensor);
      }
    }
    const inner = tf.sequential({
      layers: [
        tf.layers.dense({units: FEATURE_DIM, inputShape: [INPUT_DIM], name: 'embedding'}),
        new Counting(),
        tf.layers.batchNormalization({momentum: 0.5, name: 'normalized'}),
      ],
    });
    const x = xInput();
    const classifier = tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), apply(inner, x))});
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    await train(attached, 3);
    expect(runs).toBe(3);
    attached.dispose();
  });

  it('freezes and unfreezes with the classifier', () => {
    const {base, head} = trunkAndHead();
    const x = xInput();
    const classifier = tf.model({inputs: x, outputs: apply(head, apply(base, x))});
    const attached = attachCenterLoss(classifier, {...CENTER_LOSS, featureLayer: 'hidden'});
    const namesOf = () => attached.trainableWeights.map(({originalName}) => originalName.split('/')[0]);
    expect(namesOf()).toEqual([
      'hidden',
      'hidden',
      'embedding',
      'embedding',
      'squeezed',
      'squeezed',
      'logits',
      'logits',
    ]);
    base.trainable = false;
    head.getLayer('logits').trainable = false;
    expect(namesOf()).toEqual(['squeezed', 'squeezed']);
    base.trainable = true;
    expect(namesOf()).toEqual(['hidden', 'hidden', 'embedding', 'embedding', 'squeezed', 'squeezed']);
  });

  it('freezes with a nested model all that is nested in that', () => {
    const classifier = nestedFeatures();
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const namesOf = (model: tf.LayersModel) => model.trainableWeights.map(({originalName}) => originalName);
    expect(namesOf(attached)).toEqual(namesOf(classifier));
    classifier.getLayer('body').trainable = false;
    expect(namesOf(classifier)).toEqual(['logits/kernel', 'logits/bias']);
    expect(namesOf(attached)).toEqual(namesOf(classifier));
  });

  it('can be attached to again, at other features in the nested model', async () => {
    const classifier = nestedFeatures();
    const twice = attachCenterLoss(attachCenterLoss(classifier, CENTER_LOSS), {
      ...CENTER_LOSS,
      featureLayer: 'widened',
      name: 'second',
    });
    expect(inputNamesOf(twice)).toEqual(['x', 'label', 'label_1']);
    const expected = await predictionsOf(classifier);
    expect(await predictionsOf(twice)).toEqual(expected);
    expect(await predictionsOf(detachCenterLoss(twice))).toEqual(expected);
    const loaded = await reloadModel(twice);
    await train(loaded);
    const centers = layersOf(loaded).filter((layer) => layer instanceof CenterLossLayer);
    expect(centers.map(({name}) => name).sort()).toEqual(['center_loss', 'second']);
    for (const layer of centers) {
      expect((await layer.centers.data()).some((value) => value !== 0)).toBe(true);
    }
    expect(await predictionsOf(detachCenterLoss(loaded))).toEqual(await predictionsOf(loaded));
    loaded.dispose();
  });

  it('is saved under the names that the weights have in the classifier', async () => {
    const classifier = nestedFeatures();
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const loaded = await reloadModel(attached);
    const namesOf = (model: tf.LayersModel) => model.weights.map(({originalName}) => originalName).sort();
    expect(namesOf(loaded)).toEqual([...namesOf(classifier), 'center_loss/centers'].sort());
    expect(await predictionsOf(loaded)).toEqual(await predictionsOf(classifier));
  });
});
