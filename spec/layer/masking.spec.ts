import * as tf from '@tensorflow/tfjs';
import {centerLoss, CenterLossLayer, updateCenters} from '../../lib/index.js';
import {itWhere} from '../support/it_where.js';
import {valueOf} from '../support/networks.js';
import {expectClose} from '../support/tolerance.js';

/** Two sequences of four steps; the masking layer masks steps of zeros only. */
const SEQUENCES = [
  [
    [3, 1],
    [1, -1],
    [0, 0],
    [0, 0],
  ],
  [
    [2, 0],
    [2, 2],
    [-1, 1],
    [0, 0],
  ],
];
const IS_STEP = SEQUENCES.flat().map((step) => step.some((value) => value !== 0));
const LABELS = [
  [0, 1, 1, 1],
  [1, 0, 0, 1],
];

const pick = <T>(values: T[]): T[] => values.filter((_, i) => IS_STEP[i]);

/** A class for each step of masked sequences. */
function sequenceModel(labelShape: number[], args: {ignoreClass?: number} = {}) {
  const steps = tf.input({shape: [4, 2], name: 'steps'});
  const label = tf.input({shape: labelShape, name: 'label'});
  const masked = tf.layers.masking({maskValue: 0}).apply(steps);
  const features = tf.layers.dense({units: 2, kernelInitializer: 'identity'}).apply(masked) as tf.SymbolicTensor;
  const layer = new CenterLossLayer({numClasses: 2, lossWeight: 1, centersInitializer: 'ones', ...args});
  const centered = layer.apply([features, label]) as tf.SymbolicTensor;
  return {steps, label, features, layer, model: tf.model({inputs: [steps, label], outputs: centered})};
}

/**
 * Takes a mask and drops the masked axis, as recurrent layers do; those fail on WebGPU, which transposes no masks
 * (TensorFlow.js 4.22).
 */
class FirstStep extends tf.layers.Layer {
  static readonly className = 'FirstStep';
  override supportsMasking = true;

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const sequences = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
    return tf.tidy(() => tf.squeeze(tf.slice(sequences, [0, 0, 0], [-1, 1, -1]), [1]));
  }

  override computeOutputShape([batch, , width]: number[]): number[] {
    return [batch ?? NaN, width ?? NaN];
  }

  override computeMask(): tf.Tensor {
    // tf.layers means null where it types a tensor.
    return null as unknown as tf.Tensor;
  }
}

/** The features and labels of the steps that are not masked. */
function unmasked(): {features: tf.Tensor; labels: tf.Tensor} {
  return {features: tf.tensor2d(pick(SEQUENCES.flat())), labels: tf.tensor1d(pick(LABELS.flat()))};
}

/** A step without other losses: what the layer adds is the whole. */
async function trainingLoss(model: tf.LayersModel, inputs: tf.Tensor[]): Promise<number> {
  model.compile({
    optimizer: tf.train.sgd(0),
    loss: (_target: tf.Tensor, output: tf.Tensor) => tf.mul<tf.Scalar>(tf.sum(output), 0),
  });
  const target = tf.zerosLike(model.predict(inputs) as tf.Tensor);
  const {history} = await model.fit(inputs, target, {batchSize: 2, shuffle: false, verbose: 0});
  return Number(history['loss']?.[0]);
}

