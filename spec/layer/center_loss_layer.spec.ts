import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer, centerLoss, updateCenters} from '../../lib/index.js';
import {hasHalfFloats} from '../../lib/kernels/exact_ids.js';
import reference from '../fixtures/center_loss_reference.json' with {type: 'json'};
import {
  centeredClassifier,
  compile,
  FEATURE_DIM,
  featuresOf,
  makeBatch,
  NUM_CLASSES,
  valueOf,
} from '../support/networks.js';
import {expectClose} from '../support/tolerance.js';

const FEATURES = [
  [1, 2],
  [3, 4],
  [-1, 0.5],
];
const LABELS = [0, 1, 0];

function builtLayer(args: Partial<ConstructorParameters<typeof CenterLossLayer>[0]> = {}): CenterLossLayer {
  const layer = new CenterLossLayer({numClasses: 3, ...args});
  tf.dispose(layer.apply(tf.zeros([1, 2])) as tf.Tensor);
  return layer;
}

/** One eager pass of the layer and the losses that it hands over. */
function pass(layer: CenterLossLayer, labels: tf.Tensor, training: boolean): {output: tf.Tensor; loss: tf.Tensor} {
  return tf.tidy(() => {
    const output = layer.apply([tf.tensor2d(FEATURES), labels], {training}) as tf.Tensor;
    const [loss] = layer.calculateLosses();
    return {output, loss: loss ?? tf.scalar(NaN)};
  });
}

