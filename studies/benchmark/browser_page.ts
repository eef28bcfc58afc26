import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';

import type {Grid} from './grid.js';
import {runBackend} from './run.js';
import type {BackendResults} from './run.js';

export {timeWasmStep} from './wasm_step.js';

setWasmPaths('/wasm/');

/** Called by browser.ts in the page that this script is bundled for. */
export async function run(backend: string, grid: Grid): Promise<BackendResults> {
  return runBackend(backend, grid);
}