describe('A mask on the features', () => {
  it('keeps masked steps out of loss and update, whatever the form of the labels', async () => {
    const forms: [number[], tf.Tensor][] = [
      [[4], tf.tensor2d(LABELS)],
      [[4, 1], tf.tensor2d(LABELS).expandDims(2)],
      [[4, 2], tf.oneHot(tf.tensor2d(LABELS, [2, 4], 'int32'), 2)],
    ];
    for (const [labelShape, labels] of forms) {
      const {model, layer} = sequenceModel(labelShape);
      const {features, labels: unmaskedLabels} = unmasked();
      const expectedLoss = await valueOf(centerLoss(features, unmaskedLabels, layer.centers));
      const expectedCenters = updateCenters(layer.centers, features, unmaskedLabels);
      expectClose(await trainingLoss(model, [tf.tensor3d(SEQUENCES), labels]), expectedLoss);
      expectClose(await layer.centers.data(), await expectedCenters.data());
    }
  });

  it('spares the labels of masked steps the check: padding may hold anything', async () => {
    const {model} = sequenceModel([4]);
    const padded = tf.tensor2d(
      LABELS.flat().map((label, i) => (IS_STEP[i] ? label : -7)),
      [2, 4],
    );
    await expect(trainingLoss(model, [tf.tensor3d(SEQUENCES), padded])).resolves.toBeGreaterThan(0);
    // A GPU tells of a bad label in a following step.
    await expect(trainingLoss(model, [tf.tensor3d(SEQUENCES), padded])).resolves.toBeGreaterThan(0);
  });

  it('does not spare the labels of the other steps', async () => {
    const {model, layer} = sequenceModel([4]);
    const bad = tf.tensor2d(
      LABELS.flat().map((label, i) => (i === 0 ? -7 : label)),
      [2, 4],
    );
    const twice = async () => {
      await trainingLoss(model, [tf.tensor3d(SEQUENCES), bad]);
      await layer.centers.data();
      await trainingLoss(model, [tf.tensor3d(SEQUENCES), bad]);
    };
    await expect(twice()).rejects.toThrow('but got -7 at index 0.');
  });

  it('goes together with ignoreClass', async () => {
    const {model, layer} = sequenceModel([4], {ignoreClass: 1});
    const {features, labels} = unmasked();
    const expected = await valueOf(centerLoss(features, labels, layer.centers, {ignoreClass: 1}));
    expectClose(await trainingLoss(model, [tf.tensor3d(SEQUENCES), tf.tensor2d(LABELS)]), expected);
  });

  it('works in a nested model', async () => {
    const {model: nested, layer} = sequenceModel([4]);
    const {features, labels} = unmasked();
    const expected = await valueOf(centerLoss(features, labels, layer.centers));
    const steps = tf.input({shape: [4, 2]});
    const label = tf.input({shape: [4]});
    const model = tf.model({inputs: [steps, label], outputs: nested.apply([steps, label]) as tf.SymbolicTensor});
    expectClose(await trainingLoss(model, [tf.tensor3d(SEQUENCES), tf.tensor2d(LABELS)]), expected);
  });

  it('is handed on to the layers behind', () => {
    const {layer} = sequenceModel([4]);
    const mask = tf.tensor1d([true, false], 'bool');
    expect(layer.computeMask([tf.zeros([2, 2]), tf.zeros([2])], [mask, tf.zeros([2])])).toBe(mask);
    expect(layer.computeMask(tf.zeros([2, 2]), mask)).toBe(mask);
    expect(layer.computeMask(tf.zeros([2, 2]))).toBeUndefined();
  });

  const itWhereMasksTranspose = itWhere(
    tf.getBackend() !== 'webgpu',
    'TensorFlow.js cannot transpose masks on webgpu, as recurrent layers do',
  );
  itWhereMasksTranspose('reaches a recurrent layer behind', async () => {
    const steps = tf.input({shape: [4, 2]});
    const label = tf.input({shape: [4]});
    const masked = tf.layers.masking({maskValue: 0}).apply(steps) as tf.SymbolicTensor;
    const recurrent = tf.layers.simpleRNN({units: 2});
    const without = tf.model({inputs: steps, outputs: recurrent.apply(masked) as tf.SymbolicTensor});
    const centered = new CenterLossLayer({numClasses: 4}).apply([masked, label]);
    const behind = tf.model({inputs: [steps, label], outputs: recurrent.apply(centered) as tf.SymbolicTensor});
    const x = tf.tensor3d(SEQUENCES).mul(tf.tensor3d([1, 1, 0, 0], [1, 4, 1]));
    const expected = await (without.predict(x) as tf.Tensor).data();
    expectClose(await (behind.predict([x, tf.zeros([x.shape[0], 4])]) as tf.Tensor).data(), expected);
  });

  it('over the first axis of feature maps holds for all of a sample', async () => {
    const layer = new CenterLossLayer({numClasses: 2, lossWeight: 1});
    const loss = tf.tidy(() => {
      layer.apply([tf.ones([2, 3, 2]), tf.zeros([2, 3])], {
        training: true,
        mask: tf.tensor1d([true, false], 'bool'),
      });
      return layer.calculateLosses()[0] ?? tf.scalar(NaN);
    });
    expectClose(await valueOf(loss), 3);
  });

  it('of an axis that the features no longer have is not theirs', async () => {
    const {steps, features: sequence} = sequenceModel([4]);
    const label = tf.input({shape: [1]});
    const summary = new FirstStep().apply(sequence) as tf.SymbolicTensor;
    const layer = new CenterLossLayer({numClasses: 2, lossWeight: 1, centersInitializer: 'ones'});
    const output = layer.apply([summary, label]) as tf.SymbolicTensor;
    const model = tf.model({inputs: [steps, label], outputs: output});
    const inputs = [tf.tensor3d(SEQUENCES), tf.tensor2d([[0], [1]])];
    const features = model.predict(inputs) as tf.Tensor;
    const expected = await valueOf(centerLoss(features, tf.tensor1d([0, 1]), layer.centers));
    expectClose(await trainingLoss(model, inputs), expected);
  });
});
