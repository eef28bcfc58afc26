import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, softmaxCrossEntropy, UnseenClasses} from '../../lib/index.js';
import {compactness, equalErrorRate, recallAt1} from '../../lib/recognition/index.js';
import {freeVariablesAfterEach} from '../support/classifiers.js';
import {expectError} from '../support/tensors.js';

freeVariablesAfterEach();

/** Two classes, apart along the first axis and spread along the second. */
const SAMPLES = [
  [0, 0],
  [0, 4],
  [3, 0.5],
  [3, 5],
];
const LABELS = ['a', 'a', 'b', 'b'];

/** Features are the kernel of the embedding times the sample. */
function trainingModel(): tf.LayersModel {
  const embedding = tf.layers.dense({
    inputShape: [2],
    units: 2,
    useBias: false,
    kernelInitializer: 'identity',
    name: 'embedding',
  });
  const classifier = tf.sequential({layers: [embedding, tf.layers.dense({units: 3})]});
  return attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 3});
}

/** A kernel that stretches the axes by so much. */
const stretch = (first: number, second: number) => [
  [first, 0],
  [0, second],
];

/** Gives the embedding another kernel in each epoch, before the others look at it. */
function kernels(model: tf.LayersModel, byEpoch: number[][][]): tf.CustomCallback {
  return new tf.CustomCallback({
    onEpochEnd: (epoch) => {
      tf.tidy(() => {
        model.getLayer('embedding').setWeights([tf.tensor2d(byEpoch[epoch] ?? [])]);
      });
    },
  });
}

const kernelOf = (model: tf.LayersModel) => model.getLayer('embedding').getWeights()[0]?.arraySync();

/** Runs the callbacks: training itself changes nothing. */
async function fit(
  model: tf.LayersModel,
  epochs: number,
  callbacks: (tf.Callback | tf.CustomCallback)[],
): Promise<tf.History> {
  const optimizer = tf.train.sgd(0);
  model.compile({optimizer, loss: softmaxCrossEntropy});
  const [x, ids, targets] = [tf.ones([3, 2]), tf.tensor1d([0, 1, 2], 'int32'), tf.eye(3)];
  try {
    return await model.fit([x, ids], targets, {epochs, verbose: 0, callbacks});
  } finally {
    tf.dispose([x, ids, targets]);
    optimizer.dispose();
  }
}

