import type * as tf from '@tensorflow/tfjs-core';
import {hostKernels} from './host.js';
import type {TensorData} from './host.js';

/** What is used of `MathBackendCPU` in tfjs-backend-cpu. */
interface CpuBackend {
  data: {get(dataId: tf.DataId): TensorData};
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

/** The kernels of contracts.ts, on the arrays of the cpu backend. */
export const cpuKernels = hostKernels<CpuBackend>('cpu', {
  dataOf: (dataId, backend) => backend.data.get(dataId),
  valuesOf,
  centersOf: (dataId, backend) => valuesOf(dataId, backend) as Float32Array,
  tensorOf: (shape, values, backend) => backend.makeTensorInfo(shape, 'float32', values),
});

function valuesOf(dataId: tf.DataId, backend: CpuBackend): Float32Array | Int32Array {
  return backend.data.get(dataId).values as Float32Array | Int32Array;
}
