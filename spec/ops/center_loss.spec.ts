import * as tf from '@tensorflow/tfjs';
import {centerLoss, updateCenters} from '../../lib/index.js';
import type {CenterLossArgs, UpdateCentersArgs} from '../../lib/index.js';
import reference from '../fixtures/center_loss_reference.json' with {type: 'json'};
import {itWithFloat32} from '../support/it_where.js';
import {valueOf} from '../support/networks.js';
import {
  finiteDifferences,
  oneHotRows,
  randomRows,
  referenceCenterLoss,
  referenceSoftmaxCrossEntropy,
  referenceUpdateCenters,
} from '../support/reference.js';
import {
  bitsOf,
  complexTensors,
  disposeAfterEach,
  expectError,
  readsLabelsAtOnce,
  rowsOf,
  tensorsMadeBy,
} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const REDUCTIONS = ['sum', 'mean'] as const;

const NUM_CLASSES = 4;
const FEATURE_DIM = 3;
/** Class 2 is absent, class 1 has three samples. */
const IDS = [1, 0, 1, 3, 1];
const FEATURES = randomRows(IDS.length, FEATURE_DIM, 1);
const CENTERS = randomRows(NUM_CLASSES, FEATURE_DIM, 2);

const features = () => tf.tensor2d(FEATURES);
const centers = () => tf.tensor2d(CENTERS);
const labels = () => tf.tensor1d(IDS, 'int32');

/** The gradient of the loss to the features. */
function gradientOf(x: tf.Tensor, y: tf.Tensor, c: tf.Tensor2D, args: CenterLossArgs = {}): tf.Tensor {
  return tf.grad((moved) => centerLoss(moved, y, c, args))(x);
}

/**
 * Loss, gradient and updated centers against the double-precision reference. `counted` are the class ids in flat order,
 * null where a sample takes no part.
 */
async function expectReference(
  y: tf.Tensor,
  counted: (number | null)[],
  {x = features(), ignoreClass}: {x?: tf.Tensor; ignoreClass?: number} = {},
): Promise<void> {
  const rows = await rowsOf(tf.reshape(x, [counted.length, FEATURE_DIM]));
  const batch = {features: rows, classIds: counted, centers: CENTERS};
  for (const reduction of REDUCTIONS) {
    const args = {reduction, ignoreClass};
    const expectedLoss = referenceCenterLoss(batch, reduction);
    const expectedGradient = finiteDifferences(
      (moved) => referenceCenterLoss({...batch, features: moved}, reduction),
      rows,
    );
    const gradient = gradientOf(x, y, centers(), args);
    expect(gradient.shape).toEqual(x.shape);
    expectClose(await valueOf(centerLoss(x, y, centers(), args)), expectedLoss, reduction);
    expectClose(await gradient.data(), expectedGradient.flat(), `gradient of ${reduction}`);
  }
  const updated = updateCenters(centers(), x, y, {alpha: 0.3, ignoreClass});
  expect(updated.shape).toEqual([NUM_CLASSES, FEATURE_DIM]);
  expectClose(await updated.data(), referenceUpdateCenters(batch, 0.3).flat(), 'updated centers');
}

