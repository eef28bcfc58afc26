import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

import type {DemoOptions} from './options.js';

export async function useBackend(name: DemoOptions['backend']): Promise<void> {
  // Also keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  if (!(await tf.setBackend(name))) {
    throw new Error(`The TensorFlow.js backend '${name}' does not start on this machine.`);
  }
}
