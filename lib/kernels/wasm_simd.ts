import * as tf from '@tensorflow/tfjs-core';
import {scaleOf} from './loops.js';
import {integersOf} from './wasm_heap.js';
import type {HeapLoops, WasmBackend} from './wasm_heap.js';
import {WASM_SIMD_BINARY} from './wasm_simd_binary.js';

/** The functions of wasm_simd.as. Arrays are given by their addresses. */
interface SimdModule {
  differences(
    features: number,
    classIds: number,
    centers: number,
    gradient: number,
    batchSize: number,
    featureDim: number,
    scale: number,
  ): number;
  scale(values: number, scaled: number, size: number, factor: number): void;
  updateCenters(
    features: number,
    classIds: number,
    centers: number,
    batchSize: number,
    featureDim: number,
    alpha: number,
    work: number,
  ): void;
}

const loopsByBackend = new WeakMap<WasmBackend, HeapLoops>();

/**
 * The loops in WebAssembly on the backend's memory, four values at a time: several times as fast as in JavaScript.
 * Undefined where the engine has no SIMD, and where threads share the memory: a module is compiled for shared memory or
 * for memory of its own, and this one is for the latter.
 */
export function simdLoops(backend: WasmBackend): HeapLoops | undefined {
  let loops = loopsByBackend.get(backend);
  const memory = backend.wasm.asm?.memory;
  if (!loops && memory && !isShared(memory) && tf.env().getBool('WASM_HAS_SIMD_SUPPORT')) {
    // Compiled synchronously, which browsers allow up to 4 KiB. The module is smaller.
    const binary = Uint8Array.from(atob(WASM_SIMD_BINARY), (character) => character.charCodeAt(0));
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(binary), {env: {memory}});
    loops = heapLoops(exports as unknown as SimdModule, backend);
    loopsByBackend.set(backend, loops);
  }
  return loops;
}

/**
 * Told by the tag of the buffer. The backend may come from another realm, as under Jest, where `instanceof` compares with
 * another class of the same name.
 */
function isShared({buffer}: WebAssembly.Memory): boolean {
  return Object.prototype.toString.call(buffer) !== '[object ArrayBuffer]';
}

function heapLoops(simd: SimdModule, backend: WasmBackend): HeapLoops {
  const addressOf = ({dataId}: tf.TensorInfo) => backend.getMemoryOffset(dataId);
  return {
    lossAndGradient({features, classIds, centers}, {reduction, lossWeight}, gradient) {
      const [batchSize, featureDim] = features.shape as [number, number];
      const lossScale = scaleOf(integersOf(classIds, backend), reduction);
      const [x, ids, c, g] = [features, classIds, centers, gradient].map(addressOf) as [number, number, number, number];
      return 0.5 * lossScale * simd.differences(x, ids, c, g, batchSize, featureDim, lossScale * lossWeight);
    },

    scaleValues(values, factor, scaled) {
      const [batchSize, featureDim] = values.shape as [number, number];
      simd.scale(addressOf(values), addressOf(scaled), batchSize * featureDim, factor);
    },

    updateCenters({features, classIds, centers}, alpha) {
      const [batchSize, featureDim] = features.shape as [number, number];
      const work = backend.makeOutput([6 * batchSize + featureDim], 'int32');
      const [x, ids, c, w] = [features, classIds, centers, work].map(addressOf) as [number, number, number, number];
      simd.updateCenters(x, ids, c, batchSize, featureDim, alpha, w);
      backend.disposeData(work.dataId);
    },
  };
}
