import '@tensorflow/tfjs-backend-webgpu';
import {useBackend} from './use_backend.js';

if (typeof navigator !== 'undefined' && 'gpu' in navigator) {
  // Without a GPU a program takes its time to be made.
  jest.setTimeout(60_000);
  useBackend('webgpu');
} else if (process.env['CI'] === 'true') {
  throw new Error('WebGPU finds no driver. One comes with: apt-get update && apt-get install --yes chromium');
} else {
  // The specs are declared for some backend, and none of them runs.
  useBackend('cpu');
  Object.assign(globalThis, {describe: describe.skip});
}
