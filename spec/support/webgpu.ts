import '@tensorflow/tfjs-backend-webgpu';
import {useBackend} from './use_backend.js';

if (typeof navigator !== 'undefined' && 'gpu' in navigator) {
  useBackend('webgpu');
} else if (process.env['CI'] === 'true') {
  throw new Error(
    'WebGPU or its driver is missing. npm run install:webgpu brings the one, ' +
      "Debian's Chromium the other: apt-get update && apt-get install --yes chromium",
  );
} else {
  // The specs are declared for some backend, and none of them runs.
  useBackend('cpu');
  Object.assign(globalThis, {describe: describe.skip});
}
