import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, CenterLossLayer, detachCenterLoss} from '../../lib/index.js';
import {
  apply,
  BATCH_SIZE,
  branching,
  CENTER_LOSS,
  centersOf,
  CLASSIFIERS,
  freeVariablesAfterEach,
  functional,
  inputNamesOf,
  predictionsOf,
  sequential,
  train,
  variablesOf,
  xInput,
} from '../support/classifiers.js';
import {centeredClassifier, dense, FEATURE_DIM, INPUT_DIM, makeBatch, NUM_CLASSES} from '../support/networks.js';
import {expectReloaded, reloadModel as reload} from '../support/round_trip.js';
import {expectError} from '../support/tensors.js';

freeVariablesAfterEach();

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
      const {centers} = centerLossLayerOf(attached);
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

  it('can be used twice, for features at two places', async () => {
    const classifier = branching();
    const once = attachCenterLoss(classifier, CENTER_LOSS);
    const twice = attachCenterLoss(once, {...CENTER_LOSS, featureLayer: 'hidden', name: 'second'});
    expect(inputNamesOf(twice)).toEqual(['x', 'label', 'label_1']);
    await train(twice);
    const second = await (twice.getLayer('second') as CenterLossLayer).centers.data();
    expect(second.every((value) => value === 0)).toBe(false);
    const first = await (twice.getLayer('center_loss') as CenterLossLayer).centers.data();
    expect(Array.from(first)).not.toEqual(new Array(NUM_CLASSES * FEATURE_DIM).fill(0));
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
