import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer, centerLossLayerOf, detachCenterLoss, featureModel} from '../../lib/index.js';
import type {AttachCenterLossArgs} from '../../lib/index.js';
import {
  apply,
  CENTER_LOSS,
  freeVariablesAfterEach,
  functional,
  nestedFeatures,
  predictionsOf,
  sharedHead,
  xInput,
} from '../support/classifiers.js';
import {centeredClassifier, dense, FEATURE_DIM, NUM_CLASSES} from '../support/networks.js';
import {expectError} from '../support/tensors.js';

freeVariablesAfterEach();

describe('attachCenterLoss() refuses', () => {
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
      'attachCenterLoss(): expected featureLayer to be one of ["x","embedding","logits"], but got "embedding", ' +
        'which is of another model.',
    );
  });

  it('a feature layer that stands in two places', async () => {
    await expectRefusal(
      sharedHead(),
      {...CENTER_LOSS, featureLayer: 'square'},
      'attachCenterLoss(): expected featureLayer to have one output in the model, but "square" has 2. ' +
        'Give one of them, a tf.SymbolicTensor, or apply a CenterLossLayer to each of them instead.',
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
      'CenterLossLayer: expected numClasses, alpha, lossWeight, reduction, ignoreClass, centersInitializer, and the ' +
        'arguments of every tf.layers layer, but got unknown ["weight"].',
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

  it('a SymbolicTensor of another model', async () => {
    const other = functional();
    await expectRefusal(
      functional(),
      {...CENTER_LOSS, featureLayer: other.getLayer('embedding').output as tf.SymbolicTensor},
      'attachCenterLoss(): expected featureLayer to be one of ["x","embedding","logits"], but got ' +
        `${JSON.stringify((other.getLayer('embedding').output as tf.SymbolicTensor).name)}, which is of another model.`,
    );
  });

  it('a name that is unknown at every depth, and lists those that are known', async () => {
    await expectRefusal(
      nestedFeatures(),
      {...CENTER_LOSS, featureLayer: 'embeddings'},
      'attachCenterLoss(): expected featureLayer to be one of ["x","body","head","logits","logits_input",' +
        '"inner_x","trunk","back","innermost_x","embedding","widened"], but got "embeddings".',
    );
  });

  it('an unknown name, and lists the names nearest to the output where there are many', async () => {
    const names = Array.from({length: 30}, (_, i) => `dense_${i}`);
    const x = xInput();
    const outputs = names.reduce((last, name, i) => apply(dense(2, name, i + 1), last), x);
    await expectRefusal(
      tf.model({inputs: x, outputs}),
      {...CENTER_LOSS, featureLayer: 'dense'},
      `attachCenterLoss(): expected featureLayer to be one of the last 20 of 31 layers, ` +
        `${JSON.stringify(names.slice(-20))}, but got "dense".`,
    );
  });

  it('a layer of a nested model that is used twice', async () => {
    const inner = functional();
    const [x, other] = [xInput(), xInput('other')];
    const outputs = apply(tf.layers.add(), [apply(inner, x), apply(inner, other)]);
    await expectRefusal(
      tf.model({inputs: [x, other], outputs}),
      CENTER_LOSS,
      'attachCenterLoss(): expected featureLayer to have one output in the model, but "embedding" has 2. ' +
        'Give one of them, a tf.SymbolicTensor, or apply a CenterLossLayer to each of them instead.',
    );
  });

  it('arguments without featureLayer, or none at all', async () => {
    const message =
      'attachCenterLoss(): expected featureLayer to be one of ["x","embedding","logits"], but got undefined.';
    await expectRefusal(functional(), {numClasses: NUM_CLASSES} as AttachCenterLossArgs, message);
    await expectRefusal(functional(), undefined as unknown as AttachCenterLossArgs, message);
  });

  it('a classifier whose weights are all frozen, and says what to do', async () => {
    const classifier = functional();
    classifier.trainable = false;
    await expectRefusal(
      classifier,
      CENTER_LOSS,
      'attachCenterLoss(): expected a classifier with weights to train, but all 4 of ' +
        `${JSON.stringify(classifier.name)} are frozen. Set trainable = true for the layers that shall learn. ` +
        'For the centers of a network that stays as it is, use updateCenters().',
    );
  });

  it('the name of a layer in a nested model for the CenterLossLayer: the file could not be loaded', () => {
    const {model: inner} = centeredClassifier();
    const [x, label] = [xInput('outer_x'), tf.input({shape: [1], name: 'outer_label'})];
    const features = apply(dense(FEATURE_DIM, 'outer', 3), apply(inner, [x, label]));
    const classifier = tf.model({inputs: [x, label], outputs: features});
    expect(() => attachCenterLoss(classifier, {...CENTER_LOSS, featureLayer: 'outer'})).toThrow(
      'attachCenterLoss(): expected name to be new to the model, but got "center_loss".',
    );
    classifier.dispose();
  });

  it('what is no model of layers: a GraphModel, a model of another copy of TensorFlow.js, anything else', () => {
    const wanted =
      '(): expected a tf.LayersModel, as tf.model(), tf.sequential() and tf.loadLayersModel() give it, ' + 'but got ';
    const graphModel = new tf.GraphModel('nowhere');
    const gotGraphModel =
      'a tf.GraphModel. It has no layers, and its weights cannot be trained. What it predicts can serve as features: ' +
      'train a small tf.LayersModel on that and attach center loss to it, or enrol it in a Recognizer, which needs no ' +
      'training: docs/transfer.md of this package has both.';
    const others: [unknown, string][] = [
      [graphModel, gotGraphModel],
      [{layers: []}, 'a model of another copy of @tensorflow/tfjs-layers. Let the program have one copy.'],
      [{}, 'another object.'],
      [undefined, 'undefined.'],
      ['model.json', '"model.json".'],
    ];
    for (const [other, got] of others) {
      expectError(
        () => attachCenterLoss(other as tf.LayersModel, CENTER_LOSS),
        'ValueError',
        `attachCenterLoss${wanted}${got}`,
      );
    }
    for (const [name, use] of Object.entries({detachCenterLoss, centerLossLayerOf, featureModel})) {
      const message = `${name}${wanted}${gotGraphModel}`;
      expectError(() => use(graphModel as unknown as tf.LayersModel), 'ValueError', message);
    }
  });

  it('inputs of another copy of TensorFlow.js, in the layer as well', () => {
    const own = tf.input({shape: [4]});
    // What the other copy makes has the same members, and another class.
    const foreign = Object.assign({}, own);
    const message =
      "CenterLossLayer 'mine': expected tensors, but got at least one of another copy of @tensorflow/tfjs-layers. " +
      'Let the program have one copy.';
    for (const inputs of [foreign, [foreign, foreign], [own, foreign]]) {
      expectError(() => new CenterLossLayer({numClasses: 3, name: 'mine'}).apply(inputs), 'ValueError', message);
    }
    // Not everything that is no tensor comes from another copy.
    const nothing = null as unknown as tf.SymbolicTensor;
    expect(() => new CenterLossLayer({numClasses: 3}).apply([own, nothing])).not.toThrow('another copy');
  });
});
