import * as tf from '@tensorflow/tfjs';

import {WASM_FILES} from '../../pages/wasm_files.js';
import {BACKENDS, BACKENDS_FOR} from '../protocol.js';
import type {Backend, Network, Offer, Preparation} from '../protocol.js';
import {withinTime} from '../within_time.js';

/** A GPU that does not answer at all. */
const ADAPTER_MS = 3000;
/** A server that does not send the module of a backend. */
const START_MS = 30_000;

/** Starts the backend asked for, or the first one that starts and can train the network. */
export async function startBackend(wanted: Backend, network: Network): Promise<Preparation> {
  const offers = await Promise.all(BACKENDS.map(async (backend) => ({backend, available: await isAvailable(backend)})));
  const failed: Backend[] = [];
  for (const backend of candidates(wanted, network, offers)) {
    if (await started(backend)) {
      return {offers, backend, failed};
    }
    failed.push(backend);
  }
  throw new Error('No backend of TensorFlow.js could be started in this browser.');
}

/** The one asked for goes first, if it can train the network. */
export function candidates(wanted: Backend, network: Network, offers: readonly Offer[]): Backend[] {
  const able = BACKENDS_FOR[network];
  const order = able.includes(wanted) ? [wanted, ...able.filter((backend) => backend !== wanted)] : able;
  return order.filter((backend) => offers.some((offer) => offer.backend === backend && offer.available));
}

/** Calls back with the reason, a part of a sentence, when the device of the present backend is gone. */
export function onDeviceLost(callback: (reason: string) => void): void {
  const backend = tf.backend() as Partial<{gpgpu: {gl: WebGL2RenderingContext}; device: GPUDevice}>;
  backend.gpgpu?.gl.canvas.addEventListener('webglcontextlost', () => {
    callback('The graphics card has dropped the WebGL context.');
  });
  void backend.device?.lost.then(() => {
    callback('The graphics card has dropped the WebGPU device.');
  });
}

async function isAvailable(backend: Backend): Promise<boolean> {
  switch (backend) {
    case 'webgl':
      return typeof OffscreenCanvas !== 'undefined' && new OffscreenCanvas(1, 1).getContext('webgl2') !== null;
    case 'webgpu': {
      // Typed as always there.
      const adapter = (navigator as Partial<Navigator>).gpu?.requestAdapter();
      return adapter ? withinTime(adapter, ADAPTER_MS, 'The GPU does not answer.').then(Boolean, () => false) : false;
    }
    case 'wasm':
      return typeof WebAssembly !== 'undefined';
    case 'cpu':
      return true;
  }
}

async function started(backend: Backend): Promise<boolean> {
  try {
    if (backend === 'webgpu') {
      await import('@tensorflow/tfjs-backend-webgpu');
    }
    if (backend === 'wasm') {
      const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(WASM_FILES);
    }
    return await withinTime(tf.setBackend(backend), START_MS, 'The backend does not start.');
  } catch {
    return false;
  }
}