describe('centerLoss() and updateCenters()', () => {
  disposeAfterEach();

  // The tolerance of expectClose(), 1e-5, is what float32 sums of this size keep with a margin: see there. The values
  // of the fixture are printed to nine digits, which would allow less than 1e-8.
  for (const {name, numClasses, featureDim, alpha, initialCenters, steps} of reference.cases) {
    const itWhereHeld = name === 'large features' ? itWithFloat32 : it;
    itWhereHeld(`reproduce the paper authors' Caffe layer: ${name}`, async () => {
      let current = tf.tensor2d(initialCenters, [numClasses, featureDim]);
      for (const [i, step] of steps.entries()) {
        const batchSize = step.labels.length;
        const x = tf.tensor2d(step.features, [batchSize, featureDim]);
        const y = tf.tensor1d(step.labels, 'int32');
        // Caffe divides loss and gradient by the batch size.
        for (const [reduction, times] of [['mean', 1] as const, ['sum', batchSize] as const]) {
          const {value, grad} = tf.valueAndGrad((moved) => centerLoss(moved, y, current, {reduction}))(x);
          const gradient = step.meanLossFeatureGradient.map((entry) => entry * times);
          expectClose(await valueOf(value), step.meanLoss * times, `${reduction} of step ${i}`);
          expectClose(await grad.data(), gradient, `gradient of ${reduction}, step ${i}`);
        }
        current = updateCenters(current, x, y, {alpha});
        expectClose(await current.data(), step.updatedCenters, `centers of step ${i}`);
      }
    });
  }

  it("pass the article's smoke test: 240 classes, 32 random samples of width 240, one-hot labels", async () => {
    const rows = randomRows(32, 240, 3);
    const ids = rows.map((_, i) => (i * 37) % 200);
    const targets = oneHotRows(ids, 240);
    const batch = {features: rows, classIds: ids, centers: oneHotRows([0], 240).concat(randomRows(239, 240, 4))};
    const [x, y, c] = [tf.tensor2d(rows), tf.tensor2d(targets), tf.tensor2d(batch.centers)];
    const loss = tf.add(tf.losses.softmaxCrossEntropy(y, x), tf.mul(0.0005, centerLoss(x, y, c)));
    const expected = referenceSoftmaxCrossEntropy(targets, rows) + 0.0005 * referenceCenterLoss(batch, 'sum');
    expectClose(await valueOf(loss), expected);
    expectClose(await updateCenters(c, x, y).data(), referenceUpdateCenters(batch, 0.6).flat());
  });

  describe('label forms', () => {
    for (const dtype of ['int32', 'float32', 'bool'] as const) {
      // A bool can only tell classes 0 and 1 apart.
      const ids = dtype === 'bool' ? IDS.map((id) => Math.min(id, 1)) : IDS;

      it(`take class ids [B] and [B, 1] of ${dtype}`, async () => {
        await expectReference(tf.tensor1d(ids, dtype), ids);
        await expectReference(tf.tensor2d(ids, [ids.length, 1], dtype), ids);
      });

      it(`take one-hot labels [B, C] of ${dtype}`, async () => {
        await expectReference(tf.tensor2d(oneHotRows(IDS, NUM_CLASSES), undefined, dtype), IDS);
      });

      it(`take sequences: features [B, T, D], labels [B, T], [B, T, 1] and [B, T, C] of ${dtype}`, async () => {
        const sequenceIds = [...ids, 1];
        const x = tf.tensor3d(randomRows(6, FEATURE_DIM, 5).flat(), [2, 3, FEATURE_DIM]);
        await expectReference(tf.tensor2d(sequenceIds, [2, 3], dtype), sequenceIds, {x});
        await expectReference(tf.tensor3d(sequenceIds, [2, 3, 1], dtype), sequenceIds, {x});
        const oneHot = oneHotRows(sequenceIds, NUM_CLASSES).flat();
        await expectReference(tf.tensor3d(oneHot, [2, 3, NUM_CLASSES], dtype), sequenceIds, {x});
      });

      it(`take feature maps: features [B, H, W, D], labels [B, H, W], [B, H, W, 1], [B, H, W, C] of ${dtype}`, async () => {
        const mapIds = [...ids, 0, 1, 0].slice(0, 8);
        const x = tf.tensor4d(randomRows(8, FEATURE_DIM, 6).flat(), [2, 2, 2, FEATURE_DIM]);
        await expectReference(tf.tensor3d(mapIds, [2, 2, 2], dtype), mapIds, {x});
        await expectReference(tf.tensor4d(mapIds, [2, 2, 2, 1], dtype), mapIds, {x});
        const oneHot = oneHotRows(mapIds, NUM_CLASSES).flat();
        await expectReference(tf.tensor4d(oneHot, [2, 2, 2, NUM_CLASSES], dtype), mapIds, {x});
      });
    }

    it('take probabilities for the class of the largest one, and leave a sample out that has two', async () => {
      const probabilities = tf.tensor2d([
        [0.2, 0.5, 0.2, 0.1],
        [0.7, 0.1, 0.1, 0.1],
        [0.1, 0.4, 0.1, 0.4],
        [0.2, 0.2, 0.2, 0.4],
        [0, 1, 0, 0],
      ]);
      // That of sample 2 could be class 1 or 3.
      await expectReference(
        probabilities,
        IDS.map((id, i) => (i === 2 ? null : id)),
      );
    });
  });

  describe('ignoreClass', () => {
    it('leaves the samples of a class out', async () => {
      const counted = IDS.map((id) => (id === 1 ? null : id));
      await expectReference(labels(), counted, {ignoreClass: 1});
      await expectReference(tf.tensor2d(oneHotRows(IDS, NUM_CLASSES)), counted, {ignoreClass: 1});
    });

    for (const ignoreClass of [-1, NUM_CLASSES, 255]) {
      it(`leaves out samples labelled ${ignoreClass}, which is no class`, async () => {
        const ids = IDS.map((id) => (id === 1 ? ignoreClass : id));
        const counted = IDS.map((id) => (id === 1 ? null : id));
        for (const dtype of ['int32', 'float32'] as const) {
          await expectReference(tf.tensor1d(ids, dtype), counted, {ignoreClass});
        }
      });
    }

    it('outside the classes changes nothing for one-hot labels', async () => {
      await expectReference(tf.tensor2d(oneHotRows(IDS, NUM_CLASSES)), IDS, {ignoreClass: -1});
    });

    it('gives loss 0, gradient 0 and the same centers if every sample is ignored', async () => {
      const y = tf.fill([IDS.length], 255, 'int32');
      for (const reduction of REDUCTIONS) {
        const args = {reduction, ignoreClass: 255};
        expect(await valueOf(centerLoss(features(), y, centers(), args))).toBe(0);
        expectClose(await gradientOf(features(), y, centers(), args).data(), FEATURES.flat().fill(0));
      }
      expect(await bitsOf(updateCenters(centers(), features(), y, {ignoreClass: 255}))).toEqual(
        await bitsOf(centers()),
      );
    });

    it('keeps what is not finite in an ignored sample from everything', async () => {
      const x = tf.tensor2d([
        [1, 2],
        [NaN, Infinity],
      ]);
      const y = tf.tensor1d([0, 255], 'int32');
      const c = tf.zeros<tf.Rank.R2>([2, 2]);
      expectClose(await valueOf(centerLoss(x, y, c, {ignoreClass: 255})), 2.5);
      expectClose(await gradientOf(x, y, c, {ignoreClass: 255}).data(), [1, 2, 0, 0]);
      expectClose(await updateCenters(c, x, y, {alpha: 1, ignoreClass: 255}).data(), [0.5, 1, 0, 0]);
    });
  });

  describe('an empty batch', () => {
    for (const [form, shape] of [['class ids', [0]] as const, ['one-hot labels', [0, NUM_CLASSES]] as const]) {
      it(`of ${form} has loss 0, an empty gradient and leaves the centers`, async () => {
        const x = tf.zeros([0, FEATURE_DIM]);
        const y = tf.zeros([...shape]);
        for (const reduction of REDUCTIONS) {
          expect(await valueOf(centerLoss(x, y, centers(), {reduction}))).toBe(0);
          expect(gradientOf(x, y, centers(), {reduction}).shape).toEqual([0, FEATURE_DIM]);
        }
        expect(await bitsOf(updateCenters(centers(), x, y))).toEqual(await bitsOf(centers()));
      });
    }

    it('of sequences without steps is empty as well', async () => {
      const x = tf.zeros([2, 0, FEATURE_DIM]);
      const y = tf.zeros([2, 0], 'int32');
      expect(await valueOf(centerLoss(x, y, centers()))).toBe(0);
      expect(gradientOf(x, y, centers()).shape).toEqual([2, 0, FEATURE_DIM]);
      expect(await bitsOf(updateCenters(centers(), x, y))).toEqual(await bitsOf(centers()));
    });
  });

  it('add no more than their result to the number of tensors', () => {
    const [x, y, c] = [features(), labels(), centers()];
    const oneHot = tf.tensor2d(oneHotRows(IDS, NUM_CLASSES));
    for (const some of [y, oneHot]) {
      expect(tensorsMadeBy(() => centerLoss(x, some, c))).toBe(1);
      expect(tensorsMadeBy(() => updateCenters(c, x, some))).toBe(1);
      expect(tensorsMadeBy(() => gradientOf(x, some, c))).toBe(1);
    }
  });
});

