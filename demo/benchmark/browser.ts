import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

import {build} from 'esbuild';
import {chromium} from 'playwright-core';

import type * as pageScript from './browser_page.js';
import type {Grid} from './grid.js';
import type {BackendResults} from './run.js';

const CHROMIUM = '/usr/bin/chromium';

const LAUNCH_ARGUMENTS = [
  // As root, as in containers, its sandbox does not start.
  '--no-sandbox',
  // WebGL and WebGPU also without a GPU.
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
];

/** Measures on a backend in a page of Chromium. */
export async function runInBrowser(backend: string, grid: Grid): Promise<BackendResults> {
  const files = await bundle();
  const server = createServer(({url = ''}, response) => {
    const content = files.get(url);
    const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.wasm') ? 'application/wasm' : 'text/html';
    response.writeHead(content ? 200 : 404, {'Content-Type': type});
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const browser = await chromium.launch({executablePath: CHROMIUM, headless: true, args: LAUNCH_ARGUMENTS});
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => {
      console.error(error.message);
    });
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
    return await page.evaluate(
      async ([name, sizes]) => {
        const script = '/page.js';
        const {run} = (await import(script)) as typeof pageScript;
        return run(name, sizes);
      },
      [backend, grid] as const,
    );
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
  return new Map([
    ['/', Buffer.from('<!doctype html><title>Benchmark</title>')],
    ['/page.js', outputFiles[0]?.contents ?? Buffer.of()],
    ...(await Promise.all(
      wasm.map(async (name): Promise<[string, Uint8Array]> => {
        return [`/wasm/${name}`, await readFile(require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`))];
      }),
    )),
  ]);
}
