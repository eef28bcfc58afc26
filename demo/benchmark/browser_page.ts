import * as tf from '@tensorflow/tfjs';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';

import {makeBatch} from './batch.js';
import type {Size} from './contender.js';
import type {Grid} from './grid.js';
import {ours} from './ours.js';
import {runBackend} from './run.js';
import type {BackendResults} from './run.js';

setWasmPaths('/wasm/');

const STEPS = 500;

/** Called by browser.ts in the page that this script is bundled for. */
export async function run(backend: string, grid: Grid): Promise<BackendResults> {
  return runBackend(backend, grid);
}

/** Called by threads.ts: the milliseconds of our step on wasm. */
export async function timeWasmStep(size: Size, withThreads: boolean): Promise<number> {
  tf.enableProdMode();
  await tf.setBackend('wasm');
  if (tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT') !== withThreads) {
    throw new Error(`Expected the wasm backend to use ${withThreads ? 'threads' : 'no threads'} on this page.`);
  }
  const {features, labels} = makeBatch(size, 1);
  const training = ours.start(size);
  // As many on each page, since an isolated page has a finer clock. The first time is to get warm.
  let start = NaN;
  for (let step = -STEPS; step < STEPS; step++) {
    start = step === 0 ? performance.now() : start;
    tf.tidy(() => void training.step(features, labels));
  }
  const duration = performance.now() - start;
  training.dispose();
  tf.dispose([features, labels]);
  return duration / STEPS;
}
