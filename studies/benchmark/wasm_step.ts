import * as tf from '@tensorflow/tfjs';

import {makeBatch} from './batch.js';
import type {Size} from './contender.js';
import {ours} from './ours.js';

/** In a sample: as many as the clock, of 0.1 ms on pages without threads, needs for two percent. */
const STEPS = 100;
/** In a turn of a page. */
const SAMPLES = 5;

/** Called by threads.ts: the milliseconds of our step on wasm, in the fastest of some samples. */
export async function timeWasmStep(size: Size, withThreads: boolean): Promise<number> {
  tf.enableProdMode();
  await tf.setBackend('wasm');
  if (tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT') !== withThreads) {
    throw new Error(`Expected the wasm backend to use ${withThreads ? 'threads' : 'no threads'} on this page.`);
  }
  const {features, labels} = makeBatch(size, 1);
  const training = ours.start(size);
  let fastest = Infinity;
  // As many on each page, since an isolated page has a finer clock. Half of them are to get warm.
  for (let sample = -SAMPLES; sample < SAMPLES; sample++) {
    const start = performance.now();
    for (let i = 0; i < STEPS; i++) {
      tf.tidy(() => void training.step(features, labels));
    }
    if (sample >= 0) {
      fastest = Math.min(fastest, (performance.now() - start) / STEPS);
    }
  }
  training.dispose();
  tf.dispose([features, labels]);
  return fastest;
}
