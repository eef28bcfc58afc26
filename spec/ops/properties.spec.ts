import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {centerLoss, CenterLossLayer, updateCenters} from '../../lib/index.js';
import {examplesOnThisBackend} from '../support/backends.js';
import {valueOf} from '../support/networks.js';
import {
  oneHotRows,
  referenceCenterLoss,
  referenceGradient,
  referenceUpdateCenters,
  type ReferenceBatch,
  type Reduction,
} from '../support/reference.js';
import {bitsOf, rowsOf} from '../support/tensors.js';
import {expectClose, relativeTolerance} from '../support/tolerance.js';

/** Always the same examples. A failure prints seed and path: put both here to see that example alone. */
const SEED = 20161008;
const NUM_RUNS = 60;
const TIMEOUT = 60_000;

/** Neither a class nor -1, which is what the package itself writes for samples that take no part. */
const IGNORED = 255;

/** A batch of which all samples take part. */
interface Batch extends ReferenceBatch {
  classIds: number[];
}

/**
 * A made-up batch. Numbers are multiples of 1/128 up to 8, which float32 holds exactly: the reference starts from the
 * same ones.
 */
interface Example {
  batch: Batch;
  numClasses: number;
  featureDim: number;
  alpha: number;
  reduction: Reduction;
}

const number = fc.integer({min: -1024, max: 1024}).map((value) => value / 128);

const rows = (numRows: number, width: number) =>
  fc.array(fc.array(number, {minLength: width, maxLength: width}), {minLength: numRows, maxLength: numRows});

/** How the samples fall into classes. */
function classIdsOf(numClasses: number, numSamples: number): fc.Arbitrary<number[]> {
  const ids = (id: fc.Arbitrary<number>) => fc.array(id, {minLength: numSamples, maxLength: numSamples});
  const anyClass = fc.integer({min: 0, max: numClasses - 1});
  const allOneClass = anyClass.map((id) => new Array<number>(numSamples).fill(id));
  const allDistinct = anyClass.map((first) => Array.from({length: numSamples}, (_, i) => (first + i) % numClasses));
  // Class k about half as often as class k - 1.
  const longTail = ids(fc.double({min: 2 ** -30, max: 1, noNaN: true}).map((p) => Math.floor(-Math.log2(p)))).map(
    (tail) => tail.map((id) => Math.min(id, numClasses - 1)),
  );
  return fc.oneof(ids(anyClass), allOneClass, allDistinct, longTail);
}

const example: fc.Arbitrary<Example> = fc
  .record({
    numClasses: fc.integer({min: 1, max: 12}),
    featureDim: fc.integer({min: 1, max: 8}),
    numSamples: fc.integer({min: 1, max: 24}),
  })
  .chain(({numClasses, featureDim, numSamples}) =>
    fc.record({
      batch: fc.record({
        features: rows(numSamples, featureDim),
        classIds: classIdsOf(numClasses, numSamples),
        centers: rows(numClasses, featureDim),
      }),
      numClasses: fc.constant(numClasses),
      featureDim: fc.constant(featureDim),
      alpha: fc.double({min: 0, max: 1, noNaN: true}),
      reduction: fc.constantFrom<Reduction>('sum', 'mean'),
    }),
  );

/** One boolean for each of up to 24 samples. */
const flags = fc.array(fc.boolean(), {minLength: 24, maxLength: 24});

const labelForm = fc.constantFrom('ids', 'column', 'one-hot', 'probabilities');
const labelDType = fc.constantFrom('int32', 'float32');

/** The class ids in a form of the design. */
function labelsIn(form: string, classIds: number[], numClasses: number, dtype: 'int32' | 'float32'): tf.Tensor {
  const oneHot = oneHotRows(classIds, numClasses);
  switch (form) {
    // One-hot labels of a single class have the shape of a column of class ids.
    case numClasses > 1 && 'one-hot':
      return tf.tensor2d(oneHot, undefined, dtype);
    case numClasses > 1 && 'probabilities':
      return tf.tensor2d(oneHot.map((row) => row.map((value) => (value * 0.1 + 1) / (numClasses + 0.1))));
    case 'column':
      return tf.tensor2d(classIds, [classIds.length, 1], dtype);
    default:
      return tf.tensor1d(classIds, dtype);
  }
}

/** Runs the property on the examples, and disposes what each made. */
function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => Promise<void>): () => Promise<void> {
  return () =>
    fc.assert(
      fc.asyncProperty(arbitrary, async (value) => {
        tf.engine().startScope();
        try {
          await predicate(value);
        } finally {
          tf.engine().endScope();
        }
      }),
      {seed: SEED, numRuns: examplesOnThisBackend(NUM_RUNS)},
    );
}

