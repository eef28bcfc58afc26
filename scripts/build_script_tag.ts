/** Builds `dist/tfjs-center-loss.min.js`, the file for pages with script tags: a global `centerLoss`, on the page's `tf`. */
import path from 'node:path';

import * as esbuild from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '..');

const MISSING = 'tfjs-center-loss: expected the global tf of TensorFlow.js. Put its script tag before this one.';

/** The parts of TensorFlow.js are taken from the global that its script tag makes. */
const tensorFlowOfThePage: esbuild.Plugin = {
  name: 'TensorFlow.js of the page',
  setup(build) {
    build.onResolve({filter: /^@tensorflow\//}, () => ({path: 'tf', namespace: 'global'}));
    build.onLoad({filter: /.*/, namespace: 'global'}, () => ({
      contents: `if (!globalThis.tf) throw new Error(${JSON.stringify(MISSING)}); module.exports = globalThis.tf;`,
    }));
  },
};

await esbuild.build({
  entryPoints: [path.join(ROOT, 'lib/index.ts')],
  outfile: path.join(ROOT, 'dist/tfjs-center-loss.min.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'centerLoss',
  platform: 'browser',
  target: 'es2022',
  plugins: [tensorFlowOfThePage],
  logLevel: 'warning',
});
