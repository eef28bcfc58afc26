import * as tf from '@tensorflow/tfjs';
import {save} from './saving.js';

export const reloadModel = async (model: tf.LayersModel): Promise<tf.LayersModel> =>
  tf.loadLayersModel(tf.io.fromMemory(await save(model)));

/** What a model predicts, each output in a row. */
export async function predictionsOf(model: tf.LayersModel, inputs: tf.Tensor[]): Promise<number[][]> {
  const outputs = [model.predict(inputs)].flat();
  const values = await Promise.all(outputs.map(async (output) => Array.from(await output.data())));
  tf.dispose(outputs);
  return values;
}

/**
 * Expects a reloaded model to predict what the saved one did: to the bit, but for webgl, whose products of matrices
 * depend on how their values came to the GPU (by 2e-4 of the largest in Chromium without one).
 */
export function expectReloaded(predictions: number[][], expected: number[][]): void {
  if (tf.getBackend() !== 'webgl') {
    expect(predictions).toEqual(expected);
    return;
  }
  const values = expected.flat();
  const error = Math.max(...predictions.flat().map((value, i) => Math.abs(value - (values[i] ?? NaN))));
  expect(error / Math.max(...values.map(Math.abs))).toBeLessThan(1e-3);
}

/** All orders of some things. */
export function ordersOf<T>(things: T[]): T[][] {
  return things.length < 2
    ? [things]
    : things.flatMap((first, i) => ordersOf(things.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}