describe('centerLoss()', () => {
  disposeAfterEach();

  it('takes arrays as TensorFlow.js does', async () => {
    expectClose(
      await valueOf(centerLoss(FEATURES, IDS, CENTERS)),
      await valueOf(centerLoss(features(), labels(), centers())),
    );
    expectClose(
      await updateCenters(CENTERS, FEATURES, IDS).data(),
      await updateCenters(centers(), features(), labels()).data(),
    );
  });

  it("sums over the samples unless told otherwise, as in the article's implementation", async () => {
    const expected = referenceCenterLoss({features: FEATURES, classIds: IDS, centers: CENTERS}, 'sum');
    expectClose(await valueOf(centerLoss(features(), labels(), centers())), expected);
  });

  it('is half the squared distance of a single sample', async () => {
    const loss = centerLoss(tf.tensor2d([[4, 6]]), tf.tensor1d([1]), tf.tensor2d([[0, 0], [1, 2]])); // prettier-ignore
    expect(loss.shape).toEqual([]);
    expect(loss.dtype).toBe('float32');
    expectClose(await valueOf(loss), (3 ** 2 + 4 ** 2) / 2);
  });

  it('divides a mean by the samples that count, not by the batch', async () => {
    const y = tf.tensor1d([1, 0, 255, 3, 255], 'int32');
    const sum = centerLoss(features(), y, centers(), {ignoreClass: 255, reduction: 'sum'});
    const mean = centerLoss(features(), y, centers(), {ignoreClass: 255, reduction: 'mean'});
    expectClose(await valueOf(mean), (await valueOf(sum)) / 3);
  });

  it('uses the centers that it is given, which an update does not change behind its back', async () => {
    const c = centers();
    const before = await valueOf(centerLoss(features(), labels(), c));
    const updated = updateCenters(c, features(), labels());
    const other = referenceCenterLoss({features: FEATURES, classIds: IDS, centers: await rowsOf(updated)}, 'sum');
    expect(await valueOf(centerLoss(features(), labels(), c))).toBe(before);
    expectClose(await valueOf(centerLoss(features(), labels(), updated)), other);
    expect(other).toBeLessThan(before);
  });

  describe('gradient', () => {
    for (const reduction of REDUCTIONS) {
      it(`of ${reduction} is scaled by the upstream gradient`, async () => {
        const loss = (x: tf.Tensor) => centerLoss(x, labels(), centers(), {reduction});
        const plain = await tf.grad(loss)(features()).data();
        const scaled = tf.grad(loss)(features(), tf.scalar(-2.5));
        const chained = tf.grad((x: tf.Tensor) => tf.square(loss(tf.mul(x, 3))))(features());
        const atTriple = {
          features: FEATURES.map((row) => row.map((value) => value * 3)),
          classIds: IDS,
          centers: CENTERS,
        };
        const outer = 2 * referenceCenterLoss(atTriple, reduction) * 3;
        const inner = finiteDifferences(
          (rows) => referenceCenterLoss({...atTriple, features: rows}, reduction),
          atTriple.features,
        );
        expectClose(
          await scaled.data(),
          Array.from(plain, (value) => -2.5 * value),
        );
        expectClose(
          await chained.data(),
          inner.flat().map((value) => outer * value),
        );
      });
    }

    it('reaches neither centers nor labels', () => {
      const x = tf.variable(features());
      const y = tf.variable(tf.tensor1d(IDS));
      const oneHot = tf.variable(tf.tensor2d(oneHotRows(IDS, NUM_CLASSES)));
      const c = tf.variable(centers());
      for (const some of [y, oneHot]) {
        const {grads} = tf.variableGrads(() => centerLoss(x, some, c), [x, some, c]);
        expect(Object.keys(grads)).toEqual([x.name]);
      }
      tf.dispose([x, y, oneHot, c]);
    });

    it('is zero for a sample at its center', async () => {
      const gradient = gradientOf(tf.tensor2d(IDS.map((id) => CENTERS[id] ?? [])), labels(), centers());
      expectClose(await gradient.data(), FEATURES.flat().fill(0));
    });
  });

  itWithFloat32('neither overflows nor turns into NaN for large finite features', async () => {
    const x = tf.tensor2d([
      [1e18, -1e18],
      [-1e18, 1e18],
    ]);
    const y = tf.tensor1d([0, 1], 'int32');
    const c = tf.tensor2d([
      [0, 0],
      [1e18, 0],
    ]);
    expectClose(await valueOf(centerLoss(x, y, c)), (2e36 + 5e36) / 2);
    expectClose(await gradientOf(x, y, c).data(), [1e18, -1e18, -2e18, 1e18]);
    expectClose(await valueOf(centerLoss(x, y, c, {reduction: 'mean'})), (2e36 + 5e36) / 4);
  });

  itWithFloat32('gives a mean within float32 even where the sum is not', async () => {
    const x = tf.fill([64, 2], 3e18);
    const y = tf.zeros([64], 'int32');
    const loss = centerLoss(x, y, tf.zeros([1, 2]), {reduction: 'mean'});
    expectClose(await valueOf(loss), 9e36);
  });

  for (const bad of [NaN, Infinity, -Infinity]) {
    it(`is not finite, so that it shows, if a feature is ${bad}`, async () => {
      const x = tf.tensor2d([
        [1, bad],
        [3, 4],
      ]);
      for (const reduction of REDUCTIONS) {
        const loss = await valueOf(centerLoss(x, tf.tensor1d([0, 1]), tf.zeros([2, 2]), {reduction}));
        expect(Number.isFinite(loss)).toBe(false);
      }
    });
  }
});

