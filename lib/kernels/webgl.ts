import * as tf from '@tensorflow/tfjs-core';
import {tensorOf} from '../tfjs_internals.js';
import {composite, lossAndGradientOf} from './composite.js';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import * as code from './webgl_code.js';

/** What is used of `MathBackendWebGL` in tfjs-backend-webgl. */
interface WebGlBackend {
  compileAndRun(
    program: Program,
    inputs: tf.TensorInfo[],
    outputDtype: tf.DataType,
    customUniformValues?: number[][],
  ): tf.TensorInfo;
  disposeIntermediateTensorInfo(tensor: tf.TensorInfo): void;
}

/** `GPGPUProgram` in tfjs-backend-webgl: a fragment shader, run for each element of the output. */
interface Program {
  variableNames: string[];
  outputShape: number[];
  userCode: string;
  customUniforms?: {name: string; type: 'float'}[];
}

/**
 * Up to this many samples the kernel is faster than the composite, because it runs fewer programs. With more samples
 * the work within the programs decides. The composite looks at every sample for each element of the centers. The kernel
 * looks at every sample for each class, and for each sample.
 */
const FEW_SAMPLES = 1024;

/**
 * The kernels of contracts.ts. WebGL cannot write to a texture that it reads, so that the updated centers are always new
 * data, `inPlace` or not.
 */
export const webglKernels: BackendKernels<WebGlBackend> = {
  backendName: 'webgl',

  centerLoss(inputs, attrs, backend) {
    const tensors = inputs as CenterLossInputs<tf.Tensor>;
    const {features, classIds, centers} = tensors;
    if (features.size === 0) {
      return composite.centerLoss(tensors, attrs);
    }
    return tf.tidy(() => {
      const differences = run(backend, code.DIFFERENCES, {features, classIds, centers}, features.shape, 'float32');
      return lossAndGradientOf(tensorOf(differences), classIds, attrs);
    });
  },

  updateCenters(inputs, attrs, backend) {
    const tensors = inputs as CenterLossInputs<tf.Tensor>;
    const {features, classIds, centers} = tensors;
    const [batchSize, featureDim] = features.shape as [number, number];
    const [numClasses] = centers.shape as [number];
    const prefersComposite = batchSize > FEW_SAMPLES && batchSize + numClasses >= numClasses * featureDim;
    if (features.size === 0 || prefersComposite) {
      return tf.tidy(() => composite.updateCenters(tensors, attrs));
    }
    const counted = run(backend, code.counted(featureDim), {features, classIds, centers}, [batchSize], 'int32');
    const next = run(backend, code.next(batchSize), {counted}, [batchSize], 'int32');
    const first = run(backend, code.first(batchSize), {counted}, [numClasses], 'int32');
    const lists = {features, next, first, centers};
    const updated = run(backend, code.update(batchSize), lists, centers.shape, 'float32', attrs.alpha);
    for (const tensor of [counted, next, first]) {
      backend.disposeIntermediateTensorInfo(tensor);
    }
    return updated;
  },
};

function run(
  backend: WebGlBackend,
  userCode: string,
  inputs: Record<string, tf.TensorInfo>,
  outputShape: number[],
  dtype: tf.DataType,
  alpha?: number,
): tf.TensorInfo {
  const program: Program = {variableNames: Object.keys(inputs), outputShape, userCode};
  if (alpha === undefined) {
    return backend.compileAndRun(program, Object.values(inputs), dtype);
  }
  program.customUniforms = [{name: 'alpha', type: 'float'}];
  return backend.compileAndRun(program, Object.values(inputs), dtype, [[alpha]]);
}
