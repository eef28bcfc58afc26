import * as tf from '@tensorflow/tfjs-core';
import {composite} from './composite.js';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {lossAndGradient, moveCenters, scaleValues} from './loops.js';
import type {Batch} from './loops.js';

/** What is used of `NodeJSKernelBackend` in tfjs-node. */
interface TensorFlowBackend {
  isUsingGpuDevice: boolean;
  binding: {deleteTensor(id: number): void};
  /** Brings a tensor of another backend here. */
  tensorMap: {get(dataId: tf.DataId): TensorData};
  /** Gives the values that a tensor holds, or a copy of what TensorFlow holds. */
  readSync(dataId: tf.DataId): Float32Array | Int32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): tf.DataId;
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

interface TensorData {
  /** Values that no operation has asked for yet. They become TensorFlow's when one does. */
  values: Float32Array | Int32Array | null;
  /** TensorFlow's number for the tensor, or -1 while it does not have it. */
  id: number;
}

/**
 * Kernels that compute on the host. An operation of TensorFlow costs some 10 µs to call, and none that can be called
 * from Node.js changes a tensor in place. The centers stay on the host between the steps. Where TensorFlow computes on
 * a GPU, the composite of its operations serves.
 */
export const tensorflowKernels: BackendKernels<TensorFlowBackend> = {
  backendName: 'tensorflow',

  centerLoss(inputs, attrs, backend) {
    if (backend.isUsingGpuDevice) {
      return tf.tidy(() => composite.centerLoss(inputs as CenterLossInputs<tf.Tensor>, attrs));
    }
    const batch = batchOf(inputs, backend);
    const gradient = new Float32Array(batch.features.length);
    const loss = lossAndGradient(batch, attrs, gradient);
    return [
      tensorOf([], Float32Array.of(loss), backend),
      tensorOf([], Float32Array.of(loss * attrs.lossWeight), backend),
      tensorOf(inputs.features.shape, gradient, backend),
    ];
  },

  scaleGradient({gradient, dy}, _attrs, backend) {
    if (backend.isUsingGpuDevice) {
      return composite.scaleGradient({gradient: gradient as tf.Tensor, dy: dy as tf.Tensor});
    }
    const factor = valuesOf(dy, backend)[0] as number;
    if (factor === 1) {
      const {dataId, shape, dtype} = gradient;
      backend.incRef(dataId);
      return {dataId, shape, dtype};
    }
    const values = valuesOf(gradient, backend);
    const scaled = new Float32Array(values.length);
    scaleValues(values, factor, scaled);
    return tensorOf(gradient.shape, scaled, backend);
  },

  updateCenters(inputs, attrs, backend) {
    if (backend.isUsingGpuDevice) {
      return tf.tidy(() => composite.updateCenters(inputs as CenterLossInputs<tf.Tensor>, attrs));
    }
    const {dataId, shape} = inputs.centers;
    const batch = batchOf(inputs, backend);
    if (attrs.inPlace && backend.refCount(dataId) === 1) {
      moveCenters({...batch, centers: ownValues(backend.tensorMap.get(dataId), batch.centers)}, attrs.alpha);
      backend.incRef(dataId);
      return {dataId, shape, dtype: 'float32'};
    }
    const centers = new Float32Array(batch.centers);
    moveCenters({...batch, centers}, attrs.alpha);
    return tensorOf(shape, centers, backend);
  },
};

/** Values of tensors that nobody but these kernels has read: this backend hands out its live array. */
const unseen = new WeakMap<TensorData, Float32Array>();

/** The values of the centers, which TensorFlow gives up: to read them from it in each step would copy all of them. */
function centersOnHost({dataId}: tf.TensorInfo, backend: TensorFlowBackend): Float32Array {
  const data = backend.tensorMap.get(dataId);
  const known = unseen.get(data) ?? (data.values as Float32Array | null);
  if (known) {
    return known;
  }
  const copy = backend.readSync(dataId) as Float32Array;
  backend.binding.deleteTensor(data.id);
  data.id = -1;
  keepUnseen(data, copy);
  return copy;
}

/** Values to write to. What others may hold is copied, and the copy becomes the tensor's own. */
function ownValues(data: TensorData, values: Float32Array): Float32Array {
  if (unseen.has(data)) {
    return values;
  }
  const copy = new Float32Array(values);
  keepUnseen(data, copy);
  return copy;
}

/** Copies of what TensorFlow holds: the features are read for the loss and for the update, and copying takes its time. */
const copies = new WeakMap<TensorData, Float32Array | Int32Array>();

function keepUnseen(data: TensorData, values: Float32Array): void {
  unseen.set(data, values);
  copies.delete(data);
  const becomePlain = (value: Float32Array | null) => {
    unseen.delete(data);
    Object.defineProperty(data, 'values', {value, configurable: true, enumerable: true, writable: true});
    return value;
  };
  // Every way to read goes through this property: the first one to come takes the values as they are.
  Object.defineProperty(data, 'values', {
    configurable: true,
    enumerable: true,
    get: () => becomePlain(values),
    set: becomePlain,
  });
}

function batchOf({features, classIds, centers}: CenterLossInputs, backend: TensorFlowBackend): Batch {
  return {
    features: valuesOf(features, backend),
    classIds: readValues(classIds, backend) as Int32Array,
    centers: centersOnHost(centers, backend),
    featureDim: centers.shape[1] as number,
  };
}

function valuesOf(tensor: tf.TensorInfo, backend: TensorFlowBackend): Float32Array {
  return readValues(tensor, backend) as Float32Array;
}

function readValues({dataId}: tf.TensorInfo, backend: TensorFlowBackend): Float32Array | Int32Array {
  const data = backend.tensorMap.get(dataId);
  if (data.values) {
    return data.values;
  }
  const copy = copies.get(data) ?? backend.readSync(dataId);
  copies.set(data, copy);
  return copy;
}

function tensorOf(shape: number[], values: Float32Array, backend: TensorFlowBackend): tf.TensorInfo {
  return {dataId: backend.write(values, shape, 'float32'), shape, dtype: 'float32'};
}
