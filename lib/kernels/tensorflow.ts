import * as tf from '@tensorflow/tfjs-core';
import {composite} from './composite.js';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {hostKernels, keepUnshared} from './host.js';
import type {TensorData} from './host.js';

/** What is used of `NodeJSKernelBackend` in tfjs-node. */
interface TensorFlowBackend {
  isUsingGpuDevice: boolean;
  binding: {deleteTensor(id: number): void};
  /** Its `get` brings a tensor of another backend here, which `readSync` does not. */
  tensorMap: {get(dataId: tf.DataId): NativeData};
  /** Gives the live array, or a copy of what TensorFlow holds. */
  readSync(dataId: tf.DataId): Float32Array | Int32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): tf.DataId;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

/** The values are on the host until an operation asks for them. Then they become TensorFlow's. */
interface NativeData extends TensorData {
  /** TensorFlow's number for the tensor, or -1 while it is on the host. */
  id: number;
}

const onHost = hostKernels<TensorFlowBackend>('tensorflow', {
  dataOf: (dataId, backend) => backend.tensorMap.get(dataId),
  valuesOf,
  centersOf: (dataId, backend) => {
    const data = backend.tensorMap.get(dataId);
    return (data.values as Float32Array | null) ?? takeBack(dataId, data, backend);
  },
  tensorOf: (shape, values, backend) => ({dataId: backend.write(values, shape, 'float32'), shape, dtype: 'float32'}),
});

/**
 * The kernels of contracts.ts on native TensorFlow. They compute on the host, where the centers stay between the steps:
 * to call an operation of TensorFlow costs some 10 µs, and none of those that can be called changes a tensor in place.
 * Where TensorFlow has a GPU the composite serves, since there reading the features would mean waiting for it.
 */
export const tensorflowKernels: BackendKernels<TensorFlowBackend> = {
  backendName: 'tensorflow',

  centerLoss(inputs, attrs, backend) {
    return backend.isUsingGpuDevice
      ? tf.tidy(() => composite.centerLoss(inputs as CenterLossInputs<tf.Tensor>, attrs))
      : onHost.centerLoss(inputs, attrs, backend);
  },

  scaleGradient(inputs, attrs, backend) {
    return backend.isUsingGpuDevice
      ? composite.scaleGradient({gradient: inputs.gradient as tf.Tensor, dy: inputs.dy as tf.Tensor})
      : onHost.scaleGradient(inputs, attrs, backend);
  },

  updateCenters(inputs, attrs, backend) {
    return backend.isUsingGpuDevice
      ? tf.tidy(() => composite.updateCenters(inputs as CenterLossInputs<tf.Tensor>, attrs))
      : onHost.updateCenters(inputs, attrs, backend);
  },
};

/** Copies of what TensorFlow holds: the features are read for the loss and for the update. */
const copies = new WeakMap<NativeData, Float32Array | Int32Array>();

function valuesOf(dataId: tf.DataId, backend: TensorFlowBackend): Float32Array | Int32Array {
  const data = backend.tensorMap.get(dataId);
  if (data.values) {
    return data.values;
  }
  const copy = copies.get(data) ?? backend.readSync(dataId);
  copies.set(data, copy);
  return copy;
}

/** Moves a tensor of floats from TensorFlow to the host, where the kernels may write to it. */
function takeBack(dataId: tf.DataId, data: NativeData, backend: TensorFlowBackend): Float32Array {
  const values = backend.readSync(dataId) as Float32Array;
  backend.binding.deleteTensor(data.id);
  data.id = -1;
  copies.delete(data);
  return keepUnshared(data, values);
}
