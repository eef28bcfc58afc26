import * as tf from '@tensorflow/tfjs-core';
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
 * Up to here it counts that the kernel runs fewer programs than the composite. Beyond, what they look at: the composite
 * at each sample for each element of the centers, the kernel at each sample for each sample and each class.
 */
const FEW_SAMPLES = 1024;

/** A texture cannot be read and written at once: here the centers are new ones after each step. */
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
      return lossAndGradientOf(tf.engine().makeTensorFromTensorInfo(differences), classIds, attrs);
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
    const moved = run(backend, code.move(batchSize), lists, centers.shape, 'float32', attrs.alpha);
    for (const tensor of [counted, next, first]) {
      backend.disposeIntermediateTensorInfo(tensor);
    }
    return moved;
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
