import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

import {HOW_TO_BUILD, loadNativeTensorFlow} from '../../scripts/native_tensorflow.cjs';
import type {DemoOptions} from './options.js';

export async function useBackend(name: DemoOptions['backend']): Promise<void> {
  // Also keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  if (name === 'tensorflow' && !loadNativeTensorFlow()) {
    throw new Error(`Native TensorFlow is missing. ${HOW_TO_BUILD}`);
  }
  if (!(await tf.setBackend(name))) {
    throw new Error(`The TensorFlow.js backend '${name}' does not start on this machine.`);
  }
}