describe('updateCenters()', () => {
  disposeAfterEach();

  it("moves by the article's alpha of 0.6 unless told otherwise", async () => {
    const batch = {features: FEATURES, classIds: IDS, centers: CENTERS};
    const updated = updateCenters(centers(), features(), labels());
    expectClose(await updated.data(), referenceUpdateCenters(batch, 0.6).flat());
  });

  it('moves a center towards the mean of its samples, the further the more there are', async () => {
    const zeros = tf.zeros<tf.Rank.R2>([1, 1]);
    for (const count of [1, 2, 9]) {
      const updated = updateCenters(zeros, tf.fill([count, 1], 8), tf.zeros([count]), {alpha: 0.5});
      expectClose(await valueOf(updated), (0.5 * 8 * count) / (1 + count));
    }
  });

  it('leaves every center with alpha 0, to the bit', async () => {
    const updated = updateCenters(centers(), features(), labels(), {alpha: 0});
    expect(await bitsOf(updated)).toEqual(await bitsOf(centers()));
  });

  itWithFloat32(
    'keeps the centers of absent classes to the last bit, -0 and the smallest number included',
    async () => {
      // 2^-126 is the smallest number that every backend holds: GPUs may flush smaller ones to zero.
      const special = tf.tensor2d([
        [-0, 0, 2 ** -126],
        [1, 1, 1],
        [Math.PI, -3.4028234e38, 16777217 / 3],
        [-0, -(2 ** -126), 0],
      ]);
      const before = await bitsOf(special);
      const after = await bitsOf(updateCenters(special, tf.ones([2, 3]), tf.tensor1d([1, 1], 'int32')));
      for (const absent of [0, 2, 3]) {
        expect(after.slice(absent * 3, absent * 3 + 3)).toEqual(before.slice(absent * 3, absent * 3 + 3));
      }
    },
  );

  it('is pure: centers, features and labels stay as they were, and the result is a tensor of its own', async () => {
    const [x, y, c] = [features(), labels(), centers()];
    const before = await Promise.all([x, y, c].map((tensor) => tensor.array()));
    const updated = updateCenters(c, x, y, {alpha: 1});
    const empty = updateCenters(c, tf.zeros([0, FEATURE_DIM]), tf.zeros([0]));
    tf.dispose([updated, empty]);
    expect(await Promise.all([x, y, c].map((tensor) => tensor.array()))).toEqual(before);
  });

  it('takes a variable for centers and gives a plain tensor', () => {
    const variable = tf.variable(centers());
    expect(updateCenters(variable as tf.Tensor2D, features(), labels())).not.toBeInstanceOf(tf.Variable);
    variable.dispose();
  });

  for (const bad of [NaN, Infinity, -Infinity]) {
    it(`does not count a sample with a feature of ${bad}, but the others of its class`, async () => {
      const x = [
        [8, bad],
        [4, 2],
        [bad, bad],
        [2, 6],
      ];
      const start = [
        [1, 1],
        [-0, 7],
        [3, 3],
      ];
      const updated = updateCenters(tf.tensor2d(start), tf.tensor2d(x), tf.tensor1d([0, 0, 1, 2]), {alpha: 0.5});
      const counted = {features: x, classIds: [null, 0, null, 2], centers: start};
      expectClose(await updated.data(), referenceUpdateCenters(counted, 0.5).flat());
      const untouched = (await bitsOf(updated)).slice(2, 4);
      expect(untouched).toEqual((await bitsOf(tf.tensor2d(start))).slice(2, 4));
    });
  }

  itWithFloat32('stays finite for large finite features', async () => {
    const x = tf.tensor2d([[3e38], [3e38], [3e38], [-3e38]]);
    const updated = updateCenters(tf.zeros([2, 1]), x, tf.tensor1d([0, 0, 0, 1]), {alpha: 1});
    expectClose(await updated.data(), [2.25e38, -1.5e38]);
  });

  itWithFloat32('does not count a sample whose distance to its center leaves float32', async () => {
    const updated = updateCenters(tf.tensor2d([[-3e38, 1]]), tf.tensor2d([[3e38, 2]]), tf.tensor1d([0]));
    expect(await bitsOf(updated)).toEqual(await bitsOf(tf.tensor2d([[-3e38, 1]])));
  });
});

