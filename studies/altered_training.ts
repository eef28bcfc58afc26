import * as tf from '@tensorflow/tfjs';
import {softmaxCrossEntropy} from 'tfjs-center-loss';

import {shuffledIndices} from '../demo/mnist/dataset.js';
import type {Batch} from '../demo/mnist/dataset.js';
import {alter} from './alter.js';
import type {Alteration} from './alter.js';

const LEARNING_RATE = 0.002;
/** Of the height and width of a picture: the farthest that it is shifted. */
const LARGEST_SHIFT = 1 / 14;

/**
 * In how many ways each picture is trained on: turned by none to three quarters, and with eight also the mirror images of these. Each way
 * makes a class of its own of each class of the pictures.
 */
export type Copies = 4 | 8;

/** Pictures of classes. */
export interface LabelledPictures {
  /** Height and width of each, in pixels. */
  side: number;
  /** One picture after the other. */
  pixels: Float32Array;
  /** One a picture, from 0 to below `numClasses`. */
  labels: ArrayLike<number>;
  numClasses: number;
}

export interface TrainingOptions {
  copies: Copies;
  epochs: number;
  batchSize: number;
  seed: number;
  /** How much of the training is done, from 0 to 1. */
  onShare: (share: number) => void;
}

/** `tf.train.adam` keeps its learning rate to itself and its subclasses. */
class CosineAdam extends tf.AdamOptimizer {
  constructor() {
    super(LEARNING_RATE, 0.9, 0.999);
  }

  /** From the full learning rate at 0 down to none at 1. */
  reach(share: number): void {
    this.learningRate = (LEARNING_RATE * (1 + Math.cos(Math.PI * share))) / 2;
  }
}

/**
 * Trains a model made by `attachCenterLoss` on copies of pictures, all of them lightly altered, with a learning rate that falls by a cosine.
 * The same seed gives the same batches.
 *
 * @param model With `copies` times as many classes as the pictures have. Those of the pictures as they are come first.
 */
export async function train(
  model: tf.LayersModel,
  pictures: LabelledPictures,
  {copies, epochs, batchSize, seed, onShare}: TrainingOptions,
): Promise<void> {
  const optimizer = new CosineAdam();
  model.compile({optimizer, loss: softmaxCrossEntropy});
  const batchesPerEpoch = Math.floor((copies * pictures.labels.length) / batchSize);
  let step = 0;
  await model.fitDataset(
    tf.data.generator(() => alteredBatches(pictures, copies, batchSize, seed)),
    {
      epochs,
      batchesPerEpoch,
      verbose: 0,
      callbacks: {
        onBatchEnd: () => {
          step++;
          const share = step / (epochs * batchesPerEpoch);
          optimizer.reach(share);
          onShare(share);
        },
      },
    },
  );
  optimizer.dispose();
}

/** Endless epochs of whole batches of all copies, each lightly altered and otherwise each time. */
export function* alteredBatches(
  {side, pixels, labels, numClasses}: LabelledPictures,
  copies: Copies,
  batchSize: number,
  seed: number,
): Generator<Batch, never> {
  const area = side * side;
  const size = copies * labels.length;
  for (let epoch = 0; ; epoch++) {
    const order = shuffledIndices(size, `${seed}, epoch ${epoch}`);
    const indices = order.dataSync();
    const random = tf.randomUniform([size, 6], -1, 1, 'float32', `${seed}, alterations ${epoch}`);
    const alterations = random.dataSync<'float32'>();
    tf.dispose([order, random]);
    for (let begin = 0; begin + batchSize <= size; begin += batchSize) {
      const batch = new Float32Array(batchSize * area);
      const classIds = new Int32Array(batchSize);
      for (let i = 0; i < batchSize; i++) {
        const index = indices[begin + i] ?? NaN;
        const picture = index % labels.length;
        const copy = Math.floor(index / labels.length);
        classIds[i] = (labels[picture] ?? NaN) + copy * numClasses;
        const change = copied(copy, lightly(side, alterations.subarray(6 * (begin + i))));
        alter(side, pixels, picture * area, change, batch, i * area);
      }
      const ys = tf.tensor1d(classIds, 'int32');
      yield {xs: [tf.tensor2d(batch, [batchSize, area]), ys.clone()], ys};
    }
  }
}

/** A light alteration of a copy: the first one is the picture as it is, and those from the fifth on are mirrored. */
function copied(copy: number, change: Alteration): Alteration {
  return {
    ...change,
    turn: change.turn + (copy * Math.PI) / 2,
    scaleX: copy < 4 ? change.scaleX : -change.scaleX,
  };
}

/** A light alteration, from six numbers of -1 to 1: at most 15 degrees, a fourteenth of the side, and a fifth of shear and scale. */
function lightly(side: number, numbers: Float32Array): Alteration {
  const [turn = 0, shear = 0, scaleX = 0, scaleY = 0, shiftX = 0, shiftY = 0] = numbers;
  return {
    turn: (turn * Math.PI) / 12,
    shear: 0.2 * shear,
    scaleX: Math.exp(0.2 * scaleX),
    scaleY: Math.exp(0.2 * scaleY),
    shiftX: LARGEST_SHIFT * side * shiftX,
    shiftY: LARGEST_SHIFT * side * shiftY,
  };
}
