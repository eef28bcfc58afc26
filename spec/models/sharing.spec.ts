import * as tf from '@tensorflow/tfjs';
import {centerLoss, CenterLossLayer, softmaxCrossEntropy, updateCenters} from '../../lib/index.js';
import {
  centeredClassifier,
  compile,
  dense,
  featuresOf,
  INPUT_DIM,
  makeBatch,
  NUM_CLASSES,
  valueOf,
} from '../support/networks.js';
import type {Batch} from '../support/networks.js';
import {expectClose} from '../support/tolerance.js';

const BATCH_SIZE = 8;

/** One full-batch step by fit: the losses that the history holds. */
async function fitOnce(
  model: tf.LayersModel,
  inputs: tf.Tensor[],
  targets: tf.Tensor,
): Promise<Record<string, number>> {
  const {history} = await model.fit(inputs, targets, {batchSize: BATCH_SIZE, shuffle: false, verbose: 0});
  return Object.fromEntries(Object.entries(history).map(([key, values]) => [key, Number(values[0])]));
}

function softmaxOf(model: tf.LayersModel, inputs: tf.Tensor[], targets: tf.Tensor): Promise<number> {
  return valueOf(tf.mean(softmaxCrossEntropy(targets, model.predict(inputs) as tf.Tensor)));
}

/** Two images, one embedding and one layer for both, one classification of the pair. */
function twoBranches(args: {alpha?: number} = {}) {
  const [a, b] = ['a', 'b'].map((name) => tf.input({shape: [INPUT_DIM], name}));
  const [labelA, labelB] = ['labelA', 'labelB'].map((name) => tf.input({shape: [1], name}));
  const embedding = dense(3, 'embedding', 1);
  const layer = new CenterLossLayer({numClasses: NUM_CLASSES, lossWeight: 0.1, centersInitializer: 'ones', ...args});
  const branch = (x?: tf.SymbolicTensor, label?: tf.SymbolicTensor) =>
    layer.apply([embedding.apply(x ?? []) as tf.SymbolicTensor, label].flatMap((t) => t ?? [])) as tf.SymbolicTensor;
  const joined = tf.layers.concatenate().apply([branch(a, labelA), branch(b, labelB)]);
  const logits = dense(NUM_CLASSES, 'logits', 2).apply(joined) as tf.SymbolicTensor;
  const inputs = [a, labelA, b, labelB].flatMap((t) => t ?? []);
  const model = tf.model({inputs, outputs: logits});
  compile({model, layer});
  return {model, layer};
}

function pairOf(first: Batch, second: Batch): tf.Tensor[] {
  return [first.x, first.labels.expandDims(1), second.x, second.labels.expandDims(1)];
}

describe('A CenterLossLayer in several places', () => {
  it('of one model adds the loss of each place once', async () => {
    const {model, layer} = twoBranches({alpha: 0});
    const [first, second] = [makeBatch(BATCH_SIZE, 1), makeBatch(BATCH_SIZE, 2)];
    const inputs = pairOf(first, second);
    const center =
      (await valueOf(centerLoss(featuresOf(model, first.x), first.labels, layer.centers))) +
      (await valueOf(centerLoss(featuresOf(model, second.x), second.labels, layer.centers)));
    const softmax = await softmaxOf(model, inputs, first.oneHot);

    const evaluated = model.evaluate(inputs, first.oneHot, {batchSize: BATCH_SIZE}) as tf.Scalar[];
    expectClose(await valueOf(evaluated[2] ?? tf.scalar(NaN)), center, 'metric in evaluate');
    const logs = await fitOnce(model, inputs, first.oneHot);
    expectClose(logs['loss'] ?? NaN, softmax + 0.1 * center, 'loss in fit');
    expectClose(logs['centerLoss'] ?? NaN, center, 'metric in fit');
  });

  it('takes each place as a batch of its own, one after the other', async () => {
    const {model, layer} = twoBranches();
    const [first, second] = [makeBatch(BATCH_SIZE, 1), makeBatch(BATCH_SIZE, 2)];
    const featuresA = featuresOf(model, first.x);
    const featuresB = featuresOf(model, second.x);
    // The executor of tf.layers runs the branch of the last input first.
    const movedByB = updateCenters(layer.centers, featuresB, second.labels);
    const movedByBoth = updateCenters(movedByB, featuresA, first.labels);
    await fitOnce(model, pairOf(first, second), first.oneHot);
    expectClose(await layer.centers.data(), await movedByBoth.data());
  });

  it('stays right over several steps and batches', async () => {
    const {model} = twoBranches({alpha: 0});
    const [first, second] = [makeBatch(3 * BATCH_SIZE, 1), makeBatch(3 * BATCH_SIZE, 2)];
    const {history} = await model.fit(pairOf(first, second), first.oneHot, {
      batchSize: BATCH_SIZE,
      epochs: 3,
      verbose: 0,
      validationData: [pairOf(first, second), first.oneHot],
    });
    // Over equal batches the mean metric of the epoch is a third of the whole; nothing piles up from step to step.
    const whole = model.evaluate(pairOf(first, second), first.oneHot, {batchSize: 3 * BATCH_SIZE}) as tf.Scalar[];
    expectClose(3 * Number(history['val_centerLoss']?.[2]), await valueOf(whole[2] ?? tf.scalar(NaN)));
  });
});

