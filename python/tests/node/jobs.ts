import {readFile} from 'node:fs/promises';

import * as tf from '@tensorflow/tfjs';

/** A tensor as the Python tests write it. */
export interface SavedTensor {
  shape: number[];
  dtype: 'float32' | 'int32' | 'bool';
  values: number[];
}

/** What to do with a saved model. */
export interface Job {
  /** The folder to load it from. */
  load: string;
  /** The folder to save it to, after the training. */
  save: string;
  inputs: SavedTensor[];
  targets: SavedTensor[];
  optimizer: 'sgd' | 'saved adam';
  learningRate: number;
  steps: number;
}

/** What was seen on the way. */
export interface JobResult {
  /** By output: before the training, without the training flag. */
  predictions: number[][];
  /** By step. */
  losses: number[];
}

export async function readJobs(file: string): Promise<Job[]> {
  return JSON.parse(await readFile(file, 'utf8')) as Job[];
}

export function toTensor({values, shape, dtype}: SavedTensor): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}
