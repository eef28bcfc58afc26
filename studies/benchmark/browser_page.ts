import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';

import type {Grid} from './grid.js';
import {runBackend} from './run.js';
import type {BackendResults} from './run.js';

export {timeFirstStep} from './first_step.js';
export {timeWasmStep} from './wasm_step.js';

setWasmPaths('/wasm/');

/** Called by browser.ts in the page that this script is bundled for. */
export async function run(backend: string, grid: Grid, hasGpu: boolean): Promise<BackendResults> {
  return runBackend(backend, grid, hasGpu);
}