describe('Two CenterLossLayers in a model', () => {
  it('each add their loss once and keep centers of their own', async () => {
    const x = tf.input({shape: [INPUT_DIM]});
    const label = tf.input({shape: [1]});
    const inner = new CenterLossLayer({numClasses: NUM_CLASSES, lossWeight: 0.1, name: 'inner'});
    const outer = new CenterLossLayer({numClasses: NUM_CLASSES, lossWeight: 0.02, reduction: 'mean', name: 'outer'});
    const embedding = dense(5, 'embedding', 1);
    const head = dense(NUM_CLASSES, 'head', 2);
    const centered = inner.apply([embedding.apply(x) as tf.SymbolicTensor, label]) as tf.SymbolicTensor;
    const logits = outer.apply([head.apply(centered) as tf.SymbolicTensor, label]) as tf.SymbolicTensor;
    const model = tf.model({inputs: [x, label], outputs: logits});
    model.compile({optimizer: tf.train.sgd(0.1), loss: softmaxCrossEntropy, metrics: [inner.metric(), outer.metric()]});

    const batch = makeBatch(BATCH_SIZE);
    const features = featuresOf(model, batch.x);
    const predicted = head.apply(features) as tf.Tensor;
    const innerLoss = await valueOf(centerLoss(features, batch.labels, inner.centers));
    const outerLoss = await valueOf(centerLoss(predicted, batch.labels, outer.centers, {reduction: 'mean'}));
    const softmax = await valueOf(tf.mean(softmaxCrossEntropy(batch.oneHot, predicted)));
    const logs = await fitOnce(model, [batch.x, batch.labels], batch.oneHot);
    expectClose(logs['loss'] ?? NaN, softmax + 0.1 * innerLoss + 0.02 * outerLoss);
    expect(inner.centers.shape).toEqual([NUM_CLASSES, 5]);
    expect(outer.centers.shape).toEqual([NUM_CLASSES, NUM_CLASSES]);
  });
});

describe('A model with a CenterLossLayer nested in another', () => {
  it('adds its loss once, moves its centers and reports the metric', async () => {
    const {model: nested, layer} = centeredClassifier({lossWeight: 0.1, centersInitializer: 'ones'});
    const x = tf.input({shape: [INPUT_DIM]});
    const label = tf.input({shape: [1]});
    const logits = tf.layers.dense({units: NUM_CLASSES}).apply(nested.apply([x, label]));
    const model = tf.model({inputs: [x, label], outputs: logits as tf.SymbolicTensor});
    compile({model, layer});

    const batch = makeBatch(BATCH_SIZE);
    const features = featuresOf(nested, batch.x);
    const center = await valueOf(centerLoss(features, batch.labels, layer.centers));
    const moved = updateCenters(layer.centers, features, batch.labels);
    const softmax = await softmaxOf(model, [batch.x, batch.labels.expandDims(1)], batch.oneHot);
    const evaluated = model.evaluate([batch.x, batch.labels], batch.oneHot, {batchSize: BATCH_SIZE}) as tf.Scalar[];
    expectClose(await valueOf(evaluated[2] ?? tf.scalar(NaN)), center, 'metric in evaluate');
    const logs = await fitOnce(model, [batch.x, batch.labels], batch.oneHot);
    expectClose(logs['loss'] ?? NaN, softmax + 0.1 * center, 'loss');
    expectClose(logs['centerLoss'] ?? NaN, center, 'metric');
    expectClose(await layer.centers.data(), await moved.data(), 'centers');
  });

  it('nested twice, as in a siamese network, adds the loss of both uses', async () => {
    const {model: nested, layer} = centeredClassifier({lossWeight: 0.1, alpha: 0, centersInitializer: 'ones'});
    const [a, b] = [tf.input({shape: [INPUT_DIM]}), tf.input({shape: [INPUT_DIM]})];
    const [labelA, labelB] = [tf.input({shape: [1]}), tf.input({shape: [1]})];
    const logits = tf.layers
      .add()
      .apply([nested.apply([a, labelA]) as tf.SymbolicTensor, nested.apply([b, labelB]) as tf.SymbolicTensor]);
    const model = tf.model({inputs: [a, labelA, b, labelB], outputs: logits as tf.SymbolicTensor});
    compile({model, layer});
    const [first, second] = [makeBatch(BATCH_SIZE, 1), makeBatch(BATCH_SIZE, 2)];
    const center =
      (await valueOf(centerLoss(featuresOf(nested, first.x), first.labels, layer.centers))) +
      (await valueOf(centerLoss(featuresOf(nested, second.x), second.labels, layer.centers)));
    const inputs = pairOf(first, second);
    const softmax = await softmaxOf(model, inputs, first.oneHot);
    const evaluated = model.evaluate(inputs, first.oneHot, {batchSize: BATCH_SIZE}) as tf.Scalar[];
    expectClose(await valueOf(evaluated[2] ?? tf.scalar(NaN)), center, 'metric in evaluate');
    const logs = await fitOnce(model, inputs, first.oneHot);
    expectClose(logs['loss'] ?? NaN, softmax + 0.1 * center);
  });
});