describe('CenterLossLayer', () => {
  describe('configuration', () => {
    it("has the article's defaults", () => {
      const layer = new CenterLossLayer({numClasses: 3});
      expect(layer.getConfig()).toMatchObject({
        numClasses: 3,
        alpha: 0.6,
        lossWeight: 0.0005,
        reduction: 'sum',
        centersInitializer: {className: 'Zeros', config: {}},
        trainable: true,
      });
      expect(layer.ignoreClass).toBeUndefined();
    });

    it('weighs a mean by 0.03 unless told otherwise, since a mean is smaller than a sum', () => {
      expect(new CenterLossLayer({numClasses: 3, reduction: 'mean'}).lossWeight).toBe(0.03);
      expect(new CenterLossLayer({numClasses: 3, reduction: 'mean', lossWeight: 0.0005}).lossWeight).toBe(0.0005);
    });

    it('stores no ignored class where there is none', () => {
      expect(Object.keys(new CenterLossLayer({numClasses: 3}).getConfig())).not.toContain('ignoreClass');
    });

    it('round-trips every argument through getConfig()', () => {
      const args = {
        numClasses: 7,
        alpha: 0.25,
        lossWeight: 0.01,
        reduction: 'mean',
        ignoreClass: 255,
        centersInitializer: tf.initializers.constant({value: 2}),
        name: 'my_centers',
        trainable: false,
      } as const;
      const config = new CenterLossLayer(args).getConfig();
      expect(config).toEqual({
        ...args,
        centersInitializer: {className: 'Constant', config: {value: 2}},
      });
      const copy = new CenterLossLayer(config as unknown as typeof args);
      expect(copy.getConfig()).toEqual(config);
    });

    it('is registered under its class name', () => {
      const {classNameMap} = tf.serialization.SerializationMap.getMap();
      expect(CenterLossLayer.className).toBe('CenterLossLayer');
      expect(classNameMap['CenterLossLayer']?.[0]).toBe(CenterLossLayer);
    });

    it('takes alpha and lossWeight between steps, and refuses bad ones', () => {
      const layer = new CenterLossLayer({numClasses: 3, name: 'c'});
      layer.alpha = 0;
      layer.lossWeight = 2;
      expect([layer.alpha, layer.lossWeight]).toEqual([0, 2]);
      expect(() => {
        layer.alpha = 1.01;
      }).toThrow("CenterLossLayer 'c': expected alpha to be a number from 0 to 1, but got 1.01.");
      expect(() => {
        layer.lossWeight = Infinity;
      }).toThrow("CenterLossLayer 'c': expected lossWeight to be a finite number of at least 0, but got Infinity.");
      expect([layer.alpha, layer.lossWeight]).toEqual([0, 2]);
    });
  });

  describe('the centers weight', () => {
    it('is one non-trainable float32 weight [numClasses, D], named after the layer', async () => {
      const {model, layer} = centeredClassifier();
      expect(layer.weights.map(({name, shape, dtype}) => ({name, shape, dtype}))).toEqual([
        {
          name: expect.stringMatching(/^center_loss\/centers/) as string,
          shape: [NUM_CLASSES, FEATURE_DIM],
          dtype: 'float32',
        },
      ]);
      expect(layer.trainableWeights).toEqual([]);
      expect(layer.countParams()).toBe(NUM_CLASSES * FEATURE_DIM);
      expect(model.trainableWeights.map(({name}) => name).filter((name) => name.includes('centers'))).toEqual([]);
      expect(layer.centers.shape).toEqual([NUM_CLASSES, FEATURE_DIM]);
      expect(await layer.centers.array()).toEqual(await layer.getWeights()[0]?.array());
      model.dispose();
    });

    it('starts from the given initializer', async () => {
      const byName = builtLayer({centersInitializer: 'ones'});
      const byObject = builtLayer({centersInitializer: tf.initializers.constant({value: 3})});
      expect(await byName.centers.array()).toEqual([
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
      expect(await byObject.centers.array()).toEqual([
        [3, 3],
        [3, 3],
        [3, 3],
      ]);
      tf.dispose([byName.centers, byObject.centers]);
    });

    it('can be set, as any weight', async () => {
      const layer = builtLayer();
      tf.tidy(() => {
        layer.setWeights([
          tf.tensor2d([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
        ]);
      });
      expect(await layer.centers.array()).toEqual([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
    });

    it('is asked for too early: the error says so', () => {
      const message = "CenterLossLayer 'c': expected the layer to be applied to features before its centers are used.";
      const layer = new CenterLossLayer({numClasses: 3, name: 'c'});
      expect(() => layer.centers).toThrow(message);
      const centerLossMetric = layer.metric();
      expect(() => centerLossMetric(tf.zeros([1]), tf.zeros([1]))).toThrow(message);
    });

    it('is made once, also where the layer is built before it is applied', () => {
      const layer = new CenterLossLayer({numClasses: 3});
      layer.build([null, 2]);
      const {centers} = layer;
      layer.apply(tf.input({shape: [2]}));
      expect(layer.centers).toBe(centers);
      expect(layer.weights.length).toBe(1);
      layer.dispose();
    });

    it('fits to labels of a fixed batch size, where that of the features is open', () => {
      const layer = new CenterLossLayer({numClasses: 3});
      const applied = layer.apply([tf.input({shape: [2]}), tf.input({batchShape: [4, 1]})]) as tf.SymbolicTensor;
      expect(applied.shape).toEqual([null, 2]);
      layer.dispose();
    });
  });

  describe('a training pass', () => {
    it('gives the features unchanged', async () => {
      const {output} = pass(builtLayer(), tf.tensor1d(LABELS), true);
      expect(await output.array()).toEqual(FEATURES);
    });

    it('hands over lossWeight times the loss at the centers from before the update', async () => {
      const layer = builtLayer({lossWeight: 0.5, centersInitializer: 'ones'});
      const before = layer.centers.clone();
      const {loss} = pass(layer, tf.tensor1d(LABELS), true);
      const expected = centerLoss(tf.tensor2d(FEATURES), tf.tensor1d(LABELS), before);
      expectClose(await valueOf(loss), 0.5 * (await valueOf(expected)));
    });

    it('moves the centers as updateCenters does', async () => {
      const layer = builtLayer({alpha: 0.3, centersInitializer: 'ones'});
      const expected = updateCenters(layer.centers, tf.tensor2d(FEATURES), tf.tensor1d(LABELS), {alpha: 0.3});
      pass(layer, tf.tensor1d(LABELS), true);
      expect(await layer.centers.array()).toEqual(await expected.array());
    });

    it('moves the centers alike whatever lossWeight and reduction are', async () => {
      const layers = [builtLayer(), builtLayer({lossWeight: 0}), builtLayer({lossWeight: 100, reduction: 'mean'})];
      const centers = await Promise.all(
        layers.map((layer) => {
          pass(layer, tf.tensor1d(LABELS), true);
          return layer.centers.array();
        }),
      );
      expect(centers[1]).toEqual(centers[0]);
      expect(centers[2]).toEqual(centers[0]);
    });

    it('divides the loss by the samples that count with reduction mean', async () => {
      const labels = tf.tensor1d([0, 1, 9], 'int32');
      const sum = pass(builtLayer({lossWeight: 1, ignoreClass: 9}), labels, true);
      const mean = pass(builtLayer({lossWeight: 1, ignoreClass: 9, reduction: 'mean'}), labels, true);
      expectClose(await valueOf(mean.loss), (await valueOf(sum.loss)) / 2);
    });

    it('leaves samples of ignoreClass out of loss and update', async () => {
      const layer = builtLayer({lossWeight: 1, ignoreClass: 1});
      const {loss} = pass(layer, tf.tensor1d(LABELS), true);
      expectClose(await valueOf(loss), (1 + 4 + 1 + 0.25) / 2);
      expect((await layer.centers.array())[1]).toEqual([0, 0]);
    });

    it('takes alpha and lossWeight as they are at that step', async () => {
      const layer = builtLayer({lossWeight: 1});
      layer.alpha = 0;
      layer.lossWeight = 0.5;
      const {loss} = pass(layer, tf.tensor1d(LABELS), true);
      expectClose(await valueOf(loss), (0.5 * (1 + 4 + 9 + 16 + 1 + 0.25)) / 2);
      expect(await layer.centers.array()).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    it('keeps the loss and leaves the centers while trainable is false', async () => {
      const layer = builtLayer({trainable: false, lossWeight: 1});
      const {loss} = pass(layer, tf.tensor1d(LABELS), true);
      expectClose(await valueOf(loss), (1 + 4 + 9 + 16 + 1 + 0.25) / 2);
      expect(await layer.centers.array()).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);

      layer.trainable = true;
      pass(layer, tf.tensor1d(LABELS), true);
      expect(await layer.centers.array()).not.toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    it('accepts labels in every form', async () => {
      const forms = [
        tf.tensor1d(LABELS, 'int32'),
        tf.tensor1d(LABELS, 'float32'),
        tf.tensor1d(LABELS.map(Boolean), 'bool'),
        tf.tensor2d(LABELS, [3, 1], 'int32'),
        tf.oneHot(tf.tensor1d(LABELS, 'int32'), 3),
        tf.oneHot(tf.tensor1d(LABELS, 'int32'), 3).toBool(),
        tf.tensor2d([
          [0.6, 0.3, 0.1],
          [0.2, 0.7, 0.1],
          [0.5, 0.4, 0.1],
        ]),
      ];
      const expected = updateCenters(tf.zeros([3, 2]), tf.tensor2d(FEATURES), tf.tensor1d(LABELS));
      for (const labels of forms) {
        const layer = builtLayer();
        pass(layer, labels, true);
        expect(await layer.centers.array()).toEqual(await expected.array());
      }
    });

    it('is one where training is anything that counts as true, as it is for dropout', async () => {
      for (const training of [1, 'yes', {}]) {
        const layer = builtLayer();
        const before = await layer.centers.array();
        tf.dispose(layer.apply([tf.tensor2d(FEATURES), tf.tensor1d(LABELS)], {training}) as tf.Tensor);
        expect(await layer.centers.array()).not.toEqual(before);
      }
    });

    it('counts every leading axis of sequences and feature maps as samples', async () => {
      const flat = builtLayer();
      pass(flat, tf.tensor1d(LABELS), true);
      const maps: [number[], number[]][] = [
        [
          [1, 3, 2],
          [1, 3, 1],
        ],
        [
          [3, 1, 1, 2],
          [3, 1, 1],
        ],
        [
          [1, 3, 1, 2],
          [1, 3, 1, 1],
        ],
      ];
      for (const [featureShape, labelShape] of maps) {
        const layer = builtLayer();
        const output = layer.apply([tf.tensor(FEATURES.flat(), featureShape), tf.tensor(LABELS, labelShape)], {
          training: true,
        }) as tf.Tensor;
        expect(output.shape).toEqual(featureShape);
        expect(await layer.centers.array()).toEqual(await flat.centers.array());
      }
    });
  });

  describe('an inference pass', () => {
    it('neither hands over a loss nor moves the centers nor looks at the labels', async () => {
      const layer = builtLayer({lossWeight: 1});
      const {output, loss} = pass(layer, tf.tensor1d([-5, NaN, 99]), false);
      expect(await output.array()).toEqual(FEATURES);
      expect(await valueOf(loss)).toBe(0);
      expect(await layer.centers.array()).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    it('is the identity on features alone, also in training', async () => {
      const layer = builtLayer();
      for (const training of [false, true]) {
        const output = layer.apply(tf.tensor2d(FEATURES), {training}) as tf.Tensor;
        expect(await output.array()).toEqual(FEATURES);
      }
      expect(await layer.centers.array()).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    it('computes the loss for the metric once that was asked for', async () => {
      const layer = builtLayer({centersInitializer: 'ones'});
      const metric = layer.metric();
      expect(metric.name).toBe('centerLoss');
      pass(layer, tf.tensor1d(LABELS), false);
      const expected = centerLoss(tf.tensor2d(FEATURES), tf.tensor1d(LABELS), tf.ones([3, 2]));
      expectClose(await valueOf(metric(tf.scalar(0), tf.scalar(0))), await valueOf(expected));
      expect(await layer.centers.array()).toEqual([
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
    });
  });

  describe('who takes the loss', () => {
    it('gives it once', async () => {
      const layer = builtLayer({lossWeight: 1});
      tf.dispose(layer.apply([tf.tensor2d(FEATURES), tf.tensor1d(LABELS)], {training: true}) as tf.Tensor);
      const first = await valueOf(layer.calculateLosses()[0] ?? tf.scalar(NaN));
      const second = await valueOf(layer.calculateLosses()[0] ?? tf.scalar(NaN));
      expectClose(first, (1 + 4 + 9 + 16 + 1 + 0.25) / 2);
      expect(second).toBe(0);
    });

    it('gives zero when there was no training pass', async () => {
      expect(await valueOf(builtLayer().calculateLosses()[0] ?? tf.scalar(NaN))).toBe(0);
    });

    it('sums the calls of one pass', async () => {
      const layer = builtLayer({lossWeight: 1, alpha: 0});
      const total = tf.tidy(() => {
        layer.apply([tf.tensor2d(FEATURES), tf.tensor1d(LABELS)], {training: true});
        layer.apply([tf.tensor2d([[2, 0]]), tf.tensor1d([2])], {training: true});
        return layer.calculateLosses()[0] ?? tf.scalar(NaN);
      });
      expectClose(await valueOf(total), (1 + 4 + 9 + 16 + 1 + 0.25) / 2 + 2);
    });

    it('drops what an abandoned pass left behind, with and without a gradient', async () => {
      const layer = builtLayer({lossWeight: 1, alpha: 0});
      const x = tf.variable(tf.tensor2d([[2, 0]]));
      const abandon = () => {
        tf.dispose(layer.apply([tf.tensor2d([[100, 0]]), tf.tensor1d([0])], {training: true}) as tf.Tensor);
      };
      const lossInGradient = () =>
        tf.variableGrads(() => {
          layer.apply([x, tf.tensor1d([0])], {training: true});
          return layer.calculateLosses()[0] as tf.Scalar;
        }, [x]).value;
      abandon();
      expectClose(await valueOf(lossInGradient()), 2);

      tf.variableGrads(() => {
        abandon();
        return tf.sum(x);
      }, [x]);
      expectClose(await valueOf(lossInGradient()), 2);

      tf.variableGrads(() => {
        abandon();
        return tf.sum(x);
      }, [x]);
      expect(await valueOf(layer.calculateLosses()[0] ?? tf.scalar(NaN))).toBe(0);
    });

    it('gets the gradient of the features through it, times lossWeight', async () => {
      const layer = builtLayer({lossWeight: 0.5, centersInitializer: 'ones'});
      const x = tf.variable(tf.tensor2d(FEATURES));
      const {grads} = tf.variableGrads(() => {
        layer.apply([x, tf.tensor1d(LABELS)], {training: true});
        return layer.calculateLosses()[0] as tf.Scalar;
      }, [x]);
      const gradient = await (grads[x.name] as tf.Tensor2D).array();
      expect(gradient).toEqual(FEATURES.map((row) => row.map((value) => 0.5 * (value - 1))));
    });
  });

  it("reproduces the paper authors' Caffe layer inside fit, step by step", async () => {
    // The losses of its large features are beyond 16-bit floats.
    const cases = reference.cases.filter(({name}) => !(hasHalfFloats() && name === 'large features'));
    for (const {name, numClasses, featureDim, alpha, initialCenters, steps} of cases) {
      const x = tf.input({shape: [featureDim]});
      const label = tf.input({shape: [1], dtype: 'int32'});
      const layer = new CenterLossLayer({numClasses, alpha, lossWeight: 1, reduction: 'mean'});
      const identity = tf.layers.dense({units: featureDim, useBias: false, kernelInitializer: 'identity'});
      const centered = layer.apply([identity.apply(x) as tf.SymbolicTensor, label]) as tf.SymbolicTensor;
      const model = tf.model({inputs: [x, label], outputs: centered});
      model.compile({
        optimizer: tf.train.sgd(1),
        loss: (_target: tf.Tensor, output: tf.Tensor) => tf.mul<tf.Scalar>(tf.sum(output), 0),
      });
      layer.setWeights([tf.tensor2d(initialCenters, [numClasses, featureDim])]);
      for (const [i, step] of steps.entries()) {
        const where = `${name}, step ${i}`;
        identity.setWeights([tf.eye(featureDim)]);
        const features = tf.tensor2d(step.features, [step.labels.length, featureDim]);
        const {history} = await model.fit([features, tf.tensor1d(step.labels, 'int32')], features, {
          batchSize: step.labels.length,
          shuffle: false,
          verbose: 0,
        });
        expectClose(Number(history['loss']?.[0]), step.meanLoss, where);
        expectClose(await layer.centers.data(), step.updatedCenters, where);
        // One SGD step at rate 1 moves the identity kernel by the transposed features times their gradient.
        const gradient = tf.tensor2d(step.meanLossFeatureGradient, features.shape);
        const expected = tf.sub(tf.eye(featureDim), tf.matMul(features, gradient, true));
        expectClose(await (identity.getWeights()[0] as tf.Tensor).data(), await expected.data(), where);
      }
    }
  });

  it("passes the article's smoke test: 240 classes, 32 random samples of width 240, one-hot labels", async () => {
    const x = tf.input({shape: [240]});
    const targets = tf.input({shape: [240]});
    const layer = new CenterLossLayer({numClasses: 240});
    const model = tf.model({inputs: [x, targets], outputs: layer.apply([x, targets]) as tf.SymbolicTensor});
    const features = tf.randomNormal([32, 240], 0, 1, 'float32', 11);
    const ids = Array.from({length: 32}, (_, i) => (i * 37) % 240);
    const oneHot = tf.oneHot(tf.tensor1d(ids, 'int32'), 240);
    const rows = (await features.array()) as number[][];

    const softmaxLosses = rows.map((row, i) => {
      const max = Math.max(...row);
      return Math.log(row.reduce((sum, value) => sum + Math.exp(value - max), 0)) + max - (row[ids[i] ?? 0] ?? NaN);
    });
    const softmaxLoss = softmaxLosses.reduce((sum, value) => sum + value, 0) / 32;
    const centerLossValue = rows.flat().reduce((sum, value) => sum + value * value, 0) / 2;

    const loss = tf.tidy(() => {
      const logits = model.apply([features, oneHot], {training: true}) as tf.Tensor;
      return tf.add(tf.losses.softmaxCrossEntropy(oneHot, logits), model.calculateLosses()[0] ?? NaN);
    });
    expectClose(await valueOf(loss), softmaxLoss + 0.0005 * centerLossValue);

    const expected = Array.from({length: 240}, () => new Array<number>(240).fill(0));
    rows.forEach((row, i) => {
      const id = ids[i] ?? 0;
      const count = ids.filter((other) => other === id).length;
      expected[id] = (expected[id] ?? []).map((value, d) => value + (0.6 * (row[d] ?? NaN)) / (1 + count));
    });
    expectClose(await layer.centers.data(), expected.flat());
  });

  it('lets the optimizer leave the centers alone', async () => {
    const network = centeredClassifier({alpha: 0, centersInitializer: 'ones'});
    compile(network);
    const {x, labels, oneHot} = makeBatch(8);
    const before = await featuresOf(network.model, x).array();
    await network.model.fit([x, labels], oneHot, {epochs: 2, verbose: 0});
    expect(await network.layer.centers.data()).toEqual(new Float32Array(NUM_CLASSES * FEATURE_DIM).fill(1));
    expect(await featuresOf(network.model, x).array()).not.toEqual(before);
  });
});
