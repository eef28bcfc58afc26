import * as tf from '@tensorflow/tfjs';

import type {Dataset} from '../../demo/mnist/dataset.js';
import {NUM_CLASSES} from '../../demo/mnist/idx.js';

/** The known digits of each split: `splits_2020` for MNIST in the repository of ARPL. The other four are unknown. */
export const SPLITS: readonly (readonly number[])[] = [
  [2, 4, 5, 9, 8, 3],
  [3, 2, 6, 9, 4, 0],
  [5, 8, 3, 2, 4, 6],
  [3, 7, 8, 4, 0, 5],
  [6, 3, 4, 9, 8, 2],
];
export const SEEDS: readonly number[] = [1, 2, 3];

/** Settings are chosen on other splits and with another seed, so that no reported number takes part in a choice. */
export const CHOOSING_SPLITS: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5],
  [4, 5, 6, 7, 8, 9],
  [0, 2, 4, 6, 7, 8],
  [1, 3, 5, 7, 9, 0],
  [1, 2, 6, 7, 8, 9],
];
export const CHOOSING_SEED = 101;

/** One known training picture in this many is held back from the training, for the calibration. */
const HELD_BACK = 6;

/** The parts of MNIST that a split makes. Labels count the digits of the part from 0: known, or unknown ones. */
export interface OpenSet {
  known: readonly number[];
  unknown: readonly number[];
  train: Dataset;
  heldBack: Dataset;
  testKnown: Dataset;
  testUnknown: Dataset;
  /** Training pictures of the unknown digits, of which a few are enrolled. */
  enrolment: Dataset;
}

/** Splits MNIST by the known digits. The caller disposes of it by `disposeOpenSet`. */
export function splitByDigits(train: Dataset, test: Dataset, known: readonly number[]): OpenSet {
  const unknown = [...Array(NUM_CLASSES).keys()].filter((digit) => !known.includes(digit));
  return {
    known,
    unknown,
    train: takeDigits(train, known, (nth) => nth % HELD_BACK !== 0),
    heldBack: takeDigits(train, known, (nth) => nth % HELD_BACK === 0),
    testKnown: takeDigits(test, known, () => true),
    testUnknown: takeDigits(test, unknown, () => true),
    enrolment: takeDigits(train, unknown, () => true),
  };
}

/** The pictures of these digits, as far as `isTaken` picks them by their place among them. */
function takeDigits(dataset: Dataset, digits: readonly number[], isTaken: (nth: number) => boolean): Dataset {
  const classIds = Array.from(dataset.labels.dataSync(), (digit) => digits.indexOf(digit));
  const indices = [...classIds.keys()].filter((index) => classIds[index] !== -1).filter((_, nth) => isTaken(nth));
  return tf.tidy(() => {
    const taken = tf.tensor1d(indices, 'int32');
    return {
      images: dataset.images.gather(taken),
      labels: tf.tensor1d(classIds, 'int32').gather(taken),
      size: indices.length,
    };
  });
}

export function disposeOpenSet({train, heldBack, testKnown, testUnknown, enrolment}: OpenSet): void {
  tf.dispose([train, heldBack, testKnown, testUnknown, enrolment].map(({images, labels}) => [images, labels]));
}