describe('Two models that share a CenterLossLayer, run one after the other without a gradient,', () => {
  /** One input each, and a layer of their own in between. */
  function twoModels() {
    const layer = new CenterLossLayer({numClasses: NUM_CLASSES, lossWeight: 0.5, centersInitializer: 'ones', alpha: 0});
    const models = [1, 2].map(() => {
      const [x, label] = [tf.input({shape: [INPUT_DIM]}), tf.input({shape: [1]})];
      return tf.model({inputs: [x, label], outputs: layer.apply([x, label]) as tf.SymbolicTensor});
    });
    return {layer, models};
  }

  const run = (model: tf.LayersModel, {x, labels}: Batch, training = true) => {
    tf.dispose(model.apply([x, labels.expandDims(1)], {training}) as tf.Tensor);
  };
  const lossesOf = (models: tf.LayersModel[]) =>
    Promise.all(models.map((model) => valueOf(tf.addN(model.calculateLosses()))));
  const expected = ({x, labels}: Batch, {centers}: CenterLossLayer) =>
    valueOf(tf.mul(0.5, centerLoss(x, labels, centers)));

  it('each get their own loss, once', async () => {
    const {layer, models} = twoModels();
    const batches = [makeBatch(BATCH_SIZE, 1), makeBatch(BATCH_SIZE, 2)];
    // Twice, so that what the first time has left behind would show.
    for (let time = 0; time < 2; time++) {
      models.forEach((model, i) => {
        run(model, batches[i] as Batch);
      });
      expectClose(await lossesOf(models), await Promise.all(batches.map((batch) => expected(batch, layer))));
      expect(await lossesOf(models)).toEqual([0, 0]);
    }
  });

  it('have no losses of earlier runs that nobody asked for', async () => {
    const {layer, models} = twoModels();
    const [first, second] = [makeBatch(BATCH_SIZE, 1), makeBatch(BATCH_SIZE, 2)];
    for (const model of models) {
      run(model, first);
    }
    for (const model of models) {
      run(model, second);
    }
    const own = await expected(second, layer);
    expectClose(await lossesOf(models), [own, own]);
  });

  it('hold on to no more tensors than there are models', () => {
    const {layer, models} = twoModels();
    const batch = makeBatch(BATCH_SIZE, 1);
    const runAll = () => {
      tf.tidy(() => {
        models.forEach((model) => {
          run(model, batch);
        });
      });
      models.forEach((model) => {
        run(model, {...batch, labels: batch.labels.clone()});
      });
    };
    runAll();
    const labels = tf.memory().numTensors;
    runAll();
    // The clones of the labels, and what expandDims() made of them.
    expect(tf.memory().numTensors - labels).toBe(2 * models.length);
    const withLayer = tf.memory().numTensors;
    layer.dispose();
    expect(withLayer - tf.memory().numTensors).toBeLessThanOrEqual(2 + models.length);
  });
});
