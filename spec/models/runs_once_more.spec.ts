import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, detachCenterLoss} from '../../lib/index.js';
import {
  apply,
  BATCH_SIZE,
  CENTER_LOSS,
  freeVariablesAfterEach,
  predictionsOf,
  train,
  xInput,
} from '../support/classifiers.js';
import {dense, FEATURE_DIM, INPUT_DIM, makeBatch, NUM_CLASSES, valuesOf} from '../support/networks.js';
import {expectReloaded, reloadModel} from '../support/round_trip.js';
import {expectError} from '../support/tensors.js';

freeVariablesAfterEach();

const normalization = () => tf.layers.batchNormalization({momentum: 0.5, name: 'normalized'});

/** A model within a model, with the features in it, and two outputs that the classifier uses. */
function twoOutputs(beforeFeatures: tf.layers.Layer): {classifier: tf.LayersModel; base: tf.LayersModel} {
  const inner = tf.input({batchShape: [BATCH_SIZE, INPUT_DIM], name: 'inner_x'});
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), apply(beforeFeatures, inner));
  const outputs = ['left', 'right'].map((name, i) => apply(dense(3, name, i + 2), features));
  const base = tf.model({inputs: inner, outputs, name: 'base'});
  const x = tf.input({batchShape: [BATCH_SIZE, INPUT_DIM], name: 'x'});
  const heads = (base.apply(x) as tf.SymbolicTensor[]).map((output, i) =>
    apply(dense(NUM_CLASSES, `head_${i}`, i + 4), output),
  );
  return {base, classifier: tf.model({inputs: x, outputs: heads})};
}

/** A recurrent layer that remembers, which gives its sequence and its state. */
const remembering = () =>
  tf.layers.gru({
    units: FEATURE_DIM,
    stateful: true,
    returnSequences: true,
    returnState: true,
    name: 'remembering',
    kernelInitializer: 'ones',
    recurrentInitializer: 'ones',
  });

const inSteps = (x: tf.SymbolicTensor) => apply(tf.layers.reshape({targetShape: [2, INPUT_DIM / 2]}), x);

const refusal = (runs: string, features: string, state: string, instead = '') =>
  `attachCenterLoss(): expected features for which nothing with a state has to run once more, but got ${features}. ` +
  `TensorFlow.js runs ${runs} once for each of its outputs that is used, and each run changes ${state}. ` +
  `Take an output of ${runs} that the classifier uses already${instead}.`;

const withoutNesting =
  ', or make the classifier without a model in it: tf.model({inputs: base.inputs, outputs: head.apply(base.outputs)})';

