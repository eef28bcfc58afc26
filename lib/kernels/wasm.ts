import type * as tf from '@tensorflow/tfjs-core';
import type {BackendKernels} from './contracts.js';
import {floatsOf, scalarLoops} from './wasm_heap.js';
import type {HeapLoops, WasmBackend} from './wasm_heap.js';
import {simdLoops} from './wasm_simd.js';

/** The kernels of contracts.ts on the heap of the wasm backend. */
export const wasmKernels: BackendKernels<WasmBackend> = {
  backendName: 'wasm',

  centerLoss(inputs, attrs, backend) {
    bringToHeap(inputs, backend);
    const loss = backend.makeOutput([], 'float32');
    const weightedLoss = backend.makeOutput([], 'float32');
    const gradient = backend.makeOutput(inputs.features.shape, 'float32');
    const value = loopsOf(backend).lossAndGradient(inputs, attrs, gradient);
    floatsOf(loss, backend)[0] = value;
    floatsOf(weightedLoss, backend)[0] = value * attrs.lossWeight;
    return [loss, weightedLoss, gradient];
  },

  scaleGradient(inputs, _attrs, backend) {
    bringToHeap(inputs, backend);
    const factor = floatsOf(inputs.dy, backend)[0] as number;
    if (factor === 1) {
      const {dataId, shape, dtype} = inputs.gradient;
      backend.incRef(dataId);
      return {dataId, shape, dtype};
    }
    const scaled = backend.makeOutput(inputs.gradient.shape, 'float32');
    loopsOf(backend).scaleValues(inputs.gradient, factor, scaled);
    return scaled;
  },

  updateCenters(inputs, {alpha, inPlace}, backend) {
    bringToHeap(inputs, backend);
    const {dataId, shape} = inputs.centers;
    // Whoever reads a tensor gets a copy on this backend, so that only other tensors on the data could see it change.
    if (inPlace && backend.refCount(dataId) === 1) {
      loopsOf(backend).updateCenters(inputs, alpha);
      backend.incRef(dataId);
      return {dataId, shape, dtype: 'float32'};
    }
    const centers = backend.makeOutput(shape, 'float32');
    floatsOf(centers, backend).set(floatsOf(inputs.centers, backend));
    loopsOf(backend).updateCenters({...inputs, centers}, alpha);
    return centers;
  },
};

/**
 * Brings all inputs to the heap before the first view of it is taken. A tensor that another backend has made is copied
 * to the heap when its address is asked for. The heap may grow for it, and then all earlier views are lost.
 */
function bringToHeap(inputs: object, backend: WasmBackend): void {
  for (const tensor of Object.values(inputs) as tf.TensorInfo[]) {
    backend.getMemoryOffset(tensor.dataId);
  }
}

function loopsOf(backend: WasmBackend): HeapLoops {
  return simdLoops(backend) ?? scalarLoops(backend);
}
