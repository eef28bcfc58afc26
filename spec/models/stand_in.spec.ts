import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer, detachCenterLoss} from '../../lib/index.js';
import {
  apply,
  CENTER_LOSS,
  freeVariablesAfterEach,
  inputNamesOf,
  predictionsOf,
  train,
  variablesOf,
  xInput,
} from '../support/classifiers.js';
import {graphSizesOf} from '../support/graph.js';
import {centeredClassifier, dense, FEATURE_DIM, INPUT_DIM, NUM_CLASSES} from '../support/networks.js';
import {ordersOf, predictionsOf as predict, reloadModel} from '../support/round_trip.js';
import {save} from '../support/saving.js';

freeVariablesAfterEach();

const labelInput = () => tf.input({shape: [1], name: 'label'});

/** A model written by hand: features through a CenterLossLayer, and on through layers of one's choice. */
function byHand(behind: (centered: tf.SymbolicTensor, features: tf.SymbolicTensor) => tf.SymbolicTensor) {
  const [x, label] = [xInput(), labelInput()];
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss', lossWeight: 0.1});
  return tf.model({inputs: [x, label], outputs: behind(apply(layer, [features, label]), features)});
}

describe('A layer behind the CenterLossLayer of a detached model', () => {
  it('has name, class, configuration and weights of the layer that it stands for', () => {
    const model = byHand((centered) => apply(dense(NUM_CLASSES, 'logits', 2), centered));
    const detached = detachCenterLoss(model);
    const [original, logits] = [model.getLayer('logits'), detached.getLayer('logits')];
    expect([logits.name, logits.getClassName()]).toEqual(['logits', 'Dense']);
    expect(logits.getConfig()).toEqual(original.getConfig());
    expect(logits.weights).toEqual(original.weights);
    expect(logits.outputShape).toEqual([null, NUM_CLASSES]);
    expect(logits.countParams()).toBe(original.countParams());
  });

  it('is frozen and unfrozen, and given weights, with it', async () => {
    const model = byHand((centered) => apply(dense(NUM_CLASSES, 'logits', 2), centered));
    const detached = detachCenterLoss(model);
    const [original, logits] = [model.getLayer('logits'), detached.getLayer('logits')];
    logits.trainable = false;
    expect([original.trainable, original.trainableWeights.length, detached.trainableWeights.length]).toEqual([
      false,
      0,
      2,
    ]);
    expect(logits.nonTrainableWeights).toEqual(original.nonTrainableWeights);
    original.trainable = true;
    expect([logits.trainable, logits.trainableWeights.length]).toEqual([true, 2]);
    const weights = logits.getWeights().map(({shape}) => tf.fill(shape, 0.5));
    logits.setWeights(weights);
    tf.dispose(weights);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    expect(Array.from(await (original.getWeights()[1] as tf.Tensor).data())).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('adds its regularization once', async () => {
    const kernelRegularizer = tf.regularizers.l2({l2: 10});
    const model = byHand((centered) =>
      apply(tf.layers.dense({units: 2, kernelInitializer: 'ones', name: 'logits', kernelRegularizer}), centered),
    );
    const detached = detachCenterLoss(model);
    // A kernel of 3 x 2 ones.
    const losses = detached.calculateLosses();
    expect(losses.length).toBe(1);
    expect(Array.from(await (losses[0] as tf.Scalar).data())).toEqual([60]);
    tf.dispose(losses);
  });

  it('keeps its state from batch to batch, if it has one, and resets it', async () => {
    const [steps, label] = [
      tf.input({batchShape: [2, 3, 2], name: 'x'}),
      tf.input({batchShape: [2, 3], name: 'label'}),
    ];
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES});
    const rnn = tf.layers.simpleRNN({units: 2, stateful: true, name: 'rnn'});
    const model = tf.model({inputs: [steps, label], outputs: apply(rnn, apply(layer, [steps, label]))});
    const detached = detachCenterLoss(model);
    const x = tf.ones([2, 3, 2]);
    const run = () => predict(detached, [x]);
    const first = await run();
    expect(await run()).not.toEqual(first);
    detached.resetStates();
    expect(await run()).toEqual(first);
    x.dispose();
    rnn.resetStates();
    tf.dispose(rnn.states);
  });

  it('hands masks on', () => {
    const [steps, label] = [tf.input({shape: [3, 1], name: 'x'}), tf.input({shape: [3], name: 'label'})];
    const masked = apply(tf.layers.masking({maskValue: 0}), steps);
    const centered = apply(new CenterLossLayer({numClasses: 2}), [masked, label]);
    const widened = apply(tf.layers.dense({units: 1, kernelInitializer: 'ones', name: 'widened'}), centered);
    const hidden = apply(tf.layers.activation({activation: 'linear'}), widened);
    const model = tf.model({inputs: [steps, label], outputs: hidden});
    const detached = detachCenterLoss(model);
    const mask = tf.tensor2d([[true, false, true]], undefined, 'bool');
    const layer = detached.getLayer('widened');
    expect(layer.supportsMasking).toBe(model.getLayer('widened').supportsMasking);
    expect(layer.computeMask([], mask)).toBe(model.getLayer('widened').computeMask([], mask));
    mask.dispose();
  });
});

