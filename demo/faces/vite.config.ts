import {defineConfig} from 'vite';

import {pageConfig} from '../pages/page_config.js';

export default defineConfig(
  pageConfig({
    config: import.meta.url,
    name: 'Faces, named or refused',
    shortName: 'Faces',
    description:
      'Names the faces that you enrol, and says of others that they are none of these, in this browser alone.',
    output: 'faces',
    keep: ['bin'],
    besides: {},
    foundLate: [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-backend-wasm',
      '@vladmandic/face-api/dist/face-api.esm-nobundle.js',
      'comlink',
      'idb-keyval',
    ],
  }),
);
