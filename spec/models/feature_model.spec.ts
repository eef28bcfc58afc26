import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, CenterLossLayer, featureModel} from '../../lib/index.js';
import {
  apply,
  CENTER_LOSS,
  CLASSIFIERS,
  freeVariablesAfterEach,
  functional,
  inputNamesOf,
  predictionsOf,
  train,
  variablesOf,
  xInput,
} from '../support/classifiers.js';
import {layersOf} from '../support/graph.js';
import {centeredClassifier, dense, FEATURE_DIM, INPUT_DIM, NUM_CLASSES} from '../support/networks.js';
import {expectReloaded, reloadModel} from '../support/round_trip.js';
import {expectError} from '../support/tensors.js';

freeVariablesAfterEach();

/** Hand-built, with the layer in the way of the features, in a nested model. */
function nestedByHand(): tf.LayersModel {
  const {model: inner} = centeredClassifier();
  const [x, label] = [xInput(), tf.input({shape: [1], name: 'label'})];
  return tf.model({inputs: [x, label], outputs: apply(inner, [apply(dense(INPUT_DIM, 'hidden', 3), x), label])});
}

const siamese = () => {
  const [x, other] = [xInput(), xInput('other')];
  const [label, otherLabel] = ['label', 'label_other'].map((name) => tf.input({shape: [1], name}));
  const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss'});
  const centered = [
    [x, label],
    [other, otherLabel],
  ].map((pair) => apply(layer, pair as tf.SymbolicTensor[]));
  const inputs = [x, label, other, otherLabel] as tf.SymbolicTensor[];
  return {layer, model: tf.model({inputs, outputs: apply(tf.layers.add(), centered)})};
};

describe('featureModel()', () => {
  for (const {kind, build} of CLASSIFIERS) {
    it(`gives the features of ${kind}, attached, before and after it was saved`, async () => {
      const attached = attachCenterLoss(build(), CENTER_LOSS);
      const loaded = await reloadModel(attached);
      const features = featureModel(attached);
      const embedding = layersOf(attached).find(({name}) => name === 'embedding') as tf.layers.Layer;
      expect(inputNamesOf(features)).toEqual(inputNamesOf(attached).filter((name) => name !== 'label'));
      expect(features.outputs.map(({shape}) => shape)).toEqual([(embedding.output as tf.SymbolicTensor).shape]);
      const before = await predictionsOf(features);
      expectReloaded(await predictionsOf(featureModel(loaded)), before);
      await train(attached);
      expect(await predictionsOf(features)).not.toEqual(before);
      attached.dispose();
    });
  }

  it('gives the features of a model written by hand: what the layer is given', async () => {
    const {model} = centeredClassifier();
    const features = featureModel(model);
    expect(features.outputs).toEqual([model.getLayer('embedding').output]);
    expect(features.name).toBe(`${model.name}_features`);
    model.dispose();
    expect((await predictionsOf(features))[0]).toHaveLength(8 * FEATURE_DIM);
  });

  it('reaches into nested models, and shares their weights', async () => {
    const model = nestedByHand();
    const features = featureModel(model);
    expect(inputNamesOf(features)).toEqual(['x']);
    expect(variablesOf(features).every((variable) => variablesOf(model).includes(variable))).toBe(true);
    const before = await predictionsOf(features);
    await train(model);
    const after = await predictionsOf(features);
    expect(after).not.toEqual(before);
    model.dispose();
    expect(await predictionsOf(features)).toEqual(after);
  });

  it('has the inputs that the features need, and no others', () => {
    const [x, other] = [xInput(), xInput('other')];
    const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
    const outputs = apply(dense(NUM_CLASSES, 'logits', 2), apply(tf.layers.concatenate(), [features, other]));
    const attached = attachCenterLoss(tf.model({inputs: [x, other], outputs}), CENTER_LOSS);
    expect(inputNamesOf(featureModel(attached))).toEqual(['x']);
  });

  it('refuses a model with no CenterLossLayer, with several, and with one in several places', () => {
    const classifier = functional();
    expectError(
      () => featureModel(classifier),
      'ValueError',
      'featureModel(): expected a model with one CenterLossLayer, but got the layers ["x","embedding","logits"].',
    );
    const once = attachCenterLoss(classifier, CENTER_LOSS);
    const twice = attachCenterLoss(once, {...CENTER_LOSS, name: 'second'});
    expectError(
      () => featureModel(twice),
      'ValueError',
      'featureModel(): expected a model with one CenterLossLayer, but got ["second","center_loss"]. ' +
        'model.getLayer() gives each of them.',
    );
    const pair = siamese().model;
    expectError(
      () => featureModel(pair),
      'ValueError',
      'featureModel(): expected the CenterLossLayer "center_loss" to stand in one place, but it stands in 2.',
    );
  });
});

describe('centerLossLayerOf()', () => {
  it('gives the layer of a model: attached, loaded, written by hand, nested, in two places', async () => {
    const attached = attachCenterLoss(functional(), CENTER_LOSS);
    expect(centerLossLayerOf(attached)).toBe(attached.getLayer('center_loss'));
    expect(centerLossLayerOf(await reloadModel(attached)).lossWeight).toBe(0.1);
    const {model, layer} = centeredClassifier();
    expect(centerLossLayerOf(model)).toBe(layer);
    expect(centerLossLayerOf(nestedByHand()).centers.shape).toEqual([NUM_CLASSES, FEATURE_DIM]);
    const pair = siamese();
    expect(centerLossLayerOf(pair.model)).toBe(pair.layer);
  });

  it('refuses a model with none, or with several, and names what is there', () => {
    const classifier = functional();
    expectError(
      () => centerLossLayerOf(classifier),
      'ValueError',
      'centerLossLayerOf(): expected a model with one CenterLossLayer, but got the layers ["x","embedding","logits"].',
    );
    const twice = attachCenterLoss(attachCenterLoss(classifier, CENTER_LOSS), {...CENTER_LOSS, name: 'second'});
    expectError(
      () => centerLossLayerOf(twice),
      'ValueError',
      'centerLossLayerOf(): expected a model with one CenterLossLayer, but got ["second","center_loss"]. ' +
        'model.getLayer() gives each of them.',
    );
  });
});
