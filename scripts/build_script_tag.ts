/**
 * Builds the files for pages with script tags: `dist/tfjs-center-loss.min.js` makes a global `centerLoss`, on the page's
 * `tf`; `dist/recognition.min.js` a global `centerLossRecognition`, which needs neither.
 */
import path from 'node:path';

import {build} from 'vite';

const ROOT = path.resolve(import.meta.dirname, '..');

const FILES = [
  {entry: 'index.ts', file: 'tfjs-center-loss.min.js', name: 'centerLoss'},
  {entry: 'recognition/index.ts', file: 'recognition.min.js', name: 'centerLossRecognition'},
];

for (const {entry, file, name} of FILES) {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: path.join(ROOT, 'dist'),
      emptyOutDir: false,
      target: 'es2022',
      lib: {entry: path.join(ROOT, 'lib', entry), name, formats: ['iife'], fileName: () => file},
      // The script tag of TensorFlow.js makes one global of all its parts.
      rollupOptions: {external: /^@tensorflow\//, output: {globals: () => 'tf', interop: 'esModule'}},
    },
  });
}
