import * as tf from '@tensorflow/tfjs';

import type {Batch} from '../../demo/mnist/dataset.js';
import {alteredBatches} from '../../studies/altered_training.js';

const SIDE = 28;
const HALF = SIDE / 2;

/** Two pictures of class 1 and one of class 0, which are told apart by their ink. */
const LABELS = [1, 0, 1];
const INK = [0.2, 0.6, 1];

/** A full quarter of ink above on the left, and half as much above on the right: turned or mirrored it is another picture. */
const pictures = {
  side: SIDE,
  pixels: Float32Array.from({length: LABELS.length * SIDE * SIDE}, (_, i) => {
    const [picture, row, column] = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
    return row >= HALF ? 0 : (INK[picture] ?? NaN) * (column < HALF ? 1 : 0.5);
  }),
  labels: LABELS,
  numClasses: 2,
};

/** What there is in each corner: above on the left and right, below on the left and right. */
const CORNERS = [
  '## -- . .',
  '. ## . --',
  '. . -- ##',
  '-- . ## .',
  '-- ## . .',
  '. -- . ##',
  '. . ## --',
  '## . -- .',
];

/** Class, ink and corners of each picture of some batches. */
function read(batches: Generator<Batch, never>, count: number) {
  return Array.from({length: count}, () => {
    const {
      xs: [images, ids],
      ys,
    } = batches.next().value;
    const rows = images.arraySync();
    expect(ids.arraySync()).toEqual(ys.arraySync());
    const read = ys.arraySync().map((classId, index) => ({classId, ...cornersOf(rows[index] ?? [])}));
    tf.dispose([images, ids, ys]);
    return read;
  }).flat();
}

function cornersOf(pixels: readonly number[]) {
  // From the middle of each corner, which no light alteration moves into another one.
  const middle = (top: number, left: number) => {
    const values = [6, 7].flatMap((row) => [6, 7].map((column) => pixels[(top + row) * SIDE + left + column] ?? NaN));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const corners = [middle(0, 0), middle(0, HALF), middle(HALF, 0), middle(HALF, HALF)];
  const ink = Math.max(...corners);
  const signs = corners.map((value) => (value > 0.9 * ink ? '##' : value > 0.4 * ink ? '--' : '.'));
  return {ink: Number(ink.toFixed(3)), corners: signs.join(' '), pixels};
}

describe('batches of altered pictures', () => {
  test('have each picture in eight ways, each of which makes a class of its own of each class', () => {
    const all = read(alteredBatches(pictures, 8, 4, 1), (8 * LABELS.length) / 4);
    for (const [picture, label] of LABELS.entries()) {
      const copies = all.filter(({ink}) => ink === INK[picture]).sort((a, b) => a.classId - b.classId);
      expect(copies.map(({classId}) => classId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((copy) => label + 2 * copy));
      const corners = copies.map((copy) => copy.corners);
      expect(corners[0]).toBe('## -- . .');
      expect(new Set(corners)).toEqual(new Set(CORNERS));
      // The first four are turned on and on, the others are their mirror images.
      const turns = corners.map((one) => CORNERS.indexOf(one));
      expect(turns.slice(0, 4).every((turn) => turn < 4)).toBe(true);
      const steps = [1, 2, 3].map((copy) => ((turns[copy] ?? NaN) - (turns[copy - 1] ?? NaN) + 4) % 4);
      expect(new Set(steps).size).toBe(1);
    }
  });

  test('have the turned ones alone, if there are four', () => {
    const all = read(alteredBatches(pictures, 4, 4, 1), (4 * LABELS.length) / 4);
    const ways = all.filter(({ink}) => ink === INK[1]).sort((a, b) => a.classId - b.classId);
    expect(ways.map(({classId}) => classId)).toEqual([0, 2, 4, 6]);
    expect(new Set(ways.map(({corners}) => corners))).toEqual(new Set(CORNERS.slice(0, 4)));
  });

  test('alter a picture otherwise in each epoch, in another order, and all the same for the same seed', () => {
    const epoch = (8 * LABELS.length) / 4;
    const [first, same, other] = [1, 1, 2].map((seed) => read(alteredBatches(pictures, 8, 4, seed), 2 * epoch));
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
    const [before = [], after = []] = [first?.slice(0, 24), first?.slice(24)];
    expect(after.map(({classId}) => classId)).not.toEqual(before.map(({classId}) => classId));
    const upright = [before, after].map(
      (epoch) => epoch.find(({classId, ink}) => classId === 0 && ink === 0.6)?.pixels,
    );
    expect(upright[0]).not.toEqual(upright[1]);
  });

  test('are whole: what is left over of an epoch is left out', () => {
    const before = tf.memory().numTensors;
    // Of 24 copies two batches of ten; the third is of the next epoch.
    const all = read(alteredBatches(pictures, 8, 10, 1), 3);
    expect(new Set(all.slice(0, 20).map(({classId, ink}) => `${classId} ${ink}`)).size).toBe(20);
    expect(new Set(all.slice(20).map(({classId, ink}) => `${classId} ${ink}`)).size).toBe(10);
    expect(all.every(({ink}) => INK.includes(ink))).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
