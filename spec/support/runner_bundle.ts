import {readFile} from 'node:fs/promises';
import {createRequire, SourceMap} from 'node:module';
import type {SourceMapPayload} from 'node:module';
import {dirname, join, relative} from 'node:path';
import * as esbuild from 'esbuild';
import {nodeModulesPolyfillPlugin} from 'esbuild-plugins-node-modules-polyfill';

const require = createRequire(import.meta.url);

/** What the browser can ask for, by the path of the address. */
export type ServedFiles = Map<string, Uint8Array>;

/** The pages in which specs run: the second is served as one that is isolated from other origins, so that it has threads. */
export const PAGES = {plain: '/', isolated: '/isolated'};

export const PAGE_SCRIPT = '/spec/support/runner_page.js';

/** graceful-fs changes the module that it wraps, which the empty one in place of Node's does not let it. */
const noFiles: esbuild.Plugin = {
  name: 'no-files',
  setup(build) {
    build.onResolve({filter: /^graceful-fs$/}, () => ({path: 'graceful-fs', namespace: 'no-files'}));
    build.onLoad({filter: /.*/, namespace: 'no-files'}, () => ({contents: 'module.exports = {};'}));
  },
};

/** Where the browser finds a source file. */
export function urlOf(rootDir: string, sourceFile: string): string {
  return `/${relative(rootDir, sourceFile).replaceAll('\\', '/').replace(/\.ts$/, '.js')}`;
}

/** Every spec file as an ES module of its own, sharing what they have in common, and the files of the wasm backend. */
export async function bundle(rootDir: string, specFiles: string[]): Promise<ServedFiles> {
  const {outputFiles} = await esbuild.build({
    entryPoints: [...specFiles, join(rootDir, 'spec', 'support', 'runner_page.ts')],
    outdir: rootDir,
    outbase: rootDir,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    logLevel: 'error',
    define: {__dirname: '"/"'},
    // Jest's expect formats errors with some of Node's modules.
    plugins: [noFiles, nodeModulesPolyfillPlugin({globals: {process: true, Buffer: true}, fallback: 'empty'})],
  });
  const page = Buffer.from(
    '<!doctype html><title>Specs</title><link rel="icon" href="data:,"><script src="/jasmine.js"></script>',
  );
  return new Map([
    ...Object.values(PAGES).map((url) => [url, page] as const),
    ['/jasmine.js', await readFile(join(dirname(require.resolve('jasmine-core')), 'jasmine-core', 'jasmine.js'))],
    ...outputFiles.map(({path, contents}) => [urlOf(rootDir, path), contents] as const),
    ...(await wasmFiles()),
  ]);
}

async function wasmFiles(): Promise<[string, Uint8Array][]> {
  return Promise.all(
    ['', '-simd', '-threaded-simd'].map(async (variant): Promise<[string, Uint8Array]> => {
      const name = `tfjs-backend-wasm${variant}.wasm`;
      return [`/wasm/${name}`, await readFile(require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`))];
    }),
  );
}

/** A stack with the places in the bundle replaced by those in the sources. */
export function mappedToSources(stack: string, files: ServedFiles, rootDir: string): string {
  return stack.replaceAll(
    /http:\/\/localhost:\d+(\/[^\s:)]*):(\d+):(\d+)/g,
    (place, url: string, line: string, column: string) => {
      const map = files.get(`${url}.map`);
      if (!map) {
        return place;
      }
      const sourceMap = new SourceMap(JSON.parse(Buffer.from(map).toString()) as SourceMapPayload);
      const origin = sourceMap.findOrigin(Number(line), Number(column));
      return 'fileName' in origin
        ? `${join(rootDir, dirname(url), origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
        : place;
    },
  );
}