const tensorsOf = ({features, classIds, centers}: Batch) => ({
  x: tf.tensor2d(features),
  y: tf.tensor1d(classIds, 'int32'),
  c: tf.tensor2d(centers),
});

async function expectReference(x: tf.Tensor, y: tf.Tensor, batch: ReferenceBatch, {alpha, reduction}: Example) {
  const c = tf.tensor2d(batch.centers);
  const {value, grad} = tf.valueAndGrad((moved) => centerLoss(moved, y, c, {reduction, ignoreClass: IGNORED}))(x);
  const updated = updateCenters(c, x, y, {alpha, ignoreClass: IGNORED});
  expectClose(await valueOf(value), referenceCenterLoss(batch, reduction), 'loss');
  expectClose(await grad.data(), referenceGradient(batch, reduction).flat(), 'gradient');
  expectClose(await updated.data(), referenceUpdateCenters(batch, alpha).flat(), 'centers');
}

describe('for any batch', () => {
  it(
    'loss, gradient and updated centers are those of the double-precision reference, in every label form',
    holds(fc.tuple(example, labelForm, labelDType), async ([some, form, dtype]) => {
      const {features, classIds} = some.batch;
      await expectReference(tf.tensor2d(features), labelsIn(form, classIds, some.numClasses, dtype), some.batch, some);
    }),
    TIMEOUT,
  );

  it(
    'ignored samples take no part, whatever their features are',
    holds(fc.tuple(example, flags, fc.constantFrom(NaN, Infinity, -Infinity, 3e38)), async ([some, ignored, odd]) => {
      const {features, classIds, centers} = some.batch;
      const x = features.map((row, i) => (ignored[i] ? row.map(() => odd) : row));
      const y = classIds.map((id, i) => (ignored[i] ? IGNORED : id));
      const counted = {features: x, classIds: classIds.map((id, i) => (ignored[i] ? null : id)), centers};
      await expectReference(tf.tensor2d(x), tf.tensor1d(y), counted, some);
    }),
    TIMEOUT,
  );

  it(
    'sequences count every step as a sample',
    holds(fc.tuple(example, fc.integer({min: 1, max: 3})), async ([some, steps]) => {
      const {features, classIds, centers} = some.batch;
      const repeat = <T>(values: T[]) => Array.from({length: steps}, () => values).flat();
      const batch = {features: repeat(features), classIds: repeat(classIds), centers};
      const shape: [number, number, number] = [features.length, steps, some.featureDim];
      const x = tf.tensor3d(batch.features.flat(), shape);
      // Without the last axis they could be one-hot, where there are as many steps as classes.
      await expectReference(x, tf.tensor3d(batch.classIds, [shape[0], steps, 1]), batch, some);
    }),
    TIMEOUT,
  );

  it(
    'the layer does what the reference does, under any mask',
    holds(fc.tuple(example, flags), async ([some, kept]) => {
      const {features, classIds, centers} = some.batch;
      const counted = classIds.map((id, i) => (kept[i] ? id : null));
      const layer = new CenterLossLayer({
        numClasses: some.numClasses,
        alpha: some.alpha,
        reduction: some.reduction,
        lossWeight: 0.5,
      });
      layer.apply(tf.tensor2d(features));
      layer.setWeights([tf.tensor2d(centers)]);
      const mask = tf.tensor1d(kept.slice(0, classIds.length), 'bool');
      const loss = tf.tidy(() => {
        layer.apply([tf.tensor2d(features), tf.tensor1d(classIds)], {training: true, mask});
        return layer.calculateLosses()[0] as tf.Scalar;
      });
      const batch = {features, classIds: counted, centers};
      expectClose(await valueOf(loss), 0.5 * referenceCenterLoss(batch, some.reduction), 'loss');
      expectClose(await layer.centers.data(), referenceUpdateCenters(batch, some.alpha).flat(), 'centers');
      layer.dispose();
    }),
    TIMEOUT,
  );

  it(
    'the order of the samples does not matter beyond rounding',
    holds(
      example.chain((some) =>
        fc.tuple(
          fc.constant(some),
          fc.shuffledSubarray([...some.batch.features.keys()], {minLength: some.batch.features.length}),
        ),
      ),
      async ([{batch, alpha, reduction}, order]) => {
        const {x, y, c} = tensorsOf(batch);
        const indices = tf.tensor1d(order, 'int32');
        const [x2, y2] = [tf.gather(x, indices), tf.gather(y, indices)];
        const gradient = (moved: tf.Tensor, ids: tf.Tensor) =>
          tf.grad((some) => centerLoss(some, ids, c, {reduction}))(moved);
        expectClose(
          await valueOf(centerLoss(x2, y2, c, {reduction})),
          await valueOf(centerLoss(x, y, c, {reduction})),
          'loss',
        );
        expectClose(await gradient(x2, y2).data(), await tf.gather(gradient(x, y), indices).data(), 'gradient');
        expectClose(
          await updateCenters(c, x2, y2, {alpha}).data(),
          await updateCenters(c, x, y, {alpha}).data(),
          'centers',
        );
      },
    ),
    TIMEOUT,
  );

  it(
    'features may be split along D: losses add up, and centers join to the same',
    holds(fc.tuple(example, fc.integer({min: 0, max: 7})), async ([{batch, featureDim, alpha, reduction}, at]) => {
      fc.pre(featureDim > 1);
      const {x, y, c} = tensorsOf(batch);
      const left = 1 + (at % (featureDim - 1));
      const [x1, x2] = tf.split(x, [left, featureDim - left], 1) as [tf.Tensor2D, tf.Tensor2D];
      const [c1, c2] = tf.split(c, [left, featureDim - left], 1) as [tf.Tensor2D, tf.Tensor2D];
      const parts = [centerLoss(x1, y, c1, {reduction}), centerLoss(x2, y, c2, {reduction})];
      const joined = tf.concat([updateCenters(c1, x1, y, {alpha}), updateCenters(c2, x2, y, {alpha})], 1);
      expectClose(await valueOf(tf.addN(parts)), await valueOf(centerLoss(x, y, c, {reduction})), 'loss');
      expectClose(await joined.data(), await updateCenters(c, x, y, {alpha}).data(), 'centers');
    }),
    TIMEOUT,
  );

  it(
    'a center moves straight to the mean of its samples, and no further than alpha * n / (1 + n) of the way',
    holds(example, async ({batch, alpha}) => {
      const {x, y, c} = tensorsOf(batch);
      const updated = await rowsOf(updateCenters(c, x, y, {alpha}));
      const [bits, bitsBefore] = [await bitsOf(tf.tensor2d(updated)), await bitsOf(c)];
      batch.centers.forEach((center, j) => {
        const own = batch.features.filter((_, i) => batch.classIds[i] === j);
        if (own.length === 0) {
          const place = [j * center.length, (j + 1) * center.length];
          expect(bits.slice(...place)).toEqual(bitsBefore.slice(...place));
        }
        center.forEach((value, d) => {
          const mean = own.reduce((sum, row) => sum + (row[d] ?? NaN), 0) / Math.max(own.length, 1);
          const way = own.length === 0 ? 0 : mean - value;
          const moved = (updated[j]?.[d] ?? NaN) - value;
          const limit = (alpha * own.length) / (1 + own.length);
          // Numbers are up to 8, so that rounding is relative to 8 and not to the little way that may be left.
          expect(Math.abs(moved)).toBeLessThanOrEqual(limit * Math.abs(way) + 8 * relativeTolerance());
          expect(moved * Math.sign(way)).toBeGreaterThanOrEqual(-8 * relativeTolerance());
        });
      });
    }),
    TIMEOUT,
  );

  it(
    'the same batch again and again brings the centers to the class means, as fast as the formula says',
    holds(fc.tuple(example, fc.double({min: 0.3, max: 1, noNaN: true})), async ([{batch}, alpha]) => {
      const {x, y, c} = tensorsOf(batch);
      const numUpdates = 40;
      let current = c;
      for (let i = 0; i < numUpdates; i++) {
        const next = updateCenters(current, x, y, {alpha});
        tf.dispose(current);
        current = next;
      }
      const centers = await rowsOf(current);
      batch.centers.forEach((center, j) => {
        const own = batch.features.filter((_, i) => batch.classIds[i] === j);
        center.forEach((value, d) => {
          const mean = own.reduce((sum, row) => sum + (row[d] ?? NaN), 0) / own.length;
          const left = (1 - (alpha * own.length) / (1 + own.length)) ** numUpdates;
          const expected = own.length === 0 ? value : mean + left * (value - mean);
          // Each update rounds once more, and forgets part of what went before: errors do not add up beyond a few.
          expect(Math.abs((centers[j]?.[d] ?? NaN) - expected)).toBeLessThanOrEqual(8 * relativeTolerance());
        });
      });
    }),
    TIMEOUT,
  );
});
