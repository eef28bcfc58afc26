import * as tf from '@tensorflow/tfjs';
import {centerLoss, CenterLossLayer} from '../../lib/index.js';
import {finiteDifferences, randomRows} from '../support/reference.js';
import {disposeAfterEach} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const IDS = [1, 0, 3, 1];
const FEATURES = randomRows(IDS.length, 3, 1);
const CENTERS = randomRows(4, 3, 2);
/** The last sample takes no part, nor does class 0. */
const TAKES_PART = [1, 0, 1, 1];
const NUM_PARTS = 3;

/** `1/2 Σ |x³ − c|²` over the samples that take part: cubes, so that no derivative is constant. */
const cubed = (rows: number[][]) => rows.map((row) => row.map((x) => x ** 3));

/** What a gradient penalty sums up: the squares of the gradient of the loss to the rows, times `factor`. */
function penalty(rows: number[][], factor: number): number {
  const cubes = cubed(rows);
  return rows.reduce(
    (sum, row, i) =>
      sum +
      row.reduce((part, x, d) => {
        const difference = (cubes[i]?.[d] ?? NaN) - (CENTERS[IDS[i] ?? NaN]?.[d] ?? NaN);
        return part + ((TAKES_PART[i] ?? NaN) * factor * difference * 3 * x * x) ** 2;
      }, 0),
    0,
  );
}

describe('Second derivatives', () => {
  disposeAfterEach();

  for (const [reduction, factor] of [['sum', 1] as const, ['mean', 1 / NUM_PARTS] as const]) {
    it(`of centerLoss(), as gradient penalties take them, are right for reduction ${reduction}`, async () => {
      const loss = (x: tf.Tensor) =>
        centerLoss(tf.pow(x, 3), tf.tensor1d(IDS), tf.tensor2d(CENTERS), {reduction, ignoreClass: 0});
      const squares = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(loss)(x)));
      const second = tf.grad(squares)(tf.tensor2d(FEATURES));
      expectClose(await second.data(), finiteDifferences((rows) => penalty(rows, factor), FEATURES).flat());
    });
  }

  it('of the loss of a layer are right, with its weight', async () => {
    const layer = new CenterLossLayer({numClasses: 4, lossWeight: 0.5, alpha: 0, ignoreClass: 0});
    tf.dispose(layer.apply(tf.zeros([1, 3])) as tf.Tensor);
    layer.setWeights([tf.tensor2d(CENTERS)]);
    const loss = (x: tf.Tensor) => {
      layer.apply([tf.pow(x, 3), tf.tensor1d(IDS)], {training: true});
      return tf.addN(layer.calculateLosses());
    };
    const second = tf.grad((x) => tf.sum(tf.square(tf.grad(loss)(x))))(tf.tensor2d(FEATURES));
    expectClose(await second.data(), finiteDifferences((rows) => penalty(rows, 0.5), FEATURES).flat());
    layer.dispose();
  });

  it('through a step of gradient descent on the loss, as MAML takes them, are right', async () => {
    // After the step x' = x - r (x - c) the loss is 1/2 (1 - r)² |x - c|², and its derivative by r is -(1 - r) |x - c|².
    const [x, c] = [tf.tensor2d(FEATURES), tf.tensor2d(CENTERS)];
    const y = tf.tensor1d(IDS);
    const afterStep = (rate: tf.Tensor) =>
      centerLoss(tf.sub(x, tf.mul(rate, tf.grad((moved) => centerLoss(moved, y, c))(x))), y, c);
    const squared = FEATURES.reduce(
      (sum, row, i) =>
        sum + row.reduce((part, value, d) => part + (value - (CENTERS[IDS[i] ?? NaN]?.[d] ?? NaN)) ** 2, 0),
      0,
    );
    expectClose(await tf.grad(afterStep)(tf.scalar(0.25)).data(), -0.75 * squared);
  });
});
