import * as tf from '@tensorflow/tfjs';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';

import {BACKEND_TITLES, BACKENDS} from '../protocol.js';
import type {Backend, Network, Offer} from '../protocol.js';

/** For a network this small the way to the GPU takes longer than the work itself: WASM first. */
const PREFERENCE: Record<Network, readonly Backend[]> = {
  dense: ['wasm', 'webgl', 'webgpu', 'cpu'],
  convolutional: ['webgpu', 'webgl', 'cpu'],
};

export async function offeredBackends(): Promise<Offer[]> {
  return Promise.all(BACKENDS.map(async (backend) => ({backend, available: await isAvailable(backend)})));
}

async function isAvailable(backend: Backend): Promise<boolean> {
  switch (backend) {
    case 'webgl':
      return typeof OffscreenCanvas !== 'undefined' && new OffscreenCanvas(1, 1).getContext('webgl2') !== null;
    case 'webgpu':
      // Typed as always there.
      return Boolean(await (navigator as Partial<Navigator>).gpu?.requestAdapter());
    case 'wasm':
      return typeof WebAssembly !== 'undefined';
    case 'cpu':
      return true;
  }
}

/** WASM has no gradient for convolutions. */
export function canTrain(backend: Backend, network: Network): boolean {
  return PREFERENCE[network].includes(backend);
}

/** The backend asked for if it is there and can train the network, else the best one that is and can. */
export function suitableBackend(wanted: Backend, network: Network, offers: readonly Offer[]): Backend {
  const available = (backend: Backend) => offers.some((offer) => offer.backend === backend && offer.available);
  return [wanted, ...PREFERENCE[network]].find((name) => available(name) && canTrain(name, network)) ?? 'cpu';
}

export async function useBackend(backend: Backend): Promise<void> {
  if (backend === 'webgpu') {
    await import('@tensorflow/tfjs-backend-webgpu');
  }
  if (backend === 'wasm') {
    const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainWasm,
      'tfjs-backend-wasm-simd.wasm': simdWasm,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
    });
  }
  if (!(await tf.setBackend(backend).catch(() => false))) {
    throw new Error(`${BACKEND_TITLES[backend]} could not be started on this machine. Please choose another backend.`);
  }
}
