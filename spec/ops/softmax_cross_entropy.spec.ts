import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, softmaxCrossEntropy} from '../../lib/index.js';
import {valueOf} from '../support/networks.js';
import {
  finiteDifferences,
  oneHotRows,
  randomRows,
  referenceCategoricalAccuracy,
  referenceSoftmaxCrossEntropy,
} from '../support/reference.js';
import {
  complexTensors,
  disposeAfterEach,
  expectError,
  readsLabelsAtOnce,
  rowsOf,
  tensorsMadeBy,
  throwIfTensorsRemain,
} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const NUM_CLASSES = 4;
const IDS = [1, 0, 3, 3, 2, 1];
const TARGETS = oneHotRows(IDS, NUM_CLASSES);
const LOGITS = randomRows(IDS.length, NUM_CLASSES, 1);

const logits = () => tf.tensor2d(LOGITS);

function gradientOf(yTrue: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.grad((moved) => tf.mean(softmaxCrossEntropy(yTrue, moved)))(x);
}

/** One loss a sample, and the gradient of their mean, against the double-precision reference. */
async function expectReference(yTrue: tf.Tensor, targets = TARGETS, x: tf.Tensor = logits()): Promise<void> {
  const rows = await rowsOf(tf.reshape(x, [targets.length, NUM_CLASSES]));
  const loss = softmaxCrossEntropy(yTrue, x);
  expect(loss.shape).toEqual(x.shape.slice(0, -1));
  const losses = rows.map((row, i) => referenceSoftmaxCrossEntropy([targets[i] ?? []], [row]));
  expectClose(await loss.data(), losses, 'loss');
  const gradient = gradientOf(yTrue, x);
  expect(gradient.shape).toEqual(x.shape);
  const expected = finiteDifferences((moved) => referenceSoftmaxCrossEntropy(targets, moved), rows);
  expectClose(await gradient.data(), expected.flat(), 'gradient');
}

