import type * as tf from '@tensorflow/tfjs-core';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {lossAndGradient, moveCenters, scaleValues} from './loops.js';
import type {Batch} from './loops.js';
import type {HeapLoops, WasmBackend} from './wasm_backend.js';
import {simdLoops} from './wasm_simd.js';

export const wasmKernels: BackendKernels<WasmBackend> = {
  backendName: 'wasm',

  centerLoss(inputs, attrs, backend) {
    bringToHeap(inputs, backend);
    const loss = backend.makeOutput([], 'float32');
    const weightedLoss = backend.makeOutput([], 'float32');
    const gradient = backend.makeOutput(inputs.features.shape, 'float32');
    const value = loopsOf(backend).lossAndGradient(inputs, attrs, gradient);
    view(loss, backend)[0] = value;
    view(weightedLoss, backend)[0] = value * attrs.lossWeight;
    return [loss, weightedLoss, gradient];
  },

  scaleGradient(inputs, _attrs, backend) {
    bringToHeap(inputs, backend);
    const factor = view(inputs.dy, backend)[0] as number;
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
    // Reading a tensor copies it on this backend, so that only tensors on the same memory could see it change.
    if (inPlace && backend.refCount(dataId) === 1) {
      loopsOf(backend).moveCenters(inputs, alpha);
      backend.incRef(dataId);
      return {dataId, shape, dtype: 'float32'};
    }
    const centers = backend.makeOutput(shape, 'float32');
    view(centers, backend).set(view(inputs.centers, backend));
    loopsOf(backend).moveCenters({...inputs, centers}, alpha);
    return centers;
  },
};

/** The heap may grow for tensors of other backends: that is over when the first view is taken. */
function bringToHeap(inputs: object, backend: WasmBackend): void {
  for (const tensor of Object.values(inputs) as tf.TensorInfo[]) {
    backend.getMemoryOffset(tensor.dataId);
  }
}

function loopsOf(backend: WasmBackend): HeapLoops {
  return simdLoops(backend) ?? scalarLoops(backend);
}

function scalarLoops(backend: WasmBackend): HeapLoops {
  return {
    lossAndGradient: (inputs, attrs, gradient) =>
      lossAndGradient(batchOf(inputs, backend), attrs, view(gradient, backend)),
    scaleValues: (values, factor, scaled) => {
      scaleValues(view(values, backend), factor, view(scaled, backend));
    },
    moveCenters: (inputs, alpha) => {
      moveCenters(batchOf(inputs, backend), alpha);
    },
  };
}

function batchOf({features, classIds, centers}: CenterLossInputs, backend: WasmBackend): Batch {
  return {
    features: view(features, backend),
    classIds: backend.typedArrayFromHeap(classIds) as Int32Array,
    centers: view(centers, backend),
    featureDim: centers.shape[1] as number,
  };
}

function view(tensor: tf.TensorInfo, backend: WasmBackend): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}
