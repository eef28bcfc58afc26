import * as tf from '@tensorflow/tfjs';
import {
  attachCenterLoss,
  centerLoss,
  centerLossLayerOf,
  CenterLossLayer,
  softmaxCrossEntropy,
  updateCenters,
} from '../../lib/index.js';
import {BATCH_SIZE, freeVariablesAfterEach, functional, xInput} from '../support/classifiers.js';
import {
  centeredClassifier,
  dense,
  FEATURE_DIM,
  INPUT_DIM,
  makeBatch,
  NUM_CLASSES,
  valuesOf,
} from '../support/networks.js';
import {reload} from '../support/saving.js';
import {disposeAfterEach} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const FEATURES = [
  [1, 2],
  [3, -1],
];
const LABELS = [1, 0];

function layerOn(features: tf.Tensor, labels: tf.Tensor, args: {lossWeight?: number} = {}) {
  const layer = new CenterLossLayer({numClasses: 2, centersInitializer: 'ones', ...args});
  tf.dispose(layer.apply([features, labels]) as tf.Tensor);
  return layer;
}

describe('A CenterLossLayer that is given a third input', () => {
  disposeAfterEach();

  it('gives it back unchanged, of any shape and dtype, in training and inference', async () => {
    const [features, labels] = [tf.tensor2d(FEATURES), tf.tensor1d(LABELS)];
    const layer = layerOn(features, labels);
    for (const output of [
      tf.tensor1d([5, 6]),
      tf.ones([2, 3, 1]),
      tf.tensor2d([[7], [8]], [2, 1], 'int32'),
      features,
    ]) {
      for (const training of [false, true]) {
        const given = layer.apply([features, labels, output], {training}) as tf.Tensor;
        expect([given.shape, given.dtype]).toEqual([output.shape, output.dtype]);
        expect(Array.from(await given.data())).toEqual(Array.from(await output.data()));
        expect(given).not.toBe(output);
      }
    }
    layer.dispose();
  });

  it('records the loss of the features and moves the centers by them', async () => {
    const [features, labels] = [tf.tensor2d(FEATURES), tf.tensor1d(LABELS)];
    const layer = layerOn(features, labels, {lossWeight: 0.5});
    const expectedLoss = tf.mul(centerLoss(features, labels, layer.centers), 0.5);
    const expectedCenters = updateCenters(layer.centers, features, labels);
    layer.apply([features, labels, tf.tensor1d([100, -100])], {training: true});
    expectClose(await (layer.calculateLosses()[0] as tf.Scalar).data(), await expectedLoss.data());
    expectClose(await layer.centers.data(), await expectedCenters.data());
    layer.dispose();
  });

  it('hands the gradient of its output to the third input, and that of its loss to the features', async () => {
    const [features, labels, output] = [tf.tensor2d(FEATURES), tf.tensor1d(LABELS), tf.tensor1d([5, 6])];
    const layer = layerOn(features, labels, {lossWeight: 0.5});
    const [byFeatures, byOutput] = tf.grads((x, y) => {
      const given = layer.apply([x, labels, y], {training: true}) as tf.Tensor;
      return tf.add(tf.sum(tf.mul(given, tf.tensor1d([3, 4]))), layer.calculateLosses()[0] as tf.Scalar);
    })([features, output]);
    expect(Array.from(await (byOutput as tf.Tensor).data())).toEqual([3, 4]);
    // Half the differences to the centers, which were ones.
    expectClose(await (byFeatures as tf.Tensor).data(), [0, 0.5, 1, -1]);
    layer.dispose();
  });

  it('refuses a fourth', () => {
    const layer = new CenterLossLayer({numClasses: 2, name: 'center_loss'});
    const [features, labels] = [tf.tensor2d(FEATURES), tf.tensor1d(LABELS)];
    expect(() => layer.apply([features, labels, features, features])).toThrow(
      "CenterLossLayer 'center_loss': expected [features, labels], [features, labels, output] or features alone, " +
        'but got 4 inputs.',
    );
  });
});