describe('UnseenClasses', () => {
  let inputs: tf.Tensor2D;
  beforeEach(() => {
    inputs = tf.tensor2d(SAMPLES);
  });
  afterEach(() => {
    inputs.dispose();
  });

  it('adds to the logs of each epoch, and to the history, what the functions of recognition measure', async () => {
    const model = trainingModel();
    const seen: tf.Logs[] = [];
    const {history} = await fit(model, 2, [
      kernels(model, [stretch(1, 1), stretch(2, 1)]),
      new UnseenClasses({inputs, labels: LABELS}),
      // As what tfjs-vis gives for its charts.
      new tf.CustomCallback({onEpochEnd: (_, logs = {}) => void seen.push({...logs})}),
    ]);
    const features = [1, 2].map((first) => SAMPLES.map(([x = NaN, y = NaN]) => [first * x, y]));
    const distance = ([x = NaN, y = NaN]: number[], [z = NaN, w = NaN]: number[]) => -Math.hypot(x - z, y - w);
    const rates = features.map(([a = [], b = [], c = [], d = []]) =>
      equalErrorRate(
        [distance(a, b), distance(c, d)],
        [distance(a, c), distance(a, d), distance(b, c), distance(b, d)],
      ),
    );
    expect(history['unseen_equalErrorRate']).toEqual(rates.map(({rate}) => rate));
    expect(history['unseen_recallAt1']).toEqual(await Promise.all(features.map((rows) => recallAt1(rows, LABELS))));
    expect(history['unseen_compactness']).toEqual(
      (await Promise.all(features.map((rows) => compactness(rows, LABELS)))).map(({ratio}) => ratio),
    );
    expect(seen.map((logs) => logs['unseen_recallAt1'])).toEqual(history['unseen_recallAt1']);
    expect(new Set(history['unseen_equalErrorRate']).size).toBe(2);
  });

  it('is what early stopping can follow', async () => {
    const model = trainingModel();
    const {epoch} = await fit(model, 5, [
      kernels(model, [stretch(1, 1), stretch(2, 1), stretch(1, 1), stretch(1, 1), stretch(1, 1)]),
      new UnseenClasses({inputs, labels: LABELS}),
      tf.callbacks.earlyStopping({monitor: 'unseen_equalErrorRate', patience: 2}),
    ]);
    expect(epoch).toEqual([0, 1, 2, 3]);
  });

  it('brings the weights of the best epoch back, if asked to', async () => {
    for (const restoreBestWeights of [true, false]) {
      const model = trainingModel();
      const unseen = new UnseenClasses({inputs, labels: LABELS, restoreBestWeights});
      await fit(model, 4, [kernels(model, [stretch(1, 1), stretch(2, 1), stretch(4, 2), stretch(0.5, 1)]), unseen]);
      expect(unseen.best).toEqual({epoch: 1, equalErrorRate: 0});
      expect(kernelOf(model)).toEqual(restoreBestWeights ? stretch(2, 1) : stretch(0.5, 1));
      model.dispose();
    }
  });

  it('begins anew with each training, and leaves no tensors', async () => {
    const model = trainingModel();
    const unseen = new UnseenClasses({inputs, labels: LABELS, restoreBestWeights: true});
    await fit(model, 1, [kernels(model, [stretch(2, 1)]), unseen]);
    const before = tf.memory().numTensors;
    await fit(model, 2, [kernels(model, [stretch(1, 1), stretch(0.5, 1)]), unseen]);
    expect(tf.memory().numTensors).toBe(before);
    expect(unseen.best).toEqual({epoch: 0, equalErrorRate: 0.5});
    expect(kernelOf(model)).toEqual(stretch(1, 1));
  });

  it('works with fitDataset', async () => {
    const model = trainingModel();
    model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy});
    const dataset = tf.data.generator(function* () {
      for (;;) {
        yield {xs: [tf.ones([2, 2]), tf.tensor1d([0, 1], 'int32')], ys: tf.tensor1d([0, 1], 'int32')};
      }
    });
    const {history} = await model.fitDataset(dataset as tf.data.Dataset<never>, {
      epochs: 2,
      batchesPerEpoch: 1,
      verbose: 0,
      callbacks: [new UnseenClasses({inputs, labels: LABELS})],
    });
    expect(history['unseen_recallAt1']).toHaveLength(2);
    model.dispose();
  });

  it('takes labels that look alike, one a number and one a name, for two', async () => {
    const model = trainingModel();
    const {history} = await fit(model, 1, [new UnseenClasses({inputs, labels: [1, 1, '1', '1']})]);
    expect(history['unseen_equalErrorRate']).toEqual([0.5]);
  });

  it.each([
    ['are not finite', stretch(NaN, 1)],
    ['are all alike', stretch(0, 0)],
  ])('reports NaN where features %s, which is never the best', async (_, kernel) => {
    const model = trainingModel();
    const unseen = new UnseenClasses({inputs, labels: LABELS, restoreBestWeights: true});
    const {history} = await fit(model, 2, [kernels(model, [stretch(1, 1), kernel]), unseen]);
    expect(['equalErrorRate', 'recallAt1', 'compactness'].map((name) => history[`unseen_${name}`]?.[1])).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
    expect(unseen.best?.epoch).toBe(0);
    expect(kernelOf(model)).toEqual(stretch(1, 1));
  });

  it('refuses what it cannot measure by', async () => {
    const classes = (labels: string[]) => () => new UnseenClasses({inputs, labels});
    const expected = 'UnseenClasses: expected labels of at least two classes, one of them with two samples, but got';
    expectError(classes(['a', 'a', 'a', 'a']), 'ValueError', `${expected} 1 classes of 4 samples.`);
    expectError(classes(['a', 'b', 'c', 'd']), 'ValueError', `${expected} 4 classes of 4 samples.`);
    expectError(
      () => new UnseenClasses({inputs, labels: LABELS, patience: 3} as never),
      'ValueError',
      'UnseenClasses: expected inputs, labels, restoreBestWeights, but got unknown ["patience"].',
    );
    expectError(
      () => new UnseenClasses({inputs: [inputs], labels: ['a', 'a', 'b']}),
      'ValueError',
      'UnseenClasses: expected one label a sample, but got 3 labels for 4 samples.',
    );
    const sequence = tf.sequential({
      layers: [
        tf.layers.dense({inputShape: [3, 2], units: 2, name: 'embedding'}),
        tf.layers.flatten(),
        tf.layers.dense({units: 3}),
      ],
    });
    const inSteps = tf.zeros([4, 3, 2]);
    const unseen = new UnseenClasses({inputs: inSteps, labels: LABELS});
    unseen.setModel(attachCenterLoss(sequence, {featureLayer: 'embedding', numClasses: 3}));
    await expect(unseen.onEpochEnd(0)).rejects.toThrow(
      'UnseenClasses: expected features of shape [4, width], but got shape [4,3,2].',
    );
    inSteps.dispose();
  });
});