describe('detachCenterLoss()', () => {
  it('takes a layer that stands before and behind the CenterLossLayer', async () => {
    const [x, label] = [xInput(), labelInput()];
    const square = dense(INPUT_DIM, 'square', 3);
    const centered = apply(new CenterLossLayer({numClasses: NUM_CLASSES}), [apply(square, x), label]);
    const model = tf.model({inputs: [x, label], outputs: apply(square, centered)});
    const graph = graphSizesOf(model);
    const detached = detachCenterLoss(model);
    expect(detached.layers.map(({name}) => name)).toEqual(['x', 'square']);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
    expect(await predictionsOf(await reloadModel(detached))).toEqual(await predictionsOf(model));
    expect(graphSizesOf(model)).toEqual(graph);
  });

  it('keeps the arguments of calls, also those of calls of nested models, in the saved file', async () => {
    const {model: inner} = centeredClassifier();
    const [x, label] = [xInput('images'), tf.input({shape: [1], name: 'ids'})];
    const logits = apply(inner, [x, label], {training: true});
    const outputs = apply(tf.layers.dropout({rate: 0.5, name: 'dropout'}), logits, {training: true});
    const detached = detachCenterLoss(tf.model({inputs: [x, label], outputs}));
    const {modelTopology} = await save(detached);
    const {layers} = (modelTopology as {config: {layers: {name: string; inbound_nodes: unknown[][][]}[]}}).config;
    const args = layers.map(({name, inbound_nodes}) => [name, inbound_nodes[0]?.[0]?.[3]]);
    expect(args).toEqual([
      ['images', undefined],
      [inner.name, {training: true}],
      ['dropout', {training: true}],
    ]);
  });

  it('takes a model that is nested twice for one again', async () => {
    const {model: inner} = centeredClassifier();
    const inputs = ['a', 'label_a', 'b', 'label_b'].map((name) =>
      name.startsWith('l') ? tf.input({shape: [1], name}) : xInput(name),
    );
    const [a, labelA, b, labelB] = inputs as [
      tf.SymbolicTensor,
      tf.SymbolicTensor,
      tf.SymbolicTensor,
      tf.SymbolicTensor,
    ];
    const joined = apply(tf.layers.add(), [apply(inner, [a, labelA]), apply(inner, [b, labelB])]);
    const model = tf.model({inputs, outputs: joined});
    const detached = detachCenterLoss(model);
    expect(inputNamesOf(detached)).toEqual(['a', 'b']);
    expect(detached.layers.filter((layer) => layer instanceof tf.LayersModel).length).toBe(1);
    expect(await predictionsOf(detached)).toEqual(await predictionsOf(model));
  });
});

describe('A model that was written by hand, detached and attached again', () => {
  const buildAll = () => {
    const hand = byHand((centered, features) =>
      apply(dense(NUM_CLASSES, 'logits', 2), apply(tf.layers.concatenate({name: 'joined'}), [centered, features])),
    );
    const detached = detachCenterLoss(hand);
    const attached = attachCenterLoss(detached, {...CENTER_LOSS, featureLayer: hand.getLayer('joined')});
    return {hand, detached, attached, again: detachCenterLoss(attached)};
  };

  it('learns, and all of them know', async () => {
    const {hand, detached, attached, again} = buildAll();
    const before = await predictionsOf(hand);
    await train(attached);
    const after = await predictionsOf(hand);
    expect(after).not.toEqual(before);
    for (const model of [detached, attached, again]) {
      expect(await predictionsOf(model)).toEqual(after);
    }
    expect(new Set(variablesOf(again))).toEqual(new Set(variablesOf(detached)));
    attached.dispose();
  });

  it('is disposed in any order, to the last tensor', async () => {
    for (const order of ordersOf(['hand', 'detached', 'attached', 'again'] as const)) {
      const before = tf.memory().numTensors;
      const models = buildAll();
      const expected = await predictionsOf(models.hand);
      for (const [i, name] of order.entries()) {
        models[name].dispose();
        for (const alive of order.slice(i + 1)) {
          expect(await predictionsOf(models[alive])).toEqual(expected);
        }
      }
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
