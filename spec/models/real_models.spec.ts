import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, detachCenterLoss, featureModel} from '../../lib/index.js';
import {graphSizesOf} from '../support/graph.js';
import {itWhere} from '../support/it_where.js';
import {REAL_MODELS, trainsHere} from '../support/real_models.js';
import type {RealModel} from '../support/real_models.js';
import {expectReloaded, predictionsOf, reloadModel} from '../support/round_trip.js';
import {throwIfTensorsRemain} from '../support/tensors.js';

const BATCH_SIZE = 4;
const NUM_CLASSES = 3;

/** In which each is the first once, and each the last. leave_no_trace has all orders, for each kind of graph. */
const ORDERS = [
  ['classifier', 'attached', 'detached'],
  ['attached', 'detached', 'classifier'],
  ['detached', 'classifier', 'attached'],
] as const;

/** How long a sequence is whose length the model leaves open. */
const OPEN_LENGTH = 3;

const shapeOf = ({shape}: tf.SymbolicTensor) => [BATCH_SIZE, ...shape.slice(1).map((dim) => dim ?? OPEN_LENGTH)];

/** The same for each call: what the inputs of the classifier are fed with, and class ids. */
function inputsFor({vocabulary, labelShape}: RealModel, classifier: tf.LayersModel) {
  const numbers = (shape: number[], next: (i: number) => number) =>
    tf.tensor(
      Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => next(i)),
      shape,
    );
  const inputs = classifier.inputs.map((input, n) =>
    numbers(shapeOf(input), (i) => (vocabulary ? (i * 5 + n) % vocabulary : Math.sin(i * 7 + n))),
  );
  return {inputs, labels: numbers([BATCH_SIZE, ...labelShape], (i) => (i * 2) % NUM_CLASSES)};
}

function attachTo({featureLayer}: RealModel, classifier: tf.LayersModel): tf.LayersModel {
  return attachCenterLoss(classifier, {
    featureLayer: typeof featureLayer === 'string' ? featureLayer : featureLayer(classifier),
    numClasses: NUM_CLASSES,
    name: 'center_loss',
  });
}

/** Two steps. Gives how often the layer is called in them. */
async function train(model: tf.LayersModel, inputs: tf.Tensor[], loss: string | string[]): Promise<number> {
  const layer = centerLossLayerOf(model);
  const call = layer.call.bind(layer);
  let calls = 0;
  layer.call = (...args) => {
    calls++;
    return call(...args);
  };
  const targets = model.outputs.map((output) => tf.fill(shapeOf(output), 1 / 3));
  model.compile({optimizer: 'sgd', loss});
  const {history} = await model.fit(inputs, targets, {epochs: 2, batchSize: BATCH_SIZE, verbose: 0});
  tf.dispose(targets);
  layer.call = call;
  expect(history['loss']?.every(Number.isFinite)).toBe(true);
  return calls;
}

const centersOf = async (model: tf.LayersModel) => Array.from(await centerLossLayerOf(model).centers.data());

let tensorsBefore = 0;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  // What tf.layers itself does not free: of models that begin or end a sequential one.
  tf.disposeVariables();
  throwIfTensorsRemain(tensorsBefore);
});

