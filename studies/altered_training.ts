import * as tf from '@tensorflow/tfjs';
import {softmaxCrossEntropy} from 'tfjs-center-loss';

import {shuffledIndices} from '../../demo/mnist/dataset.js';
import {alter, AREA} from './pictures.js';
import type {Alteration, Characters} from './pictures.js';

const LEARNING_RATE = 0.002;

export interface TrainingOptions {
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

/** Trains a model made by `attachCenterLoss`. The same seed gives the same batches. */
export async function train(
  model: tf.LayersModel,
  pictures: Pick<Characters, 'pixels' | 'labels'>,
  {epochs, batchSize, seed, onShare}: TrainingOptions,
): Promise<void> {
  const optimizer = new CosineAdam();
  model.compile({optimizer, loss: softmaxCrossEntropy});
  const batchesPerEpoch = Math.floor(pictures.labels.length / batchSize);
  let step = 0;
  await model.fitDataset(
    tf.data.generator(() => alteredBatches(pictures, batchSize, seed)),
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

/** Endless epochs of whole batches, each picture lightly altered and otherwise each time. */
function* alteredBatches({pixels, labels}: Pick<Characters, 'pixels' | 'labels'>, batchSize: number, seed: number) {
  for (let epoch = 0; ; epoch++) {
    const order = shuffledIndices(labels.length, `${seed}, epoch ${epoch}`);
    const indices = order.dataSync();
    const random = tf.randomUniform([labels.length, 6], -1, 1, 'float32', `${seed}, alterations ${epoch}`);
    const alterations = random.dataSync();
    tf.dispose([order, random]);
    for (let begin = 0; begin + batchSize <= labels.length; begin += batchSize) {
      const batch = new Float32Array(batchSize * AREA);
      const classIds = new Int32Array(batchSize);
      for (let i = 0; i < batchSize; i++) {
        const index = indices[begin + i] ?? NaN;
        classIds[i] = labels[index] ?? NaN;
        alter(pixels, index * AREA, lightly(alterations.subarray(6 * (begin + i))), batch, i * AREA);
      }
      const ys = tf.tensor1d(classIds, 'int32');
      yield {xs: [tf.tensor2d(batch, [batchSize, AREA]), ys.clone()], ys};
    }
  }
}

/** A light alteration, from six numbers of -1 to 1: at most 15 degrees, 2 pixels, and a fifth of shear and scale. */
function lightly([turn = 0, shear = 0, scaleX = 0, scaleY = 0, shiftX = 0, shiftY = 0]: ArrayLike<number> &
  Iterable<number>): Alteration {
  return {
    turn: (turn * Math.PI) / 12,
    shear: 0.2 * shear,
    scaleX: Math.exp(0.2 * scaleX),
    scaleY: Math.exp(0.2 * scaleY),
    shiftX: 2 * shiftX,
    shiftY: 2 * shiftY,
  };
}
