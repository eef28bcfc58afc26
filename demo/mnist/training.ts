import * as tf from '@tensorflow/tfjs';
import {categoricalAccuracy, CenterLossLayer, softmaxCrossEntropy} from 'tfjs-center-loss';

import {shuffledBatches} from './dataset.js';
import type {Dataset} from './dataset.js';

const LEARNING_RATE = 0.003;
const LEARNING_RATE_DECAY = 0.75;

export interface TrainingLogs {
  loss: number;
  accuracy: number;
  centerLoss: number;
}

export interface TrainingOptions {
  epochs: number;
  batchSize: number;
  seed: number;
  /** Called several times a second, with the values of one batch; epochs and batches count from 0. */
  onBatch?: (epoch: number, batch: number, logs: TrainingLogs) => void;
  /** Called with the means of the epoch. */
  onEpoch?: (epoch: number, logs: TrainingLogs) => void;
  signal?: AbortSignal;
}

/**
 * Trains a model made by `attachCenterLoss`, leaving room for other work now and then, so that it
 * blocks neither a web page nor Ctrl-C. Rejects with the signal's reason when aborted.
 */
export async function train(
  model: tf.LayersModel,
  dataset: Dataset,
  {epochs, batchSize, seed, onBatch, onEpoch, signal}: TrainingOptions,
): Promise<TrainingLogs[]> {
  signal?.throwIfAborted();
  const optimizer = compile(model);
  const history: TrainingLogs[] = [];
  const stop = () => {
    model.stopTraining = true;
  };
  signal?.addEventListener('abort', stop);
  try {
    await model.fitDataset(
      tf.data.generator(() => shuffledBatches(dataset, batchSize, seed)),
      {
        epochs,
        // What shows progress is the caller's.
        verbose: 0,
        batchesPerEpoch: Math.ceil(dataset.size / batchSize),
        callbacks: {
          onEpochBegin: (epoch) => {
            optimizer.startEpoch(epoch);
          },
          onYield: (epoch, batch, logs) => {
            onBatch?.(epoch, batch, toTrainingLogs(logs));
          },
          onEpochEnd: (epoch, logs) => {
            // Also called for the part of an epoch before an abort.
            if (signal?.aborted !== true) {
              history.push(toTrainingLogs(logs));
              onEpoch?.(epoch, toTrainingLogs(logs));
            }
          },
        },
      },
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    optimizer.dispose();
  }
  signal?.throwIfAborted();
  return history;
}

/**
 * Makes a model from `attachCenterLoss` ready to be trained, with the loss and the metrics in the order of
 * `TrainingLogs`. The optimizer is the caller's to dispose.
 */
export function compile(model: tf.LayersModel): DecayingAdam {
  const optimizer = new DecayingAdam();
  model.compile({
    optimizer,
    loss: softmaxCrossEntropy,
    metrics: [categoricalAccuracy, centerLossLayer(model).metric()],
  });
  return optimizer;
}

/** The center loss layer of a training model. */
export function centerLossLayer(model: tf.LayersModel): CenterLossLayer {
  const layer = model.layers.find((candidate) => candidate instanceof CenterLossLayer);
  if (layer === undefined) {
    throw new Error(`Expected a model with a CenterLossLayer, got '${model.name}' without one.`);
  }
  return layer;
}

/** `tf.train.adam` keeps its learning rate to itself and its subclasses. */
export class DecayingAdam extends tf.AdamOptimizer {
  constructor() {
    super(LEARNING_RATE, 0.9, 0.999);
  }

  startEpoch(epoch: number): void {
    this.learningRate = LEARNING_RATE * LEARNING_RATE_DECAY ** epoch;
  }
}

function toTrainingLogs(logs: tf.Logs | undefined): TrainingLogs {
  const value = (name: string) => Number(logs?.[name]);
  return {
    loss: value('loss'),
    accuracy: value('categoricalAccuracy'),
    centerLoss: value('centerLoss'),
  };
}
