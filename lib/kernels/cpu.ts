import type * as tf from '@tensorflow/tfjs-core';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {lossAndGradient, scaleValues, updateCenters} from './loops.js';
import type {Batch} from './loops.js';

/** What is used of `MathBackendCPU` in tfjs-backend-cpu. */
interface CpuBackend {
  data: {get(dataId: tf.DataId): TensorData};
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

interface TensorData {
  values: Float32Array | Int32Array;
}

/** The kernels of contracts.ts, as loops over the arrays of the cpu backend. */
export const cpuKernels: BackendKernels<CpuBackend> = {
  backendName: 'cpu',

  centerLoss(inputs, attrs, backend) {
    const batch = batchOf(inputs, backend);
    const gradient = new Float32Array(batch.features.length);
    const loss = lossAndGradient(batch, attrs, gradient);
    return [
      backend.makeTensorInfo([], 'float32', Float32Array.of(loss)),
      backend.makeTensorInfo([], 'float32', Float32Array.of(loss * attrs.lossWeight)),
      backend.makeTensorInfo(inputs.features.shape, 'float32', gradient),
    ];
  },

  scaleGradient({gradient, dy}, _attrs, backend) {
    const factor = valuesOf(dy, backend)[0] as number;
    if (factor === 1) {
      const {dataId, shape, dtype} = gradient;
      backend.incRef(dataId);
      return {dataId, shape, dtype};
    }
    const values = valuesOf(gradient, backend);
    const scaled = new Float32Array(values.length);
    scaleValues(values, factor, scaled);
    return backend.makeTensorInfo(gradient.shape, 'float32', scaled);
  },

  updateCenters(inputs, {alpha, inPlace}, backend) {
    const {dataId, shape} = inputs.centers;
    const batch = batchOf(inputs, backend);
    if (inPlace && backend.refCount(dataId) === 1) {
      const centers = unseenValues(backend.data.get(dataId));
      updateCenters({...batch, centers}, alpha);
      backend.incRef(dataId);
      return {dataId, shape, dtype: 'float32'};
    }
    const centers = new Float32Array(batch.centers);
    updateCenters({...batch, centers}, alpha);
    return backend.makeTensorInfo(shape, 'float32', centers);
  },
};

/**
 * The arrays of centers that only these kernels have seen, and so may write to. The cpu backend gives its live array to
 * whoever reads a tensor: after that, writing to it would change what the reader holds.
 */
const unseen = new WeakMap<TensorData, Float32Array>();

/**
 * An array of the tensor's values to write to. If somebody may hold the present array, a copy takes its place in the
 * tensor.
 */
function unseenValues(data: TensorData): Float32Array {
  const known = unseen.get(data);
  if (known) {
    return known;
  }
  // The copy converts, too: the cpu backend leaves the integers in a tensor that was cast from int32 to float32.
  const values = new Float32Array(data.values);
  unseen.set(data, values);
  // Every reader gets the array from this property. From then on it is a seen one, and the next update copies it again.
  Object.defineProperty(data, 'values', {
    configurable: true,
    get: () => {
      unseen.delete(data);
      return values;
    },
  });
  return values;
}

function batchOf({features, classIds, centers}: CenterLossInputs, backend: CpuBackend): Batch {
  const data = backend.data.get(centers.dataId);
  return {
    features: valuesOf(features, backend),
    classIds: backend.data.get(classIds.dataId).values as Int32Array,
    centers: unseen.get(data) ?? (data.values as Float32Array),
    featureDim: centers.shape[1] as number,
  };
}

function valuesOf({dataId}: tf.TensorInfo, backend: CpuBackend): Float32Array {
  return backend.data.get(dataId).values as Float32Array;
}
