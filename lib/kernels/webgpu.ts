import * as tf from '@tensorflow/tfjs-core';
import {tensorOf} from '../tfjs_internals.js';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {gpuKernels} from './gpu.js';
import type {RunProgram} from './gpu.js';
import {COPY, COUNT, PREPARED, programOf, UPDATE} from './webgpu_code.js';

/** What is used of `WebGPUBackend` in tfjs-backend-webgpu. */
interface WebGpuBackend {
  runWebGPUProgram(
    program: Program,
    inputs: tf.TensorInfo[],
    outputDtype: tf.DataType,
    uniforms: undefined,
    output: tf.TensorInfo | undefined,
  ): tf.TensorInfo;
  tensorMap: {get(dataId: tf.DataId): TensorData};
  refCount(dataId: tf.DataId): number;
  incRef(dataId: tf.DataId): void;
}

interface TensorData {
  /** A copy in the memory of the process, there before the tensor is on the GPU and after somebody has read it. */
  values: unknown;
  /** Of the values on the GPU: integers also in a tensor of floats that was cast from integers. */
  dtype: tf.DataType;
  /** Whether the buffer is the application's own. */
  external?: boolean;
}

/** `WebGPUProgram` in tfjs-backend-webgpu. */
interface Program {
  outputShape: number[];
  dispatchLayout: {x: number[]};
  dispatch: [number, number, number];
  workgroupSize: [number, number, number];
  variableNames: string[];
  /** Whether the output is written to by several threads at once. */
  atomic: boolean;
  /** Whether the number of the output's elements is among the uniforms. */
  size: boolean;
  /** Programs of the same key share their code. */
  shaderKey: string;
  getUserCode: () => string;
}

const WORKGROUP_SIZE = 64;

const run: RunProgram<WebGpuBackend> = (backend, code, inputs, shape, dtype) =>
  runInto(
    {shape, dtype},
    backend,
    programOf(code, shape.length),
    inputs,
    shape.reduce((size, dim) => size * dim, 1),
  );

/** The kernels of contracts.ts. */
export const webgpuKernels: BackendKernels<WebGpuBackend> = {
  backendName: 'webgpu',
  ...gpuKernels(run),

  updateCenters(inputs, {alpha, inPlace}, backend) {
    const {features, classIds, centers} = inputs as CenterLossInputs<tf.Tensor>;
    // Without samples there is nothing to run, and WebGPU refuses buffers of size 0.
    if (features.size === 0) {
      return tf.clone(centers);
    }
    const {dataId, shape} = centers;
    const data = backend.tensorMap.get(dataId);
    const writesTo = inPlace && backend.refCount(dataId) === 1 && data.dtype === 'float32' && !data.external;
    const updated = writesTo ? {dataId, shape, dtype: centers.dtype} : run(backend, COPY, {centers}, shape, 'float32');
    tf.tidy(() => {
      const [batchSize, featureDim] = features.shape as [number, number];
      const size = batchSize * (featureDim + 5);
      const batch = {features, classIds, centers};
      const prepared = tensorOf(runInto({shape: [size], dtype: 'int32'}, backend, PREPARED, batch, size));
      runInto(prepared, backend, COUNT, {classIds}, batchSize);
      runInto(updated, backend, UPDATE, {prepared, alpha: tf.scalar(alpha)}, features.size);
    });
    if (writesTo) {
      keepNoCopy(data);
      backend.incRef(dataId);
    }
    return updated;
  },
};

/**
 * Keeps this backend from caching what was read of the data. It stores the values of a tensor that somebody reads in
 * `values`, and gives them to whoever reads it next. After an update in place they would be the old centers. A read that
 * began before the update stores them after it, so that clearing the cache once would not do.
 */
function keepNoCopy(data: TensorData): void {
  Object.defineProperty(data, 'values', {
    configurable: true,
    get: () => null,
    set: () => undefined,
  });
}

/**
 * Runs a program once in each of `threads`.
 *
 * @param output A tensor to write to, which several threads may do at once, or the form of a new one.
 */
function runInto(
  output: Omit<tf.TensorInfo, 'dataId'> & {dataId?: tf.DataId},
  backend: WebGpuBackend,
  code: string,
  inputs: object,
  threads: number,
): tf.TensorInfo {
  const {dataId, shape, dtype} = output;
  const program: Program = {
    outputShape: shape,
    dispatchLayout: {x: shape.map((_, axis) => axis)},
    dispatch: [Math.ceil(threads / WORKGROUP_SIZE), 1, 1],
    workgroupSize: [WORKGROUP_SIZE, 1, 1],
    variableNames: Object.keys(inputs),
    atomic: dataId !== undefined,
    size: true,
    shaderKey: code,
    getUserCode: () => code,
  };
  const tensors = Object.values(inputs) as tf.TensorInfo[];
  return backend.runWebGPUProgram(program, tensors, dtype, undefined, dataId && {dataId, shape, dtype});
}