describe('errors of centerLoss() and updateCenters()', () => {
  disposeAfterEach();

  /** What both functions check, they check alike. */
  function expectErrorOfBoth(
    x: tf.Tensor,
    y: tf.Tensor,
    c: tf.Tensor,
    name: 'ValueError' | 'RangeError',
    message: string,
    args: {ignoreClass?: number} = {},
  ): void {
    expectError(() => centerLoss(x, y, c as tf.Tensor2D, args), name, `centerLoss(): ${message}`);
    expectError(() => updateCenters(c as tf.Tensor2D, x, y, args), name, `updateCenters(): ${message}`);
  }

  it('name a wrong reduction', () => {
    const [x, y, c] = [features(), labels(), centers()];
    for (const [reduction, quoted] of [
      ['none', '"none"'],
      ['', '""'],
      [null, 'null'],
      [1, '1'],
    ]) {
      const args = {reduction} as unknown as CenterLossArgs;
      expectError(
        () => centerLoss(x, y, c, args),
        'ValueError',
        `centerLoss(): expected reduction to be 'sum' or 'mean', but got ${quoted}.`,
      );
    }
  });

  it('name a wrong alpha', () => {
    const [x, y, c] = [features(), labels(), centers()];
    for (const [alpha, quoted] of [
      [-0.1, '-0.1'],
      [1.1, '1.1'],
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
      ['0.5', '"0.5"'],
      [null, 'null'],
    ]) {
      const args = {alpha} as unknown as UpdateCentersArgs;
      expectError(
        () => updateCenters(c, x, y, args),
        'ValueError',
        `updateCenters(): expected alpha to be a number from 0 to 1, but got ${quoted}.`,
      );
    }
  });

  it('name options that are not known, and list those that are', () => {
    const [x, y, c] = [features(), labels(), centers()];
    expectError(
      () => centerLoss(x, y, c, {reducton: 'mean'} as CenterLossArgs),
      'ValueError',
      'centerLoss(): expected reduction, ignoreClass, but got unknown ["reducton"].',
    );
    expectError(
      () => updateCenters(c, x, y, {reduction: 'mean'} as UpdateCentersArgs),
      'ValueError',
      'updateCenters(): expected alpha, ignoreClass, but got unknown ["reduction"].',
    );
  });

  it('name what is no object with options', () => {
    const [x, y, c] = [features(), labels(), centers()];
    for (const [args, shown] of [
      [null, 'null'],
      [0.5, '0.5'],
      ['mean', '"mean"'],
      [['mean'], '["mean"]'],
    ] as const) {
      expectError(
        () => centerLoss(x, y, c, args as unknown as CenterLossArgs),
        'ValueError',
        `centerLoss(): expected an object with reduction, ignoreClass, but got ${shown}.`,
      );
      expectError(
        () => updateCenters(c, x, y, args as unknown as UpdateCentersArgs),
        'ValueError',
        `updateCenters(): expected an object with alpha, ignoreClass, but got ${shown}.`,
      );
    }
  });

  it('name what is neither a tensor nor an array', () => {
    const [x, c] = [features(), centers()];
    const OTHERS: [unknown, string][] = [
      [undefined, 'undefined'],
      [null, 'null'],
      ['0', '"0"'],
      [{shape: [2]}, '{"shape":[2]}'],
    ];
    for (const [value, shown] of OTHERS) {
      expectError(
        () => centerLoss(x, value as tf.Tensor, c),
        'ValueError',
        `centerLoss(): expected labels to be a tensor or an array, but got ${shown}.`,
      );
    }
  });

  it('name a wrong ignoreClass', () => {
    for (const [ignoreClass, quoted] of [
      [0.5, '0.5'],
      [NaN, 'NaN'],
      ['1', '"1"'],
      [true, 'true'],
    ]) {
      const message = `expected ignoreClass to be an integer, but got ${quoted}.`;
      expectErrorOfBoth(features(), labels(), centers(), 'ValueError', message, {ignoreClass: ignoreClass as number});
    }
  });

  it('name features without a last dimension', () => {
    for (const [shape, quoted] of [
      [[], '[]'],
      [[5], '[5]'],
      [[5, 0], '[5,0]'],
    ] as const) {
      expectErrorOfBoth(
        tf.zeros([...shape]),
        labels(),
        centers(),
        'ValueError',
        `expected features of shape [batch, ..., features] with a last dimension of at least 1, ` +
          `but got shape ${quoted}.`,
      );
    }
  });

  it('name features of another width than the centers', () => {
    expectErrorOfBoth(
      tf.zeros([5, 2]),
      labels(),
      centers(),
      'ValueError',
      'expected features with a last dimension of 3, the width of the centers, but got shape [5,2].',
    );
  });

  it('name features of another dtype', () => {
    const others = [
      tf.zeros([5, 3], 'int32'),
      tf.zeros([5, 3], 'bool'),
      tf.tensor2d(new Array<string>(15).fill('x'), [5, 3]),
      ...complexTensors([5, 3]),
    ];
    for (const x of others) {
      const message = `expected features of dtype float32, but got dtype ${x.dtype}.`;
      expectErrorOfBoth(x, labels(), centers(), 'ValueError', message);
    }
  });

  it('name centers that are no float32 matrix', () => {
    for (const c of [
      tf.zeros([12]),
      tf.zeros([0, 3]),
      tf.zeros([4, 0]),
      tf.zeros([1, 4, 3]),
      tf.ones([4, 3], 'int32'),
    ]) {
      expectErrorOfBoth(
        features(),
        labels(),
        c,
        'ValueError',
        `expected centers of dtype float32 and shape [classes, features], ` +
          `but got dtype ${c.dtype} and shape ${JSON.stringify(c.shape)}.`,
      );
    }
  });

  it('of a label come before anything has changed, on backends that read labels at once', async () => {
    const y = tf.tensor1d([1, 0, 4, 3, 1], 'int32');
    const c = centers();
    const counted = {features: FEATURES, classIds: [1, 0, null, 3, 1], centers: CENTERS};
    if (readsLabelsAtOnce()) {
      const message = 'expected labels to be integers from 0 to 3, but got 4 at index 2.';
      expectErrorOfBoth(features(), y, c, 'RangeError', message);
    } else {
      expectClose(await valueOf(centerLoss(features(), y, c)), referenceCenterLoss(counted, 'sum'));
      expectClose(await updateCenters(c, features(), y).data(), referenceUpdateCenters(counted, 0.6).flat());
    }
    expect(await bitsOf(c)).toEqual(await bitsOf(centers()));
  });
});
