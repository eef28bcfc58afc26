import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

import {build} from 'esbuild';

import type {Browser} from 'playwright-core';

import {launchChromium, missingChromium, ON_ANY_DEVICE, ON_GPU} from '../../spec/support/chromium.js';
import type * as pageScript from './browser_page.js';
import {measureFirstSteps} from './first_steps.js';
import type {Grid} from './grid.js';
import type {BackendResults} from './run.js';
import {measureThreads} from './threads.js';
import type {OpenPage} from './threads.js';

/** Where a page has threads, since it is served as one that is isolated from other origins. */
const ISOLATED = '/isolated';
const ISOLATION = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};

/** Measures on a backend in a page of Chromium; on wasm with threads as well. */
export async function runInBrowser(backend: string, grid: Grid): Promise<BackendResults> {
  const missing = missingChromium();
  if (missing !== undefined) {
    throw new Error(missing);
  }
  const files = await bundle();
  const server = createServer(({url = ''}, response) => {
    const content = files.get(url);
    const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.wasm') ? 'application/wasm' : 'text/html';
    response.writeHead(content ? 200 : 404, {'Content-Type': type, ...(url === ISOLATED ? ISOLATION : {})});
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const openIn = async (browser: Browser, withThreads: boolean) => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => {
      console.error(error.message);
    });
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}${withThreads ? ISOLATED : '/'}`);
    return page;
  };
  const browser = await launchChromium(ON_ANY_DEVICE);
  const open: OpenPage = (withThreads) => openIn(browser, withThreads);
  try {
    const page = await open(false);
    const results = await page.evaluate(
      async (args) => {
        const script = '/page.js';
        const {run} = (await import(script)) as typeof pageScript;
        return run(...args);
      },
      [backend, grid, ON_GPU] as const,
    );
    await page.close();
    const firstSteps = await measureFirstSteps(backend, (fresh) => openIn(fresh, false));
    return {...results, firstSteps, ...(backend === 'wasm' ? {threads: await measureThreads(open)} : {})};
  } finally {
    await browser.close();
    server.close();
  }
}

async function bundle(): Promise<Map<string, Uint8Array>> {
  const {outputFiles} = await build({
    entryPoints: [fileURLToPath(new URL('./browser_page.ts', import.meta.url))],
    write: false,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    define: {__dirname: '"/"'},
    external: ['fs', 'path', 'perf_hooks', 'worker_threads', 'os', 'util', 'crypto', 'node-fetch', 'string_decoder'],
  });
  const require = createRequire(import.meta.url);
  const wasm = ['', '-simd', '-threaded-simd'].map((variant) => `tfjs-backend-wasm${variant}.wasm`);
  const page = Buffer.from('<!doctype html><title>Benchmark</title>');
  return new Map([
    ['/', page],
    [ISOLATED, page],
    ['/page.js', outputFiles[0]?.contents ?? Buffer.of()],
    ...(await Promise.all(
      wasm.map(async (name): Promise<[string, Uint8Array]> => {
        return [`/wasm/${name}`, await readFile(require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`))];
      }),
    )),
  ]);
}
