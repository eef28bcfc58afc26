import {fileURLToPath} from 'node:url';

import {defineConfig} from 'vite';
import {VitePWA} from 'vite-plugin-pwa';

import {contentPolicy} from './content_policy.js';
import {noteLicenses, writeLicenses} from './licenses.js';
import {mnistData} from './mnist_data.js';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses: the build works from any folder of any server.
  base: './',
  plugins: [
    mnistData(),
    contentPolicy(),
    noteLicenses(),
    writeLicenses('licenses.txt'),
    // Once loaded, the page works without a line.
    VitePWA({
      // A new version waits until the visitor wants it: it must not end a training.
      registerType: 'prompt',
      // The page registers it, once it trains: the pictures come first.
      injectRegister: false,
      manifest: {
        name: 'Center loss, live',
        short_name: 'Center loss',
        description: 'Watch center loss gather ten digits in ten tight clusters, and teach it signs of your own.',
        display: 'standalone',
        background_color: '#f4f5f7',
        theme_color: '#f4f5f7',
        icons: [{src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any maskable'}],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,svg,wasm,gz}'],
        // The pictures are one file.
        maximumFileSizeToCacheInBytes: 5_000_000,
        // `?epochs=3` and the like are for the page.
        ignoreURLParametersMatching: [/./],
      },
    }),
  ],
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
  worker: {format: 'es', plugins: () => [noteLicenses()]},
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
      'uplot',
    ],
  },
  build: {
    outDir: '../../output/web',
    emptyOutDir: true,
    // TensorFlow.js, one chunk in the worker.
    chunkSizeWarningLimit: 2500,
  },
});
