import * as tf from '@tensorflow/tfjs-core';
import {tensorOf} from '../tfjs_internals.js';
import {composite, lossAndGradientOf} from './composite.js';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import * as code from './webgpu_code.js';

/** What is used of `WebGPUBackend` in tfjs-backend-webgpu. */
interface WebGpuBackend {
  runWebGPUProgram(
    program: Program,
    inputs: tf.TensorInfo[],
    outputDtype: tf.DataType,
    uniforms: Uniform[],
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
  uniforms: string;
  /** Whether the output is written to by several threads at once. */
  atomic: boolean;
  /** Programs of the same key share their code. */
  shaderKey: string;
  getUserCode: () => string;
}

interface Uniform {
  type: 'float32';
  data: number[];
}

const WORKGROUP_SIZE = 64;

/** The kernels of contracts.ts. */
export const webgpuKernels: BackendKernels<WebGpuBackend> = {
  backendName: 'webgpu',

  centerLoss(inputs, attrs, backend) {
    const tensors = inputs as CenterLossInputs<tf.Tensor>;
    return isEmpty(inputs)
      ? composite.centerLoss(tensors, attrs)
      : tf.tidy(() => lossAndGradientOf(differences(tensors, backend), tensors.classIds, attrs));
  },

  updateCenters(inputs, {alpha, inPlace}, backend) {
    const tensors = inputs as CenterLossInputs<tf.Tensor>;
    const {centers} = tensors;
    if (isEmpty(inputs)) {
      return tf.clone(centers);
    }
    const data = backend.tensorMap.get(centers.dataId);
    if (inPlace && backend.refCount(centers.dataId) === 1 && data.dtype === 'float32' && !data.external) {
      const {dataId, shape, dtype} = centers;
      const updated = {dataId, shape, dtype};
      update(updated, tensors, alpha, backend);
      keepNoCopy(data);
      backend.incRef(dataId);
      return updated;
    }
    const {shape, size} = centers;
    const output = {shape, dtype: 'float32'} as const;
    const updated = run(backend, {name: 'copy', code: code.COPY, threads: size, inputs: {centers}, output});
    update(updated, tensors, alpha, backend);
    return updated;
  },
};

/** Writes the updated centers to `centers`, which holds the old ones. */
function update(
  centers: tf.TensorInfo,
  inputs: CenterLossInputs<tf.Tensor>,
  alpha: number,
  backend: WebGpuBackend,
): void {
  const {features, classIds} = inputs;
  const [batchSize] = classIds.shape as [number];
  tf.tidy(() => {
    const steps = differences(inputs, backend);
    const counted = tensorOf(
      run(backend, {
        name: 'counted',
        code: code.COUNTED,
        threads: batchSize,
        inputs: {classIds, steps},
        output: {shape: [batchSize], dtype: 'int32'},
      }),
    );
    const free = tf.fill([tableSize(batchSize)], -1, 'int32');
    const table = tf.stack([free, tf.zerosLike(free)]);
    run(backend, {
      name: 'count',
      code: code.COUNT,
      threads: batchSize,
      inputs: {counted},
      output: table,
      atomic: true,
    });
    run(backend, {
      name: 'update',
      code: code.UPDATE,
      threads: features.size,
      inputs: {counted, steps, table},
      output: centers,
      atomic: true,
      alpha,
    });
  });
}

/** Without samples there is nothing to run, and WebGPU refuses buffers of size 0. */
function isEmpty({features}: CenterLossInputs): boolean {
  return features.shape.includes(0);
}

/** `x - c` of each sample, zero for those that take no part. */
function differences({features, classIds, centers}: CenterLossInputs<tf.Tensor>, backend: WebGpuBackend): tf.Tensor {
  return tensorOf(
    run(backend, {
      name: 'differences',
      code: code.DIFFERENCES,
      threads: features.size,
      inputs: {features, classIds, centers},
      output: {shape: features.shape, dtype: 'float32'},
    }),
  );
}

/** Places in the hash table of a batch's classes: at most half of them are taken. */
function tableSize(batchSize: number): number {
  return 2 ** Math.ceil(Math.log2(2 * batchSize));
}

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

/** What a program computes: `code`, once in each of `threads`. */
interface Task {
  name: string;
  code: string;
  threads: number;
  /** By the names that the code has for them. */
  inputs: Record<string, tf.TensorInfo>;
  /** A tensor to write to, or the form of a new one. */
  output: Omit<tf.TensorInfo, 'dataId'> & {dataId?: tf.DataId};
  atomic?: boolean;
  alpha?: number;
}

function run(
  backend: WebGpuBackend,
  {name, code, threads, inputs, output, atomic = false, alpha}: Task,
): tf.TensorInfo {
  const {dataId, shape, dtype} = output;
  const program: Program = {
    outputShape: shape,
    dispatchLayout: {x: shape.map((_, axis) => axis)},
    dispatch: [Math.ceil(threads / WORKGROUP_SIZE), 1, 1],
    workgroupSize: [WORKGROUP_SIZE, 1, 1],
    variableNames: Object.keys(inputs),
    uniforms: alpha === undefined ? '' : 'alpha : f32,',
    atomic,
    shaderKey: `tfjs-center-loss/${name}`,
    getUserCode: () => code,
  };
  const uniforms: Uniform[] = alpha === undefined ? [] : [{type: 'float32', data: [alpha]}];
  return backend.runWebGPUProgram(program, Object.values(inputs), dtype, uniforms, dataId && {dataId, shape, dtype});
}
