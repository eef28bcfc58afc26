import * as tf from '@tensorflow/tfjs';

import type {Contender, Size, Training} from './contender.js';
import {makeBatch} from './batch.js';

/** Relative to the largest value: the distance matrix loses digits where large squares cancel. */
const TOLERANCE = 1e-4;
const STEPS = 3;
const SIZE: Size = {numClasses: 10, featureDim: 16, batchSize: 64};

/**
 * The contenders for which this backend has all operations.
 *
 * @throws Error unless they give the same losses, gradients and centers over some steps.
 */
export async function checkedContenders(all: readonly Contender[]): Promise<Contender[]> {
  const contenders: Contender[] = [];
  const results: number[][][] = [];
  for (const contender of all) {
    const result = await train(contender.start(SIZE)).catch((error: unknown) => {
      if (!String(error).includes('not registered for backend')) {
        throw error;
      }
    });
    if (result) {
      contenders.push(contender);
      results.push(result);
    }
  }
  const [expected = []] = results;
  for (const [i, result] of results.entries()) {
    result.forEach((values, step) => {
      const scale = Math.max(...(expected[step] ?? []).map(Math.abs));
      const error = Math.max(...values.map((value, j) => Math.abs(value - (expected[step]?.[j] ?? NaN)))) / scale;
      if (!(error <= TOLERANCE)) {
        const names = `'${contenders[i]?.name ?? ''}' and '${contenders[0]?.name ?? ''}'`;
        throw new Error(`${names} differ by ${error} on ${tf.getBackend()}.`);
      }
    });
  }
  return contenders;
}

async function train(training: Training): Promise<number[][]> {
  const results: number[][] = [];
  for (let step = 0; step < STEPS; step++) {
    const {features, labels} = makeBatch(SIZE, step + 1);
    const {loss, gradient} = training.step(features, labels);
    for (const tensor of [loss, gradient, training.centers]) {
      results.push(Array.from(await tensor.data()));
    }
    tf.dispose([features, labels, loss, gradient]);
  }
  training.dispose();
  return results;
}