describe('softmaxCrossEntropy()', () => {
  disposeAfterEach();

  it('is -log softmax at the label of each sample', async () => {
    const loss = softmaxCrossEntropy(
      tf.tensor1d([0, 1]),
      tf.tensor2d([
        [0, Math.log(3)],
        [0, Math.log(3)],
      ]),
    );
    expectClose(await loss.data(), [Math.log(4), Math.log(4 / 3)]);
  });

  it('takes arrays as TensorFlow.js does', async () => {
    expectClose(await softmaxCrossEntropy([1, 0], [[0, 0], [0, 0]]).data(), [Math.LN2, Math.LN2]); // prettier-ignore
  });

  it('weighs the gradient of each sample by what comes from above', async () => {
    const weights = [1, 0, 0.5, 2, 0, 1];
    const gradient = tf.grad((x) => tf.sum(tf.mul(softmaxCrossEntropy(IDS, x), weights)))(logits());
    const weighted = (rows: number[][]) =>
      rows.reduce(
        (sum, row, i) => sum + (weights[i] ?? NaN) * referenceSoftmaxCrossEntropy([TARGETS[i] ?? []], [row]),
        0,
      );
    expectClose(await gradient.data(), finiteDifferences(weighted, LOGITS).flat());
  });

  it('has a second derivative', async () => {
    const y = tf.tensor1d(IDS, 'int32');
    const sumOfGradients = (x: tf.Tensor) => tf.sum(tf.square(gradientOf(y, x)));
    const second = tf.grad(sumOfGradients)(logits());
    const softmaxOf = (row: number[]) => {
      const exponentials = row.map(Math.exp);
      const total = exponentials.reduce((sum, value) => sum + value);
      return exponentials.map((value) => value / total);
    };
    const squares = (rows: number[][]) =>
      rows.reduce(
        (sum, row, i) =>
          sum + softmaxOf(row).reduce((part, p, c) => part + ((p - (TARGETS[i]?.[c] ?? NaN)) / IDS.length) ** 2, 0),
        0,
      );
    expectClose(await second.data(), finiteDifferences(squares, LOGITS).flat());
  });

  it('of a class that is switched off by a logit of -Infinity is finite, and so is its gradient', async () => {
    const x = tf.tensor2d([
      [-Infinity, 1, 1, -Infinity],
      [0, -Infinity, 0, 0],
    ]);
    for (const y of [
      tf.tensor1d([1, 3]),
      tf.tensor2d([
        [0, 1, 0, 0],
        [0, 0, 0, 1],
      ]),
    ]) {
      // prettier-ignore
      expectClose(await softmaxCrossEntropy(y, x).data(), [Math.LN2, Math.log(3)]);
      expectClose(await gradientOf(y, x).data(), [0, -0.25, 0.25, 0, 1 / 6, 0, 1 / 6, -1 / 3]);
    }
  });

  for (const dtype of ['int32', 'float32'] as const) {
    it(`takes class ids [B] and [B, 1] of ${dtype}`, async () => {
      await expectReference(tf.tensor1d(IDS, dtype));
      await expectReference(tf.tensor2d(IDS, [IDS.length, 1], dtype));
    });
  }

  for (const dtype of ['int32', 'float32', 'bool'] as const) {
    it(`takes one-hot labels of ${dtype}`, async () => {
      await expectReference(tf.tensor2d(TARGETS, undefined, dtype));
    });
  }

  it('takes probabilities as they are, not their largest alone', async () => {
    const weights = randomRows(IDS.length, NUM_CLASSES, 2).map((row) => row.map(Math.exp));
    const probabilities = weights.map((row) => row.map((weight) => weight / row.reduce((sum, other) => sum + other)));
    await expectReference(tf.tensor2d(probabilities), probabilities);
  });

  it('takes labels of sequences: ids [B, T] and [B, T, 1], one-hot [B, T, C]', async () => {
    const x = tf.tensor3d(LOGITS.flat(), [2, 3, NUM_CLASSES]);
    await expectReference(tf.tensor2d(IDS, [2, 3], 'int32'), TARGETS, x);
    await expectReference(tf.tensor3d(IDS, [2, 3, 1]), TARGETS, x);
    await expectReference(tf.tensor3d(TARGETS.flat(), [2, 3, NUM_CLASSES]), TARGETS, x);
  });

  it('is the gradient of its value also where the targets of a sample do not add up to 1', async () => {
    const weighted = TARGETS.map((row, i) => row.map((value) => value * i));
    await expectReference(tf.tensor2d(weighted), weighted);
  });

  it('takes a sample with a row of zeros for nothing: loss 0, and no gradient', async () => {
    const targets = [[0, 1, 0, 0], [0, 0, 0, 0]]; // prettier-ignore
    const x = tf.tensor2d(LOGITS.slice(0, 2));
    expectClose((await rowsOf(gradientOf(tf.tensor2d(targets), x)))[1] ?? [], [0, 0, 0, 0]);
    await expectReference(tf.tensor2d(targets), targets, x);
  });

  describe('of logits as large as ±1e4', () => {
    it('is the distance to the largest logit where the label is wrong, and 0 where it is right', async () => {
      const x = tf.tensor2d([
        [1e4, -1e4, 0],
        [-1e4, -1e4, 1e4],
      ]);
      expectClose(await softmaxCrossEntropy([1, 0], x).data(), [2e4, 2e4]);
      expectClose(await softmaxCrossEntropy([2, 1], x).data(), [1e4, 2e4]);
      expectClose(await softmaxCrossEntropy([0, 2], x).data(), [0, 0]);
      expectClose(await softmaxCrossEntropy([[0, 1, 0], [1, 0, 0]], x).data(), [2e4, 2e4]); // prettier-ignore
    });

    it('has a finite gradient: softmax minus target, averaged', async () => {
      const x = tf.tensor2d([
        [1e4, -1e4, 0],
        [1e4, 1e4, -1e4],
      ]);
      const expected = [0.5, -0.5, 0, -0.25, 0.25, 0];
      expectClose(await gradientOf(tf.tensor1d([1, 0]), x).data(), expected);
    });

    it('does not change when the same number is added to all logits of a sample', async () => {
      // 2^13 and logits in steps of 2^-8: float32 holds the sums exactly.
      const rows = LOGITS.map((row) => row.map((value) => Math.round(value * 256) / 256));
      const plain = softmaxCrossEntropy(tf.tensor1d(IDS), tf.tensor2d(rows));
      const shifted = softmaxCrossEntropy(tf.tensor1d(IDS), tf.tensor2d(rows.map((row) => row.map((x) => x + 8192))));
      expectClose(await shifted.data(), await plain.data());
    });
  });

  it('of one class is 0, as is its gradient: class ids and one-hot labels', async () => {
    const x = tf.tensor2d([[3], [-2]]);
    for (const y of [tf.zeros([2]), tf.zeros([2, 1], 'int32')]) {
      expectClose(await softmaxCrossEntropy(y, x).data(), [0, 0]);
      expectClose(await gradientOf(y, x).data(), [0, 0]);
    }
    expectClose(await softmaxCrossEntropy(tf.zeros([2, 3]), tf.ones([2, 3, 1])).data(), [0, 0, 0, 0, 0, 0]);
    expect(softmaxCrossEntropy(tf.zeros([0]), tf.zeros([0, 1])).shape).toEqual([0]);
  });

  it('takes logits of integers and booleans for numbers', async () => {
    const rows = [[1, 0], [0, 1]]; // prettier-ignore
    const expected = await softmaxCrossEntropy([0, 0], rows).data();
    for (const dtype of ['int32', 'bool'] as const) {
      expectClose(await softmaxCrossEntropy([0, 0], tf.tensor2d(rows, [2, 2], dtype)).data(), expected);
    }
  });

  it('reaches the logits only', () => {
    const x = tf.variable(logits());
    const y = tf.variable(tf.tensor1d(IDS));
    const {grads} = tf.variableGrads(() => tf.mean(softmaxCrossEntropy(y, x)), [x, y]);
    expect(Object.keys(grads)).toEqual([x.name]);
    tf.dispose([x, y]);
  });

  it('adds no more than its result to the number of tensors', () => {
    const x = logits();
    for (const yTrue of [tf.tensor1d(IDS, 'int32'), tf.tensor2d(TARGETS)]) {
      expect(tensorsMadeBy(() => softmaxCrossEntropy(yTrue, x))).toBe(1);
      expect(tensorsMadeBy(() => gradientOf(yTrue, x))).toBe(1);
    }
  });

  it('refuses labels of another shape or dtype', () => {
    const x = logits();
    const other = tf.zeros([6, 3]);
    const strings = tf.tensor1d(IDS.map(String));
    expectError(
      () => softmaxCrossEntropy(other, x),
      'ValueError',
      'softmaxCrossEntropy(): expected labels to be class ids of shape [6] or [6,1], or one-hot of shape [6,4], ' +
        'but got labels of shape [6,3].',
    );
    expectError(
      () => softmaxCrossEntropy(strings, x),
      'ValueError',
      'softmaxCrossEntropy(): expected labels of dtype int32, float32, bool, but got dtype string.',
    );
  });

  it('refuses a scalar for logits', () => {
    const scalar = tf.scalar(1);
    expectError(
      () => softmaxCrossEntropy(scalar, scalar),
      'ValueError',
      'softmaxCrossEntropy(): expected logits with a last dimension, the classes, of at least 1, but got shape [].',
    );
  });

  it('refuses logits of no class, and of another dtype than numbers', () => {
    const none = tf.zeros([2, 0]);
    const classes =
      'softmaxCrossEntropy(): expected logits with a last dimension, the classes, of at least 1, but got shape [2,0].';
    expectError(() => softmaxCrossEntropy(none, none), 'ValueError', classes);
    for (const x of [tf.tensor2d(['a', 'b'], [1, 2]), ...complexTensors([1, 2])]) {
      const dtype = `softmaxCrossEntropy(): expected logits of dtype float32, but got dtype ${x.dtype}.`;
      expectError(() => softmaxCrossEntropy([0], x), 'ValueError', dtype);
    }
  });

  it('refuses a class id that is no class; on GPU backends that sample counts as loss 0, without gradient', async () => {
    const x = logits();
    const yTrue = tf.tensor1d([1, 0, 3, 4, 2, 1], 'int32');
    if (readsLabelsAtOnce()) {
      expectError(
        () => softmaxCrossEntropy(yTrue, x),
        'RangeError',
        'softmaxCrossEntropy(): expected labels to be integers from 0 to 3, but got 4 at index 3.',
      );
    } else {
      await expectReference(
        yTrue,
        TARGETS.map((row, i) => (i === 3 ? [0, 0, 0, 0] : row)),
      );
    }
  });
});

