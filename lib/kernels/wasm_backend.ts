import type * as tf from '@tensorflow/tfjs-core';
import type {CenterLossAttrs, CenterLossInputs} from './contracts.js';

/** What is used of `BackendWasm` in tfjs-backend-wasm. */
export interface WasmBackend {
  wasm: {asm?: {memory?: WebAssembly.Memory}};
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): tf.TensorInfo;
  /** Brings a tensor of another backend here. */
  getMemoryOffset(dataId: tf.DataId): number;
  /** A view of the heap, lost when that grows: when a tensor is made or comes from another backend. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
  disposeData(dataId: tf.DataId): void;
}

/** The loops of the kernels over tensors that are in the heap. */
export interface HeapLoops {
  /** Writes the weighted loss's gradient and returns the loss without the weight. */
  lossAndGradient(inputs: CenterLossInputs, attrs: CenterLossAttrs, gradient: tf.TensorInfo): number;
  /** Writes `factor * values`. */
  scaleValues(values: tf.TensorInfo, factor: number, scaled: tf.TensorInfo): void;
  /** Writes the new centers over the old ones. */
  moveCenters(inputs: CenterLossInputs, alpha: number): void;
}