describe('attachCenterLoss() where the features would be one more output that is used', () => {
  it('refuses a nested model with batch normalization, and leaves all as it was', async () => {
    for (const frozen of [false, true]) {
      const {classifier, base} = twoOutputs(normalization());
      base.getLayer('normalized').trainable = !frozen;
      const expected = await predictionsOf(classifier);
      const message = refusal('"base"', '"embedding" in "base"', '["normalized"]', withoutNesting);
      expectError(() => attachCenterLoss(classifier, CENTER_LOSS), 'ValueError', message);
      expect(await predictionsOf(classifier)).toEqual(expected);
      classifier.dispose();
    }
  });

  it('refuses a state in a wrapper, or in a model in the nested model', () => {
    const wrapped = tf.layers.timeDistributed({layer: normalization(), name: 'wrapped'});
    const steps = tf.sequential({
      name: 'steps',
      layers: [
        tf.layers.reshape({targetShape: [2, INPUT_DIM / 2], inputShape: [INPUT_DIM]}),
        wrapped,
        tf.layers.flatten(),
      ],
    });
    const {classifier} = twoOutputs(steps);
    const message = refusal('"base"', '"embedding" in "base"', '["wrapped"]', withoutNesting);
    for (const trainable of [true, false]) {
      wrapped.trainable = trainable;
      expectError(() => attachCenterLoss(classifier, CENTER_LOSS), 'ValueError', message);
    }
  });

  it('refuses the other output of a recurrent layer that remembers, and takes the one that is used', async () => {
    const losses = [];
    for (const attached of [false, true]) {
      const x = tf.input({batchShape: [BATCH_SIZE, INPUT_DIM], name: 'x'});
      const [sequence, state] = remembering().apply(inSteps(x)) as [tf.SymbolicTensor, tf.SymbolicTensor];
      const classifier = tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 2), state)});
      if (attached) {
        const message = refusal('"remembering"', '"remembering"', '["remembering"]');
        expectError(
          () => attachCenterLoss(classifier, {...CENTER_LOSS, featureLayer: sequence}),
          'ValueError',
          message.replace('got "remembering"', `got ${JSON.stringify(sequence.name)}`),
        );
      }
      const model = attached
        ? attachCenterLoss(classifier, {...CENTER_LOSS, featureLayer: state, lossWeight: 0})
        : classifier;
      losses.push(await train(model, 3));
      // States are tensors, and not among the weights.
      const {states_, keptStates} = classifier.getLayer('remembering') as unknown as Record<string, tf.Tensor[]>;
      tf.dispose([states_, keptStates]);
      model.dispose();
    }
    expect(losses[1]).toEqual(losses[0]);
  });

  it('takes an output of the nested model that the classifier uses, and its state moves as without center loss', async () => {
    const means = [];
    for (const attached of [false, true]) {
      const {classifier, base} = twoOutputs(normalization());
      const model = attached
        ? attachCenterLoss(classifier, {
            ...CENTER_LOSS,
            featureLayer: base.outputs[1] as tf.SymbolicTensor,
            lossWeight: 0,
          })
        : classifier;
      await train(model, 3);
      means.push(await valuesOf(base.getLayer('normalized').getWeights()));
      model.dispose();
    }
    expect(means[1]).toEqual(means[0]);
  });

  it('takes the same layers without nesting', async () => {
    const {base} = twoOutputs(normalization());
    const heads = base.outputs.map((output, i) => apply(dense(NUM_CLASSES, `head_${i}`, i + 4), output));
    const model = attachCenterLoss(tf.model({inputs: base.inputs, outputs: heads}), CENTER_LOSS);
    await expect(train(model)).resolves.toHaveLength(2);
    model.dispose();
  });

  it('lets a nested model without a state run once more: its features, its loss and its predictions are right', async () => {
    const {classifier, base} = twoOutputs(tf.layers.dropout({rate: 0.5, seed: 3}));
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const loaded = await reloadModel(attached);
    const expected = await predictionsOf(classifier);
    for (const model of [attached, loaded, detachCenterLoss(loaded)]) {
      expect(model.outputNames).toEqual(['head_0', 'head_1']);
      expectReloaded(await predictionsOf(model), expected);
    }
    const {x, labels, oneHot} = makeBatch(BATCH_SIZE);
    const features = tf.tidy(() => (base.getLayer('embedding').apply(x) as tf.Tensor).square().sum().div(2));
    attached.compile({
      optimizer: 'sgd',
      loss: 'meanSquaredError',
      metrics: {head_0: centerLossLayerOf(attached).metric()},
    });
    const evaluated = attached.evaluate([x, labels], [oneHot, oneHot]) as tf.Scalar[];
    // All centers are zero. Not one loss for each run.
    const loss = (await (evaluated.at(-1) as tf.Tensor).data())[0] as number;
    const expectedLoss = (await features.data())[0] as number;
    expect(Math.abs(loss / expectedLoss - 1)).toBeLessThan(1e-3);
    tf.dispose([x, labels, oneHot, features, evaluated]);
    attached.dispose();
  });

  it('lets a nested model with a state run as before where the tap stands in it', async () => {
    const means = [];
    for (const attached of [false, true]) {
      const inner = xInput('inner_x');
      const features = apply(dense(FEATURE_DIM, 'embedding', 1), apply(normalization(), inner));
      const base = tf.model({inputs: inner, outputs: apply(dense(3, 'left', 2), features), name: 'base'});
      const x = xInput();
      const classifier = tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 3), apply(base, x))});
      const model = attached ? attachCenterLoss(classifier, {...CENTER_LOSS, lossWeight: 0}) : classifier;
      await train(model, 3);
      means.push(await valuesOf(base.getLayer('normalized').getWeights()));
      model.dispose();
    }
    expect(means[1]).toEqual(means[0]);
  });
});