describe('A model whose output is tapped', () => {
  freeVariablesAfterEach();

  it('trains to the bit as one in which the features go through the layer', async () => {
    const args = {numClasses: NUM_CLASSES, lossWeight: 0.1, alpha: 0.5, name: 'center_loss'};
    const inPath = centeredClassifier(args, [null]);
    const tapped = attachCenterLoss(functional(), {featureLayer: 'embedding', ...args});
    const results = [];
    for (const model of [inPath.model, tapped]) {
      const batch = makeBatch(BATCH_SIZE);
      model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [centerLossLayerOf(model).metric()]});
      const {history} = await model.fit([batch.x, batch.labels], batch.oneHot, {
        epochs: 3,
        batchSize: BATCH_SIZE,
        shuffle: false,
        verbose: 0,
      });
      // The layers stand in another order.
      const weights = ['embedding', 'logits', 'center_loss'].flatMap((name) => model.getLayer(name).getWeights());
      results.push({history, weights: await valuesOf(weights)});
      tf.dispose([batch.x, batch.labels, batch.oneHot]);
      model.dispose();
    }
    expect(results[1]).toEqual(results[0]);
  });

  it('written by hand is saved and loaded as such', async () => {
    const [x, label] = [xInput(), tf.input({shape: [1], name: 'label'})];
    const features = dense(FEATURE_DIM, 'embedding', 1).apply(x) as tf.SymbolicTensor;
    const logits = dense(NUM_CLASSES, 'logits', 2).apply(features) as tf.SymbolicTensor;
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss'});
    const outputs = layer.apply([features, label, logits]) as tf.SymbolicTensor;
    expect(outputs.shape).toEqual([null, NUM_CLASSES]);
    const model = tf.model({inputs: [x, label], outputs});
    const {model: loaded} = await reload(model);
    const names = [loaded.getLayer('center_loss').input].flat().map(({sourceLayer}) => sourceLayer.name);
    expect(names).toEqual(['embedding', 'label', 'logits']);
    const inputs = [tf.ones([2, INPUT_DIM]), tf.zeros([2, 1])];
    const [expected, predicted] = [model.predict(inputs), loaded.predict(inputs)] as [tf.Tensor, tf.Tensor];
    expect(Array.from(await predicted.data())).toEqual(Array.from(await expected.data()));
    tf.dispose([inputs, expected, predicted]);
  });

  it('has the mask of the third input on its output, and takes the mask of the features for its samples', async () => {
    const steps = tf.input({shape: [2, 1], name: 'steps'});
    const label = tf.input({shape: [2, 1], name: 'label'});
    const masked = tf.layers.masking({maskValue: 0}).apply(steps) as tf.SymbolicTensor;
    const features = tf.layers.dense({units: 1, kernelInitializer: 'ones'}).apply(masked) as tf.SymbolicTensor;
    const layer = new CenterLossLayer({numClasses: 2, lossWeight: 1, centersInitializer: 'ones'});
    const [maskOfFeatures, maskOfOutput] = [tf.tensor1d([1]), tf.tensor1d([2])];
    const model = tf.model({
      inputs: [steps, label],
      outputs: layer.apply([features, label, steps]) as tf.SymbolicTensor,
    });
    const masks = [maskOfFeatures, undefined, maskOfOutput] as tf.Tensor[];
    expect(layer.computeMask([], masks)).toBe(maskOfOutput);
    expect(layer.computeMask([], masks.slice(0, 2))).toBe(maskOfFeatures);

    const [x, labels] = [tf.tensor3d([[[3], [0]]]), tf.tensor3d([[[0], [-7]]])];
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const {history} = await model.fit([x, labels], x, {verbose: 0});
    // Half the squared distance of 3 to 1; the step of 0 is masked, and its label not read.
    expect(history['loss']).toEqual([2]);
    model.dispose();
    tf.dispose([x, labels, maskOfFeatures, maskOfOutput]);
  });
});

describe('A CenterLossLayer in a model that gives it no labels', () => {
  freeVariablesAfterEach();

  const message =
    "CenterLossLayer 'center_loss': expected labels in a training pass, but the model gives the layer features alone, " +
    'as every tf.sequential() does: nothing would be learned. Use attachCenterLoss(), or a functional model that ' +
    'applies the layer to [features, labels].';

  it('refuses to train in a sequential model, and leaves nothing behind', async () => {
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES, name: 'center_loss'});
    const model = tf.sequential({
      layers: [tf.layers.dense({units: FEATURE_DIM, inputShape: [INPUT_DIM]}), layer, dense(NUM_CLASSES, 'logits', 2)],
    });
    const {x, labels, oneHot} = makeBatch(BATCH_SIZE);
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const before = tf.memory().numTensors;
    await expect(model.trainOnBatch(x, oneHot)).rejects.toThrow(message);
    tf.dispose(model.predict(x));
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    tf.dispose([x, labels, oneHot]);
  });

  it('lets the inference model of a training model train on without center loss', async () => {
    const {model, layer} = centeredClassifier();
    const x = xInput('images');
    const features = model.getLayer('embedding').apply(x) as tf.SymbolicTensor;
    const inference = tf.model({inputs: x, outputs: layer.apply(features) as tf.SymbolicTensor});
    const inputs = tf.ones([2, INPUT_DIM]);
    const target = tf.zeros([2, FEATURE_DIM]);
    inference.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    await expect(inference.fit(inputs, target, {verbose: 0})).resolves.toBeDefined();
    inference.dispose();
    tf.dispose([inputs, target]);
  });
});
