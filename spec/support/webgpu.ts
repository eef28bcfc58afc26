import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';

if (typeof navigator !== 'undefined' && 'gpu' in navigator) {
  // Without a GPU a program takes its time to be made.
  jest.setTimeout(60_000);
  beforeAll(async () => {
    tf.enableProdMode();
    await tf.setBackend('webgpu');
  });
} else if (process.env['CI'] === 'true') {
  throw new Error('WebGPU finds no driver. One comes with: apt-get update && apt-get install --yes chromium');
} else {
  Object.assign(globalThis, {describe: describe.skip});
}
