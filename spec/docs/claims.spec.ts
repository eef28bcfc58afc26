import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {
  attachCenterLoss,
  centerLoss,
  CenterLossLayer,
  detachCenterLoss,
  softmaxCrossEntropy,
  updateCenters,
} from 'tfjs-center-loss';
import {fakeBrowserStorage} from './browser_storage.js';
import {makeExampleData} from './example_data.js';
import type {ExampleData} from './example_data.js';

const TROUBLES = readFileSync(path.resolve(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');

beforeAll(async () => {
  fakeBrowserStorage();
  // Keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('The page on troubleshooting', () => {
  const CAUSES: [string, (data: ExampleData) => unknown][] = [
    [
      'target expected a batch of elements where each example has shape',
      ({model, images, labels}) => model.fit([images, labels], labels),
    ],
    ...(['fit', 'evaluate', 'trainOnBatch'] as const).map((name): [string, (data: ExampleData) => unknown] => [
      'expects 2 Tensor(s), but only received one Tensor',
      ({model, images, targets}) => model[name](images, targets),
    ]),
    [
      'LayersModel has 2 inputs, but the dataset provides 1 inputs',
      ({model, images, targets}) =>
        model.fitDataset(tf.data.zip({xs: rowsOf(images), ys: rowsOf(targets)}).batch(8), {epochs: 1, verbose: 0}),
    ],
    [
      'LayersModel has 2 inputs, but the dataset provides 1 inputs',
      ({model, images, labels, targets}) => {
        const samples = tf.data.zip({images: rowsOf(images), labels: rowsOf(labels), ys: rowsOf(targets)});
        const listed = samples.map((it) => {
          const {images: image, labels: label, ys} = it as Record<string, tf.Tensor>;
          return {xs: [image, label], ys};
        });
        return model.fitDataset(listed.batch(8) as tf.data.Dataset<never>, {epochs: 1, verbose: 0});
      },
    ],
    [
      'Unknown entry in loss dictionary',
      ({model}) => {
        model.compile({optimizer: 'sgd', loss: {logits: 'categoricalCrossentropy', center_loss: 'meanSquaredError'}});
      },
    ],
    [
      'expected label to have 3 dimension(s)',
      ({labels, targets}) => {
        const convolution = tf.layers.conv2d({inputShape: [8, 8, 1], filters: 4, kernelSize: 3, name: 'convolution'});
        const layers = [convolution, tf.layers.flatten(), tf.layers.dense({units: 10})];
        const model = attachCenterLoss(tf.sequential({layers}), {featureLayer: 'convolution', numClasses: 10});
        model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy});
        return model.fit([tf.zeros([60, 8, 8, 1]), labels], targets, {verbose: 0});
      },
    ],
    [
      "Argument 'x' passed to 'floor' must be float32 tensor",
      ({model, images, labels}) => {
        model.compile({optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy'});
        return model.fit([images, labels], labels, {verbose: 0});
      },
    ],
    ['Expected to see 2 Tensor(s), but instead got 1', ({model, images}) => model.predict(images)],
    [
      'the Array of Tensors that you are passing to your model is not the size',
      ({model, images, targets}) => model.fit([images], targets),
    ],
    [
      'Unknown metric',
      async ({model, images, labels, targets}) => {
        await model.fit([images, labels], targets, {verbose: 0});
        await model.save('indexeddb://with_optimizer', {includeOptimizer: true});
        await tf.loadLayersModel('indexeddb://with_optimizer');
      },
    ],
    [
      'expected metrics: [layer.metric()]',
      ({model, centerLossLayer, images, labels, targets}) => {
        // eslint-disable-next-line @typescript-eslint/unbound-method
        model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [centerLossLayer.metric as never]});
        return model.fit([images, labels], targets, {verbose: 0});
      },
    ],
    [
      'expected labels to be integers from 0 to',
      ({model, images, labels, targets}) => model.fit([images, labels.add(1)], targets),
    ],
    [
      'Unknown layer: CenterLossLayer',
      async ({model}) => {
        const {className} = CenterLossLayer;
        const {classNameMap} = tf.serialization.SerializationMap.getMap();
        const registered = classNameMap[className];
        const modelTopology = model.toJSON(null, false) as object;
        try {
          Reflect.deleteProperty(classNameMap, className);
          await tf.loadLayersModel(tf.io.fromMemory({modelTopology}));
        } finally {
          classNameMap[className] = registered as NonNullable<typeof registered>;
        }
      },
    ],
  ];

  it.each(CAUSES)('quotes the error: %s', async (message, cause) => {
    expect(TROUBLES).toContain(message);
    await expect(Promise.resolve(makeExampleData()).then(cause)).rejects.toThrow(message);
  });

  it('is right that a layer off the path to an output does nothing', async () => {
    const {images, labels, targets} = makeExampleData();
    const image = tf.input({shape: [64]});
    const label = tf.input({shape: [1]});
    const features = tf.layers.dense({units: 16}).apply(image) as tf.SymbolicTensor;
    const layer = new CenterLossLayer({numClasses: 10});
    layer.apply([features, label]);
    const logits = tf.layers.dense({units: 10}).apply(features) as tf.SymbolicTensor;
    const model = tf.model({inputs: [image, label], outputs: logits});
    model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [layer.metric()]});
    const {history} = await model.fit([images, labels], targets, {verbose: 0});
    expect(history['centerLoss']).toEqual([0]);
    expect(await layer.centers.data()).toEqual(new Float32Array(160));
  });
});

