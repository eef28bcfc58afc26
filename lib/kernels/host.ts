import type * as tf from '@tensorflow/tfjs-core';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {lossAndGradient, scaleValues, updateCenters} from './loops.js';
import type {Batch} from './loops.js';

/** What a backend keeps of a tensor. */
export interface TensorData {
  /** The live array of the tensor, which whoever reads the tensor is given; null if its values are elsewhere. */
  values: Float32Array | Int32Array | null;
}

/** How the tensors of a backend are reached from the host. */
export interface HostMemory<Backend> {
  dataOf(dataId: tf.DataId, backend: Backend): TensorData;
  /** The values of a tensor, to read from. */
  valuesOf(dataId: tf.DataId, backend: Backend): Float32Array | Int32Array;
  /** The values of the centers, to read from, which a copy must not be made of in each step. */
  centersOf(dataId: tf.DataId, backend: Backend): Float32Array;
  tensorOf(shape: number[], values: Float32Array, backend: Backend): tf.TensorInfo;
}

interface HostBackend {
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

/** The kernels of contracts.ts, as loops over the arrays of a backend that holds its tensors on the host. */
export function hostKernels<Backend extends HostBackend>(
  backendName: string,
  memory: HostMemory<Backend>,
): Required<Omit<BackendKernels<Backend>, 'classIds'>> {
  const floatsOf = ({dataId}: tf.TensorInfo, backend: Backend) => memory.valuesOf(dataId, backend) as Float32Array;

  const batchOf = ({features, classIds, centers}: CenterLossInputs, backend: Backend): Batch => ({
    features: floatsOf(features, backend),
    classIds: memory.valuesOf(classIds.dataId, backend) as Int32Array,
    centers: unshared.get(memory.dataOf(centers.dataId, backend)) ?? memory.centersOf(centers.dataId, backend),
    featureDim: centers.shape[1] as number,
  });

  return {
    backendName,

    centerLoss(inputs, attrs, backend) {
      const batch = batchOf(inputs, backend);
      const gradient = new Float32Array(batch.features.length);
      const loss = lossAndGradient(batch, attrs, gradient);
      return [
        memory.tensorOf([], Float32Array.of(loss), backend),
        memory.tensorOf([], Float32Array.of(loss * attrs.lossWeight), backend),
        memory.tensorOf(inputs.features.shape, gradient, backend),
      ];
    },

    scaleGradient({gradient, dy}, _attrs, backend) {
      const factor = floatsOf(dy, backend)[0] as number;
      if (factor === 1) {
        const {dataId, shape, dtype} = gradient;
        backend.incRef(dataId);
        return {dataId, shape, dtype};
      }
      const values = floatsOf(gradient, backend);
      const scaled = new Float32Array(values.length);
      scaleValues(values, factor, scaled);
      return memory.tensorOf(gradient.shape, scaled, backend);
    },

    updateCenters(inputs, {alpha, inPlace}, backend) {
      const {dataId, shape} = inputs.centers;
      const batch = batchOf(inputs, backend);
      if (inPlace && backend.refCount(dataId) === 1) {
        const centers = unsharedValues(memory.dataOf(dataId, backend), batch.centers);
        updateCenters({...batch, centers}, alpha);
        backend.incRef(dataId);
        return {dataId, shape, dtype: 'float32'};
      }
      const centers = new Float32Array(batch.centers);
      updateCenters({...batch, centers}, alpha);
      return memory.tensorOf(shape, centers, backend);
    },
  };
}

/**
 * The arrays of centers that only these kernels hold, and so may write to. Such a backend gives its live array to
 * whoever reads a tensor: after that, writing to it would change what the reader holds.
 */
const unshared = new WeakMap<TensorData, Float32Array>();

/**
 * An array of the tensor's values to write to. If somebody may hold the present array, a copy takes its place in the
 * tensor.
 */
function unsharedValues(data: TensorData, present: Float32Array): Float32Array {
  // The copy converts, too: the cpu backend leaves the integers in a tensor that was cast from int32 to float32.
  return unshared.get(data) ?? keepUnshared(data, new Float32Array(present));
}

/** Makes an array that nobody else holds that of the tensor, and gives it back. */
export function keepUnshared(data: TensorData, values: Float32Array): Float32Array {
  unshared.set(data, values);
  const becomePlain = (value: TensorData['values']) => {
    unshared.delete(data);
    Object.defineProperty(data, 'values', {value, configurable: true, enumerable: true, writable: true});
    return value;
  };
  // Every reader gets the array from this property. From then on it is a seen one, and the next update copies it again.
  Object.defineProperty(data, 'values', {
    configurable: true,
    enumerable: true,
    get: () => becomePlain(values),
    set: becomePlain,
  });
  return values;
}