describe('softmaxCrossEntropy() and categoricalAccuracy() as a model uses them', () => {
  const INPUTS = randomRows(IDS.length, 3, 3);
  const KERNEL = randomRows(3, NUM_CLASSES, 4);

  /** A linear classifier whose first logits are known. */
  function linearModel(): tf.LayersModel {
    const model = tf.sequential({layers: [tf.layers.dense({units: NUM_CLASSES, useBias: false, inputShape: [3]})]});
    tf.tidy(() => {
      model.setWeights([tf.tensor2d(KERNEL)]);
    });
    // By name, the optimizer is the model's own to dispose.
    model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [categoricalAccuracy]});
    return model;
  }

  const logitsOf = (kernel: number[][]) =>
    INPUTS.map((row) =>
      Array.from({length: NUM_CLASSES}, (_, j) => row.reduce((sum, x, d) => sum + x * (kernel[d]?.[j] ?? NaN), 0)),
    );
  const lossOf = (kernel: number[][]) => referenceSoftmaxCrossEntropy(TARGETS, logitsOf(kernel));
  const accuracy = () => {
    const right = referenceCategoricalAccuracy(TARGETS, logitsOf(KERNEL));
    return right.reduce((sum, value) => sum + value) / right.length;
  };
  /** The weights after one step of plain gradient descent; 0.01 is the rate of 'sgd'. */
  const kernelAfterStep = () => {
    const gradient = finiteDifferences(lossOf, KERNEL);
    return KERNEL.map((row, d) => row.map((value, j) => value - 0.01 * (gradient[d]?.[j] ?? NaN)));
  };

  const batches = (labels: () => tf.Tensor) =>
    tf.data.generator(function* () {
      yield {xs: tf.tensor2d(INPUTS), ys: labels()};
    });

  async function expectOneStep(model: tf.LayersModel, history: tf.History['history']): Promise<void> {
    expectClose([history['loss'], history['categoricalAccuracy']].flat().map(Number), [lossOf(KERNEL), accuracy()]);
    expectClose((await model.getWeights()[0]?.data()) ?? [], kernelAfterStep().flat(), 'weights');
  }

  // Without a scope around them, which would hide what fit() leaves behind.
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    throwIfTensorsRemain(before);
  });

  it('train with fit on one-hot targets', async () => {
    const model = linearModel();
    const [x, y] = [tf.tensor2d(INPUTS), tf.tensor2d(TARGETS)];
    const {history} = await model.fit(x, y, {batchSize: IDS.length, epochs: 1, verbose: 0});
    await expectOneStep(model, history);
    tf.dispose([x, y]);
    model.dispose();
  });

  for (const [form, labels] of [
    ['class ids [B]', () => tf.tensor1d(IDS, 'int32')] as const,
    ['class ids [B, 1]', () => tf.tensor2d(IDS, [IDS.length, 1])] as const,
    ['one-hot targets', () => tf.tensor2d(TARGETS)] as const,
  ]) {
    it(`train with fitDataset on ${form}`, async () => {
      const model = linearModel();
      const {history} = await model.fitDataset(batches(labels), {epochs: 1, verbose: 0});
      await expectOneStep(model, history);
      model.dispose();
    });
  }

  it('train in a hand-written loop on class ids', async () => {
    const model = linearModel();
    const [x, y] = [tf.tensor2d(INPUTS), tf.tensor1d(IDS, 'int32')];
    const optimizer = tf.train.sgd(0.01);
    const step = () =>
      optimizer.minimize(() => tf.mean(softmaxCrossEntropy(y, model.apply(x, {training: true}) as tf.Tensor)), true);
    const loss = step();
    await expectOneStep(model, {loss: [await valueOf(loss ?? tf.scalar(NaN))], categoricalAccuracy: [accuracy()]});
    tf.dispose([x, y, loss ?? []]);
    optimizer.dispose();
    model.dispose();
  });

  it('weigh the samples by classWeight', async () => {
    const weights = [1, 0.5, 0.25, 2];
    const classWeight = Object.fromEntries(weights.entries());
    const [x, y] = [tf.tensor2d(INPUTS), tf.tensor2d(TARGETS)];
    const model = linearModel();
    const {history} = await model.fit(x, y, {classWeight, batchSize: IDS.length, epochs: 1, verbose: 0});
    const rows = logitsOf(KERNEL);
    const weighted = IDS.map(
      (id, i) => (weights[id] ?? NaN) * referenceSoftmaxCrossEntropy([TARGETS[i] ?? []], [rows[i] ?? []]),
    );
    expectClose(Number(history['loss']?.[0]), weighted.reduce((sum, value) => sum + value) / IDS.length);
    tf.dispose([x, y]);
    model.dispose();
  });

  it('evaluate', async () => {
    const model = linearModel();
    const [x, y] = [tf.tensor2d(INPUTS), tf.tensor2d(TARGETS)];
    const results = model.evaluate(x, y, {batchSize: 4}) as tf.Scalar[];
    expectClose(await Promise.all(results.map(valueOf)), [lossOf(KERNEL), accuracy()]);
    tf.dispose([x, y, results]);
    model.dispose();
  });
});