for (const real of REAL_MODELS) {
  const itTrains = itWhere(trainsHere(real), 'this backend does not have all gradients of the model');

  describe(`The model of the example ${real.example}`, () => {
    it('is not changed by attaching, detaching and looking at the features', async () => {
      const classifier = real.build();
      const {inputs, labels} = inputsFor(real, classifier);
      const [expected, graph] = [await predictionsOf(classifier, inputs), graphSizesOf(classifier)];
      const attached = attachTo(real, classifier);
      const detached = detachCenterLoss(attached);
      const features = featureModel(attached);
      expect(await predictionsOf(attached, [...inputs, labels])).toEqual(expected);
      expect(await predictionsOf(detached, inputs)).toEqual(expected);
      expect(detached.outputs).toEqual(classifier.outputs);
      expect(graphSizesOf(classifier)).toEqual(graph);
      for (const model of [attached, detached, features, classifier]) {
        model.dispose();
      }
      tf.dispose([inputs, labels]);
    });

    itTrains('learns, and the classifier with it; the layer runs once a step', async () => {
      const classifier = real.build();
      const {inputs, labels} = inputsFor(real, classifier);
      const attached = attachTo(real, classifier);
      const detached = detachCenterLoss(attached);
      const before = await predictionsOf(classifier, inputs);
      expect(await train(attached, [...inputs, labels], real.loss)).toBe(2);
      const trained = await predictionsOf(attached, [...inputs, labels]);
      expect(trained).not.toEqual(before);
      expect(await predictionsOf(classifier, inputs)).toEqual(trained);
      expect(await predictionsOf(detached, inputs)).toEqual(trained);
      expect((await centersOf(attached)).some((value) => value !== 0)).toBe(true);
      for (const model of [attached, detached, classifier]) {
        model.dispose();
      }
      tf.dispose([inputs, labels]);
    });

    it('is saved and loaded with its training model, which then trains on and is detached', async () => {
      const classifier = real.build();
      const {inputs, labels} = inputsFor(real, classifier);
      const attached = attachTo(real, classifier);
      if (trainsHere(real)) {
        await train(attached, [...inputs, labels], real.loss);
      }
      const loaded = await reloadModel(attached);
      const detached = detachCenterLoss(loaded);
      const detachedLoaded = await reloadModel(detached);
      const models = [classifier, attached, loaded, detached, detachedLoaded];

      const expected = await predictionsOf(classifier, inputs);
      expectReloaded(await predictionsOf(loaded, [...inputs, labels]), expected);
      expectReloaded(await predictionsOf(detached, inputs), expected);
      expectReloaded(await predictionsOf(detachedLoaded, inputs), expected);
      expect(await centersOf(loaded)).toEqual(await centersOf(attached));
      const [features, featuresLoaded] = [featureModel(attached), featureModel(loaded)];
      const featureInputs = inputs.slice(0, features.inputs.length);
      expectReloaded(await predictionsOf(featuresLoaded, featureInputs), await predictionsOf(features, featureInputs));
      if (trainsHere(real)) {
        expect(await train(loaded, [...inputs, labels], real.loss)).toBe(2);
        expect(await predictionsOf(detached, inputs)).toEqual(await predictionsOf(loaded, [...inputs, labels]));
      }
      for (const model of [...models, features, featuresLoaded]) {
        model.dispose();
      }
      tf.dispose([inputs, labels]);
    });

    it('is disposed before and after its training model and what was detached, to the last tensor', async () => {
      const start = tf.memory().numTensors;
      const alone = real.build();
      const {inputs, labels} = inputsFor(real, alone);
      const given = inputs.length + 1;
      alone.dispose();
      // tf.layers frees nothing of a model that ends a sequential one.
      const left = tf.memory().numTensors - start - given;
      for (const order of ORDERS) {
        const before = tf.memory().numTensors;
        const classifier = real.build();
        const attached = attachTo(real, classifier);
        const models = {classifier, attached, detached: detachCenterLoss(attached)};
        const feeds = {classifier: inputs, attached: [...inputs, labels], detached: inputs};
        const expected = await predictionsOf(classifier, inputs);
        for (const [i, name] of order.entries()) {
          models[name].dispose();
          for (const alive of order.slice(i + 1)) {
            expect(await predictionsOf(models[alive], feeds[alive])).toEqual(expected);
          }
        }
        expect(tf.memory().numTensors - before).toBe(left);
      }
      tf.dispose([inputs, labels]);
    });
  });
}

describe('The inference code of the example date-conversion-attention', () => {
  const real = REAL_MODELS.find(({example}) => example === 'date-conversion-attention') as RealModel;

  it('goes on working with the classifier, the training model and the detached one', async () => {
    const classifier = real.build();
    const {inputs, labels} = inputsFor(real, classifier);
    const attached = attachTo(real, classifier);
    const detached = detachCenterLoss(attached);
    // It adds an output behind the features to the model, for the last step.
    const finalStepOf = (model: tf.LayersModel) =>
      tf.model({
        inputs: model.inputs,
        outputs: model.outputs.concat([model.getLayer('attention').output as tf.SymbolicTensor]),
      });
    const expected = await predictionsOf(finalStepOf(classifier), inputs);
    expect(expected.map(({length}) => length)).toEqual([BATCH_SIZE * 4 * 8, BATCH_SIZE * 4 * 5]);
    expect(await predictionsOf(finalStepOf(attached), [...inputs, labels])).toEqual(expected);
    expect(await predictionsOf(finalStepOf(detached), inputs)).toEqual(expected);
    tf.dispose([inputs, labels]);
  });
});
