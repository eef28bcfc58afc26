/**
 * Builds `dist/cjs`, beside its declarations: one CommonJS file for each entry, and what several of them need in one more.
 * Node.js opens few files so, and an ES module there takes the same ones by a file of names: to import TensorFlow.js again as
 * ES module, Node.js would look through all of its code for names of exports.
 */
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

import {build} from 'vite';

const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDER = path.join(ROOT, 'dist/cjs');
const ENTRIES = ['index', 'ops/index', 'recognition/index', 'node/index'];

writeFileSync(path.join(FOLDER, 'package.json'), JSON.stringify({type: 'commonjs'}));
await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: FOLDER,
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      entry: Object.fromEntries(ENTRIES.map((entry) => [entry, path.join(ROOT, 'lib', `${entry}.ts`)])),
      formats: ['cjs'],
      fileName: (_, entry) => `${entry}.js`,
    },
    rollupOptions: {
      external: /^(@tensorflow\/|node:)/,
      output: {
        esModule: true,
        interop: (id) => (id?.startsWith('node:') ? 'auto' : 'esModule'),
        chunkFileNames: 'shared_[hash].js',
      },
    },
  },
});

const require = createRequire(import.meta.url);
for (const entry of ENTRIES) {
  const file = path.join(FOLDER, `${entry}.js`);
  const names = Object.keys(require(file) as object).join(', ');
  writeFileSync(
    file.replace(/\.js$/, '.mjs'),
    `import entry from './${path.basename(file)}';\nexport const {${names}} = entry;\n`,
  );
}
