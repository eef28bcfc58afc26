import * as tf from '@tensorflow/tfjs-core';
import {decodeBase64} from '../base64.js';
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

/** The import of a memory that no threads share, as a section of the binary after its first byte: its length comes first. */
const MEMORY_IMPORT = '\x0f\x01\x03env\x06memory\x02\x00\x00';
/** The same of a memory that threads share, which needs a maximum: the 65,536 pages of 64 KiB that are possible. */
const SHARED_MEMORY_IMPORT = '\x12\x01\x03env\x06memory\x02\x03\x00\x80\x80\x04';

/**
 * The loops in WebAssembly on the backend's memory, four values at a time: several times as fast as in JavaScript.
 * Undefined where the engine has no SIMD. Where threads share the memory the loops run all the same on the calling
 * thread alone.
 */
export function simdLoops(backend: WasmBackend): HeapLoops | undefined {
  let loops = loopsByBackend.get(backend);
  const memory = backend.wasm.wasmMemory ?? backend.wasm.asm?.memory;
  if (!loops && memory && tf.env().getBool('WASM_HAS_SIMD_SUPPORT')) {
    // Compiled synchronously, which browsers allow up to 4 KiB. The module is smaller.
    // Told by the tag of the buffer: the backend may come from another realm, as under Jest, with classes of its own.
    const isShared = (memory.buffer as ArrayBufferLike)[Symbol.toStringTag] !== 'ArrayBuffer';
    const module = new WebAssembly.Module(simdBinary(isShared));
    const {exports} = new WebAssembly.Instance(module, {env: {memory}});
    loops = heapLoops(exports as unknown as SimdModule, backend);
    loopsByBackend.set(backend, loops);
  }
  return loops;
}

/**
 * The module. It declares whether threads share the memory that it gets. Nothing else depends on that, since none of the
 * loops is atomic: so the one binary is changed here.
 */
export function simdBinary(forSharedMemory: boolean): Uint8Array<ArrayBuffer> {
  return decodeBase64(
    forSharedMemory ? btoa(atob(WASM_SIMD_BINARY).replace(MEMORY_IMPORT, SHARED_MEMORY_IMPORT)) : WASM_SIMD_BINARY,
  );
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