describe('The guide', () => {
  it('is right that two metrics are told apart by number', async () => {
    const {model, centerLossLayer, images, labels, targets} = makeExampleData();
    const metrics = [centerLossLayer.metric(), centerLossLayer.metric()];
    model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics});
    const {history} = await model.fit([images, labels], targets, {verbose: 0});
    expect(Object.keys(history)).toEqual(['loss', 'centerLoss_0', 'centerLoss_1']);
  });

  it('frees everything by its way to dispose', async () => {
    const {numTensors} = tf.memory();
    const {model, classifier, ...others} = makeExampleData();
    await model.fit([others.images, others.labels], others.targets, {verbose: 0});
    model.optimizer.dispose();
    model.dispose();
    classifier.dispose();
    others.backbone.dispose();
    tf.dispose(Object.values(others).filter((value) => value instanceof tf.Tensor));
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('freezes the centers without compiling again', async () => {
    const {model, centerLossLayer, images, labels, targets} = makeExampleData();
    await model.fit([images, labels], targets, {verbose: 0});
    const before = await centerLossLayer.centers.array();
    centerLossLayer.trainable = false;
    await model.fit([images, labels], targets, {verbose: 0});
    expect(await centerLossLayer.centers.array()).toEqual(before);
    expect(before.flat().some((value) => value !== 0)).toBe(true);
  });

  it('is right that a detached classifier does without this package', () => {
    const {model} = makeExampleData();
    expect(JSON.stringify(model.toJSON(null, false))).toContain('CenterLossLayer');
    expect(JSON.stringify(detachCenterLoss(model).toJSON(null, false))).not.toContain('CenterLossLayer');
  });

  it('may ask for a ratio of the features of an attached classifier', () => {
    const {classifier} = makeExampleData();
    attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
    expect(classifier.getLayer('embedding').output).toBeInstanceOf(tf.SymbolicTensor);
  });
});

/** A dataset of the samples of a tensor. */
function rowsOf(tensor: tf.Tensor): tf.data.Dataset<tf.TensorContainer> {
  return tf.data.array(tensor.arraySync() as tf.TensorContainer[]);
}

/** Float32 sums of some dozens of terms, in another order. */
const RELATIVE_ERROR = 1e-5;

describe('The conversions of the migration page', () => {
  const [batchSize, numClasses, featureDim] = [24, 3, 4];
  const features = () => tf.randomNormal<tf.Rank.R2>([batchSize, featureDim], 0, 1, 'float32', 1);
  const centers = () => tf.randomNormal<tf.Rank.R2>([numClasses, featureDim], 0, 1, 'float32', 2);
  const ids = Array.from({length: batchSize}, (_, i) => i % numClasses);
  const labels = () => tf.tensor1d(ids, 'int32');
  const perClass = batchSize / numClasses;
  const rate = 0.5;

  const expectSame = async (received: tf.Tensor, expected: tf.Tensor) => {
    const error = received.sub(expected).norm().div(expected.norm());
    expect(error.size).toBe(1);
    expect((await error.data())[0]).toBeLessThan(RELATIVE_ERROR);
  };

  /** As autograd does it: through a gather of the centers. */
  const centersAfterGradientStep = (loss: (some: tf.Tensor2D) => tf.Scalar, learningRate: number) =>
    centers().sub(
      tf
        .grad((some) => loss(some as tf.Tensor2D))(centers())
        .mul(learningRate),
    );

  it('from KaiyangZhou/pytorch-center-loss: 2w, and 2 · rate · (1 / B + 1 / C)', async () => {
    // Its matrix of distances, of which the labels select one in each row.
    const loss = (some: tf.Tensor2D): tf.Scalar => {
      const distances = features().expandDims(1).sub(some).square().sum(2);
      return distances.mul(tf.oneHot(labels(), numClasses)).sum().div(batchSize);
    };
    await expectSame(centerLoss(features(), labels(), centers(), {reduction: 'mean'}).mul(2), loss(centers()));
    const alpha = 2 * rate * (1 / batchSize + 1 / numClasses);
    await expectSame(updateCenters(centers(), features(), labels(), {alpha}), centersAfterGradientStep(loss, rate));
  });

  it('from jxgu1016/MNIST_center_loss_pytorch: w, and rate / B', async () => {
    const loss = (some: tf.Tensor2D): tf.Scalar =>
      features()
        .sub(tf.matMul(tf.oneHot(labels(), numClasses).toFloat(), some))
        .square()
        .sum()
        .div(2 * batchSize);
    await expectSame(centerLoss(features(), labels(), centers(), {reduction: 'mean'}), loss(centers()));
    // Its backward function divides the gradient by 1 + n.
    const damped = rate / (1 + perClass);
    await expectSame(
      updateCenters(centers(), features(), labels(), {alpha: rate / batchSize}),
      centersAfterGradientStep(loss, damped),
    );
  });

  it('from MSELoss: 2w / D', async () => {
    const loss = tf.losses.meanSquaredError(features(), centers().gather(labels()));
    const converted = centerLoss(features(), labels(), centers(), {reduction: 'mean'}).mul(2 / featureDim);
    await expectSame(converted, loss);
  });
});
