import type * as tf from '@tensorflow/tfjs-core';
import type {CenterLossAttrs, CenterLossInputs} from './contracts.js';
import {lossAndGradient, scaleValues, updateCenters} from './loops.js';
import type {Batch} from './loops.js';

/** What is used of `BackendWasm` in tfjs-backend-wasm. */
export interface WasmBackend {
  /** With threads the memory is `wasmMemory`, else that of `asm`. */
  wasm: {wasmMemory?: WebAssembly.Memory; asm?: {memory?: WebAssembly.Memory}};
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): tf.TensorInfo;
  /** The address of a tensor. Brings a tensor of another backend to the heap, which may grow for it. */
  getMemoryOffset(dataId: tf.DataId): number;
  /** A view of the heap. It is lost when the heap grows: when a tensor is made, or comes from another backend. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
  disposeData(dataId: tf.DataId): void;
}

/** The loops of loops.ts, over tensors that are in the heap. */
export interface HeapLoops {
  /** Writes the weighted loss's gradient and returns the loss without the weight. */
  lossAndGradient(inputs: CenterLossInputs, attrs: CenterLossAttrs, gradient: tf.TensorInfo): number;
  /** Writes `factor * values`. */
  scaleValues(values: tf.TensorInfo, factor: number, scaled: tf.TensorInfo): void;
  /** Writes the updated centers over the old ones. */
  updateCenters(inputs: CenterLossInputs, alpha: number): void;
}

/** The loops in JavaScript, on views of the heap. */
export function scalarLoops(backend: WasmBackend): HeapLoops {
  return {
    lossAndGradient: (inputs, attrs, gradient) =>
      lossAndGradient(batchOnHeap(inputs, backend), attrs, floatsOf(gradient, backend)),
    scaleValues: (values, factor, scaled) => {
      scaleValues(floatsOf(values, backend), factor, floatsOf(scaled, backend));
    },
    updateCenters: (inputs, alpha) => {
      updateCenters(batchOnHeap(inputs, backend), alpha);
    },
  };
}

export function floatsOf(tensor: tf.TensorInfo, backend: WasmBackend): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}

export function integersOf(tensor: tf.TensorInfo, backend: WasmBackend): Int32Array {
  return backend.typedArrayFromHeap(tensor) as Int32Array;
}

function batchOnHeap({features, classIds, centers}: CenterLossInputs, backend: WasmBackend): Batch {
  return {
    features: floatsOf(features, backend),
    classIds: integersOf(classIds, backend),
    centers: floatsOf(centers, backend),
    featureDim: centers.shape[1] as number,
  };
}
