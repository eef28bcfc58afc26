import * as tf from '@tensorflow/tfjs';
import {composite} from '../../lib/kernels/composite.js';
import type {ClassIdsAttrs} from '../../lib/kernels/contracts.js';
import {
  centerLossKernel,
  classIdsKernel,
  scaleGradientKernel,
  updateCentersKernel,
} from '../../lib/kernels/dispatch.js';
import {hasHalfFloats} from '../../lib/kernels/exact_ids.js';
import {itWhere, itWithFloat32} from '../support/it_where.js';
import {hasKernels, otherBackend, readsAtOnce} from '../support/kernels.js';
import {randomRows} from '../support/reference.js';
import {bitsOf, disposeAfterEach, readsLabelsAtOnce} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

interface Inputs {
  features: tf.Tensor2D;
  classIds: tf.Tensor1D;
  centers: tf.Tensor2D;
}

const ALPHA = 0.6;
const REDUCTIONS = ['sum', 'mean'] as const;

/** A number that is not 0, near the smallest. */
const TINY = hasHalfFloats() ? 2 ** -14 : 1e-30;

/** Batch size, classes, feature width: around what loops unroll and workgroups hold, and more samples than classes. */
const SIZES = [
  [1, 1, 1],
  [5, 3, 2],
  [7, 100, 3],
  [64, 2, 5],
  [33, 10, 130],
  [1200, 2, 3],
] as const;

/** A batch that repeats some classes, misses others, and has samples that take no part. */
function makeInputs([batchSize, numClasses, featureDim]: readonly [number, number, number]): Inputs {
  const ids = Array.from({length: batchSize}, (_, i) => (i % 5 === 3 ? -1 : (i * i * 7) % numClasses));
  return {
    features: tf.tensor2d(randomRows(batchSize, featureDim, 11)),
    classIds: tf.tensor1d(ids, 'int32'),
    centers: tf.tensor2d(randomRows(numClasses, featureDim, 12)),
  };
}

function inputsOf(features: number[][], classIds: number[], centers: number[][]): Inputs {
  return {
    features: tf.tensor2d(features),
    classIds: tf.tensor1d(classIds, 'int32'),
    centers: tf.tensor2d(centers),
  };
}

function updated(inputs: Inputs): tf.Tensor2D {
  return updateCentersKernel(inputs, {alpha: ALPHA, inPlace: false});
}

