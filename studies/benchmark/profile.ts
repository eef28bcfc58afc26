import * as tf from '@tensorflow/tfjs';

import {makeBatch} from './batch.js';
import type {Size} from './contender.js';
import {ours} from './ours.js';

/** The operations of a step, and the milliseconds of each. */
export interface KernelTime {
  name: string;
  milliseconds: number;
}

const REPEATS = 50;

/** Where the time of a step goes: the median time of each kernel, the slow ones first. */
export async function profileStep(size: Size): Promise<KernelTime[]> {
  const {features, labels} = makeBatch(size, 1);
  const training = ours.start(size);
  const step = () => {
    tf.tidy(() => void training.step(features, labels));
  };
  const runs: KernelTime[][] = [];
  for (let i = 0; i < REPEATS; i++) {
    const {kernels} = await tf.profile(step);
    const own = kernels.filter(({name}) => name !== 'unnamed scope');
    runs.push(own.map(({name, kernelTimeMs}) => ({name, milliseconds: Number(kernelTimeMs)})));
  }
  training.dispose();
  tf.dispose([features, labels]);
  const [first = []] = runs;
  return first
    .map(({name}, k) => {
      const sorted = runs.map((run) => run[k]?.milliseconds ?? NaN).sort((a, b) => a - b);
      return {name, milliseconds: sorted[REPEATS >> 1] ?? NaN};
    })
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
