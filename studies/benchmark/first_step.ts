import * as tf from '@tensorflow/tfjs';

import {countCalls} from './count_calls.js';
import {fitData, fitOnce, modelsOf, NETWORKS} from './fit_networks.js';

/** Of the demo's network in a page that has just been opened. */
export interface FirstStep {
  /** Of the first step of `fit`. */
  milliseconds: number;
  /** Programs and pipelines of the GPU, and modules of WebAssembly, that the first step compiles. */
  compiled: number;
  /** Programs that the third step runs; 0 where there is no GPU. */
  perStep: number;
}

/** Called by browser.ts in a fresh page, once. */
export async function timeFirstStep(backend: string, withLayer: boolean): Promise<FirstStep> {
  tf.enableProdMode();
  await tf.setBackend(backend);
  const [network] = NETWORKS;
  if (!network) {
    throw new Error('Expected a network to train.');
  }
  const models = modelsOf(network);
  const model = models[withLayer ? 'withLayer' : 'without'];
  const data = fitData(model, network.numClasses, 1);
  // What making the samples leaves to do is no part of the step.
  await data.targets.data();
  const calls = countCalls();
  const start = performance.now();
  await fitOnce(model, data);
  const milliseconds = performance.now() - start;
  const {compiled} = calls;
  await fitOnce(model, data);
  const {ran} = calls;
  await fitOnce(model, data);
  return {milliseconds, compiled, perStep: calls.ran - ran};
}
