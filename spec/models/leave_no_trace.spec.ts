import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, detachCenterLoss, featureModel} from '../../lib/index.js';
import {
  CENTER_LOSS,
  CLASSIFIERS,
  freeVariablesAfterEach,
  predictionsOf,
  sequential,
  train,
} from '../support/classifiers.js';
import {graphSizesOf, layersOf, reachableFrom} from '../support/graph.js';
import {centeredClassifier, dense, NUM_CLASSES} from '../support/networks.js';
import {ordersOf} from '../support/round_trip.js';

freeVariablesAfterEach();

for (const {kind, build} of CLASSIFIERS) {
  describe(`Attaching to and detaching from ${kind}`, () => {
    it('applies no layer of it anew, at whatever depth', () => {
      const classifier = build();
      const graph = graphSizesOf(classifier);
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      expect(graphSizesOf(classifier)).toEqual(graph);
      detachCenterLoss(attached);
      featureModel(attached);
      expect(graphSizesOf(classifier)).toEqual(graph);
    });

    it('leaves nothing behind that it could reach, after any number of cycles', async () => {
      const classifier = build();
      await predictionsOf(classifier);
      const [objects, tensors] = [reachableFrom(classifier), tf.memory().numTensors];
      for (let cycle = 0; cycle < 3; cycle++) {
        const attached = attachCenterLoss(classifier, CENTER_LOSS);
        const detached = detachCenterLoss(attached);
        const features = featureModel(attached);
        for (const model of [attached, detached, features]) {
          model.dispose();
        }
      }
      expect(reachableFrom(classifier)).toBe(objects);
      expect(tf.memory().numTensors).toBe(tensors);
    });

    it('gives models that can be disposed in any order, until when the others predict what they did', async () => {
      const start = tf.memory().numTensors;
      build().dispose();
      // tf.layers counts a layer in two places twice, and frees one use of it.
      const left = tf.memory().numTensors - start;
      for (const order of ordersOf(['classifier', 'attached', 'detached', 'features'] as const)) {
        const before = tf.memory().numTensors;
        const classifier = build();
        const attached = attachCenterLoss(classifier, CENTER_LOSS);
        const models = {classifier, attached, detached: detachCenterLoss(attached), features: featureModel(attached)};
        const expected = await predictionsOf(classifier);
        const expectedFeatures = await predictionsOf(models.features);
        for (const [i, name] of order.entries()) {
          models[name].dispose();
          for (const alive of order.slice(i + 1)) {
            expect(await predictionsOf(models[alive])).toEqual(alive === 'features' ? expectedFeatures : expected);
          }
        }
        expect(tf.memory().numTensors - before).toBe(left);
      }
    });
  });
}

describe('A classifier that center loss is attached to', () => {
  it('has one output for each layer, as have the attached and the detached model', () => {
    for (const {build} of CLASSIFIERS) {
      const classifier = build();
      // A model has a node of its own besides that of its place.
      const once = layersOf(classifier).filter(({inboundNodes}) => inboundNodes.length === 1);
      const outputs = once.map(({output}) => output);
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      const detached = detachCenterLoss(attached);
      expect(once.map(({output}) => output)).toEqual(outputs);
      const names = once.map(({name}) => name);
      for (const model of [attached, detached]) {
        const layers = model.layers.filter(({name}) => names.includes(name));
        expect(layers.map(({output}) => [output].flat().length)).toEqual(layers.map(() => 1));
      }
    }
  });

  it('can have its head swapped by pop() and add() while it is attached, and the training model goes on', async () => {
    const classifier = sequential();
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    const expected = await predictionsOf(attached);
    classifier.pop();
    classifier.add(dense(2, 'other', 3));
    expect(classifier.outputs[0]?.shape).toEqual([null, 2]);
    await train(classifier);
    expect((await predictionsOf(classifier))[0]).toHaveLength(16);
    await expect(train(attached)).resolves.toHaveLength(2);
    expect(await predictionsOf(attached)).not.toEqual(expected);
    classifier.dispose();
    attached.dispose();
  });

  it('can be attached to twice at once, at the same features', async () => {
    const classifier = sequential();
    const first = attachCenterLoss(classifier, CENTER_LOSS);
    const second = attachCenterLoss(classifier, {...CENTER_LOSS, name: 'second'});
    await train(first);
    expect(await predictionsOf(second)).toEqual(await predictionsOf(first));
    first.dispose();
    await train(second);
    expect(await predictionsOf(classifier)).toEqual(await predictionsOf(second));
    second.dispose();
  });
});

describe('A model written by hand that is detached', () => {
  it('has no layer applied anew, and nothing left behind', () => {
    const {model} = centeredClassifier();
    const graph = graphSizesOf(model);
    detachCenterLoss(model).dispose();
    featureModel(model).dispose();
    const objects = reachableFrom(model);
    detachCenterLoss(model).dispose();
    featureModel(model).dispose();
    expect(graphSizesOf(model)).toEqual(graph);
    expect(reachableFrom(model)).toBe(objects);
    expect((model.getLayer('logits').output as tf.SymbolicTensor).shape).toEqual([null, NUM_CLASSES]);
    model.dispose();
  });
});