describe('The kernels of this backend', () => {
  disposeAfterEach();

  for (const size of SIZES) {
    describe(`of ${size[0]} samples, ${size[1]} classes and width ${size[2]}`, () => {
      for (const reduction of REDUCTIONS) {
        for (const lossWeight of [1, 0.25]) {
          it(`give the losses and the gradient of the composite, reduction ${reduction}, weight ${lossWeight}`, async () => {
            const inputs = makeInputs(size);
            const {loss, weightedLoss, gradient} = centerLossKernel(inputs, {reduction, lossWeight});
            const [expectedLoss, , expectedGradient] = composite.centerLoss(inputs, {reduction, lossWeight: 1});
            expect([loss.shape, weightedLoss.shape]).toEqual([[], []]);
            expect(gradient.shape).toEqual(inputs.features.shape);
            expectClose(await loss.data(), await expectedLoss.data());
            expectClose(await weightedLoss.data(), await expectedLoss.mul(lossWeight).data());
            expectClose(await gradient.data(), await expectedGradient.mul(lossWeight).data());
          });
        }
      }

      it('give the new centers of the composite, also where samples are not finite', async () => {
        const inputs = makeInputs(size);
        const [batchSize, , featureDim] = size;
        const values = Float32Array.from(await inputs.features.data());
        [NaN, Infinity, -Infinity].forEach((value, i) => {
          values[((i * 2) % batchSize) * featureDim + (i % featureDim)] = value;
        });
        const broken = {...inputs, features: tf.tensor2d(values, inputs.features.shape)};
        const expected = await composite.updateCenters(broken, {alpha: ALPHA, inPlace: false}).data();
        expect(Array.from(expected).every(Number.isFinite)).toBe(true);
        expectClose(await updated(broken).data(), expected);
      });

      it('give the new centers of the composite', async () => {
        const inputs = makeInputs(size);
        const centers = updated(inputs);
        expect(centers.shape).toEqual(inputs.centers.shape);
        expectClose(await centers.data(), await composite.updateCenters(inputs, {alpha: ALPHA, inPlace: false}).data());
      });
    });
  }

  // Operations of TensorFlow.js have their own tests, and would take long.
  const itWithKernels = itWhere(hasKernels(), 'this backend has no kernels, but operations of TensorFlow.js');
  itWithKernels('take more features than one row of workgroups has threads', async () => {
    const [batchSize, numClasses, featureDim] = [65_537, 300, 65];
    const features = tf.ones<tf.Rank.R2>([batchSize, featureDim]);
    const classIds = tf.tensor1d(
      Int32Array.from({length: batchSize}, (_, i) => i % numClasses),
      'int32',
    );
    const centers = updated({features, classIds, centers: tf.zeros([numClasses, featureDim])});
    // Few of the numbers, of which a failure would print all.
    const [first, last] = [centers.slice([0, 0], [1, 2]), centers.slice([numClasses - 1, featureDim - 2], [1, 2])];
    const [most, least] = [Math.ceil(batchSize / numClasses), Math.floor(batchSize / numClasses)];
    expectClose(
      await tf.concat([first, last]).data(),
      [most, most, least, least].map((n) => (ALPHA * n) / (1 + n)),
    );
  });

  describe('read class ids as the composite does,', () => {
    const INTEGERS = [3, 0, -1, 4, 1, 2, 2 ** 24, -(2 ** 31)];
    const NUMBERS = [3, -0, 1.5, NaN, 3.9999998, 4, -1, Infinity, -Infinity, 2 ** 31, 1e30, 2];
    const INFINITE_ROWS = [
      [1e30, Infinity, 0, 0],
      [-Infinity, -Infinity, 0, -Infinity],
    ];
    const ROWS = [
      [0, 1, 0, 0],
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [NaN, 0, 1, 0],
      [0, 0, 1, NaN],
      [NaN, NaN, NaN, NaN],
      [0, 7, 0, 7],
      [-5, -7, -9, -1],
      [-1, -1, -1, -2],
      [1e4, 6e4, 0, 0],
      [-6e4, -6e4, 0, -6e4],
    ];

    const cases: {what: string; labels: () => tf.Tensor; entryPerClass?: boolean; expected: number[]; itWhereHeld?: typeof itWithFloat32}[] = [
      {what: 'of int32', labels: () => tf.tensor1d(INTEGERS, 'int32'), expected: [3, 0, -1, -1, 1, 2, -1, -1]},
      {what: 'of bool', labels: () => tf.tensor1d([true, false], 'bool'), expected: [1, 0]},
      {what: 'of float32', labels: () => tf.tensor1d(NUMBERS), expected: [3, 0, ...new Array<number>(9).fill(-1), 2]},
      {what: 'of float32 near 0', labels: () => tf.tensor1d([TINY, -TINY, 0]), expected: [-1, -1, 0]},
      {what: 'of four axes', labels: () => tf.tensor4d(INTEGERS, [2, 2, 2, 1]), expected: [3, 0, -1, -1, 1, 2, -1, -1]},
      {what: 'of integers cast', labels: () => tf.tensor1d(INTEGERS, 'int32').toFloat(), expected: [3, 0, -1, -1, 1, 2, -1, -1]},
      {what: 'of rows', labels: () => tf.tensor2d(ROWS), entryPerClass: true, expected: [1, -1, -1, -1, -1, -1, -1, 3, -1, 1, 2]},
      {what: 'of infinite rows', labels: () => tf.tensor2d(INFINITE_ROWS), entryPerClass: true, expected: [1, 2], itWhereHeld: itWithFloat32},
      {what: 'of rows in sequences', labels: () => tf.tensor4d([0, 0, 9, 0, 0, 0, 0, -1], [1, 2, 1, 4], 'int32'), entryPerClass: true, expected: [2, -1]},
      {what: 'of no sample', labels: () => tf.tensor1d([]), expected: []},
      {what: 'of no row', labels: () => tf.zeros([0, 4]), entryPerClass: true, expected: []},
    ]; // prettier-ignore
    for (const {what, labels, entryPerClass = false, expected, itWhereHeld = it} of cases) {
      itWhereHeld(what, async () => {
        const mask = expected.map((_, i) => (i % 3 === 0 ? 0 : 1));
        const idsOf = async (attrs: Partial<ClassIdsAttrs>, masked: boolean) => {
          // Of the shape of the samples, which the mask of the layer has.
          const inputs = {labels: labels(), ...(masked && {mask: tf.tensor2d(mask, [1, mask.length])})};
          const allAttrs = {numClasses: 4, entryPerClass, ...attrs};
          const [ids, reference] = [classIdsKernel(inputs, allAttrs), composite.classIds(inputs, allAttrs)];
          expect([ids.dtype, ids.shape]).toEqual(['int32', [expected.length]]);
          expect(Array.from(await ids.data())).toEqual(Array.from(await reference.data()));
          return Array.from(await ids.data());
        };
        expect(await idsOf({}, false)).toEqual(expected);
        expect(await idsOf({}, true)).toEqual(expected.map((id, i) => (mask[i] === 0 ? -1 : id)));
        for (const ignoreClass of [0, 3, -1, 4, 1e300]) {
          expect(await idsOf({ignoreClass}, false)).toEqual(expected.map((id) => (id === ignoreClass ? -1 : id)));
        }
        expect(await idsOf({ignoreClass: 1}, true)).toEqual(
          expected.map((id, i) => (mask[i] === 0 || id === 1 ? -1 : id)),
        );
      });
    }
  });

  it('multiply the gradient by the upstream gradient', async () => {
    const scaled = scaleGradientKernel({gradient: tf.tensor2d([[1, -2, 0.5]]), dy: tf.scalar(-3)});
    expect(scaled.shape).toEqual([1, 3]);
    expectClose(await scaled.data(), [-3, 6, -1.5]);
  });

  it('leave the gradient as it is where the upstream gradient is 1', async () => {
    const gradient = tf.tensor2d([[1, -2, 0.5]]);
    const scaled = scaleGradientKernel({gradient, dy: tf.scalar(1)});
    gradient.dispose();
    expectClose(await scaled.data(), [1, -2, 0.5]);
  });

  const itWhereFactorsAreSeen = itWhere(hasKernels() && readsLabelsAtOnce(), 'nobody looks at the factor here');
  itWhereFactorsAreSeen('do not copy a gradient whose upstream gradient is 1', () => {
    const gradient = tf.tensor2d([[1, -2, 0.5]]);
    const dy = tf.scalar(1);
    const before = tf.memory().numDataBuffers;
    scaleGradientKernel({gradient, dy});
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  it('take an empty batch', async () => {
    const inputs = {
      ...makeInputs([2, 3, 2]),
      features: tf.zeros<tf.Rank.R2>([0, 2]),
      classIds: tf.tensor1d([], 'int32'),
    };
    for (const reduction of REDUCTIONS) {
      const {loss, gradient} = centerLossKernel(inputs, {reduction, lossWeight: 1});
      expect(Array.from(await loss.data())).toEqual([0]);
      expect(gradient.shape).toEqual([0, 2]);
    }
    expect(await bitsOf(updated(inputs))).toEqual(await bitsOf(inputs.centers));
  });

  it('take a batch of which no sample takes part, whatever its features', async () => {
    const inputs = inputsOf([[NaN, Infinity]], [-1], [[1, 2]]);
    for (const reduction of REDUCTIONS) {
      const {loss, gradient} = centerLossKernel(inputs, {reduction, lossWeight: 1});
      expect(Array.from(await loss.data())).toEqual([0]);
      expect(Array.from(await gradient.data())).toEqual([0, 0]);
    }
    expect(await bitsOf(updated(inputs))).toEqual(await bitsOf(inputs.centers));
  });

  it('show a sample that is not finite in the loss and the gradient, and do not count it in the update', async () => {
    const inputs = inputsOf(
      [
        [NaN, 0],
        [1, 1],
        [0, -Infinity],
      ],
      [0, 0, 1],
      [
        [0, 0],
        [-0, 3],
      ],
    );
    const {loss, gradient} = centerLossKernel(inputs, {reduction: 'sum', lossWeight: 1});
    expect(Number.isFinite((await loss.data())[0])).toBe(false);
    expectClose(Array.from(await gradient.data()).slice(1, 5), [0, 1, 1, 0]);
    const centers = updated(inputs);
    expectClose(Array.from(await centers.data()).slice(0, 2), [0.3, 0.3]);
    expect((await bitsOf(centers)).slice(2)).toEqual((await bitsOf(inputs.centers)).slice(2));
  });

  itWithFloat32('do not count a sample whose difference to its center is too large for a float32', async () => {
    const inputs = inputsOf([[3e38], [-3e38]], [0, 0], [[-1e38]]);
    expectClose(await updated(inputs).data(), [-1e38 - (ALPHA / 2) * 2e38]);
  });

  it('add up large differences without leaving the range of floats', async () => {
    const large = hasHalfFloats() ? 6e4 : 3e38;
    const inputs = inputsOf([[large], [large], [large]], [0, 0, 0], [[0]]);
    expectClose(await updated(inputs).data(), [ALPHA * 0.75 * large]);
  });

  it('average large losses without leaving the range of floats', async () => {
    const large = hasHalfFloats() ? 350 : 1.5e19;
    const inputs = inputsOf([[large], [large], [large], [large]], [0, 0, 0, 0], [[0]]);
    expectClose(await centerLossKernel(inputs, {reduction: 'mean', lossWeight: 1}).loss.data(), [(large * large) / 2]);
  });

  it('keep absent classes to the last bit, -0 included', async () => {
    const inputs = inputsOf(
      [[2, 2]],
      [1],
      [
        [-0, TINY],
        [0, 0],
        [5, -0],
      ],
    );
    const [before, after] = [await bitsOf(inputs.centers), await bitsOf(updated(inputs))];
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after.slice(4)).toEqual(before.slice(4));
  });

  it('leave their inputs as they are', async () => {
    const inputs = makeInputs([33, 10, 130]);
    const before = await Promise.all([inputs.features, inputs.classIds, inputs.centers].map((input) => input.array()));
    centerLossKernel(inputs, {reduction: 'mean', lossWeight: 1});
    updated(inputs);
    expect(await Promise.all([inputs.features, inputs.classIds, inputs.centers].map((input) => input.array()))).toEqual(
      before,
    );
  });

  const itMovingTensors = itWhere(hasKernels() && readsAtOnce(), 'it is for kernels that tensors can be moved to');
  itMovingTensors('take inputs from another backend, though memory has to grow for them', async () => {
    const backend = tf.getBackend();
    await tf.setBackend(otherBackend());
    // More than the heap of wasm has at first; elsewhere there is nothing to grow.
    const featureDim = backend === 'wasm' ? 2 ** 20 : 2 ** 10;
    const inputs = {
      features: tf.fill<tf.Rank.R2>([8, featureDim], 1),
      classIds: tf.zeros<tf.Rank.R1>([8], 'int32'),
      centers: tf.zeros<tf.Rank.R2>([8, featureDim]),
    };
    await tf.setBackend(backend);
    const {loss, gradient} = centerLossKernel(inputs, {reduction: 'mean', lossWeight: 1});
    expectClose(await loss.data(), [featureDim / 2]);
    expectClose(await gradient.slice([7, featureDim - 2], [1, 2]).data(), [1 / 8, 1 / 8]);
    expectClose(
      await updated(inputs)
        .slice([0, featureDim - 2], [2, 2])
        .data(),
      [8, 8, 0, 0].map((n) => (ALPHA * n) / 9),
    );
  });
});
