import {fileURLToPath} from 'node:url';

import {defineConfig} from 'vite';

import {mnistData} from './mnist_data.js';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses: the build works from any folder of any server.
  base: './',
  plugins: [mnistData()],
  resolve: {
    // The page runs on the package's sources.
    alias: [
      {find: /^tfjs-center-loss$/, replacement: fileURLToPath(new URL('../../lib/index.ts', import.meta.url))},
      {
        find: /^tfjs-center-loss\/recognition$/,
        replacement: fileURLToPath(new URL('../../lib/recognition/index.ts', import.meta.url)),
      },
    ],
  },
  // Backends are loaded when they are chosen.
  worker: {format: 'es'},
  optimizeDeps: {
    // Found late, in the worker and behind choices; a late find would reload the page under the visitor.
    include: [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgpu',
      'comlink',
      'driver.js',
      'idb-keyval',
      'p-limit',
      'uplot',
    ],
  },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // TensorFlow.js, one chunk in the worker.
    chunkSizeWarningLimit: 2500,
  },
});
