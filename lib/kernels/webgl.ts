import * as tf from '@tensorflow/tfjs-core';
import {tensorOf} from '../tfjs_internals.js';
import {composite} from './composite.js';
import type {BackendKernels, CenterLossInputs} from './contracts.js';
import {hasHalfFloats, HALF_FLOAT_CLASSES} from './exact_ids.js';
import {gpuKernels} from './gpu.js';
import type {RunProgram} from './gpu.js';
import {counted, links, shaderOf, update} from './webgl_code.js';

/** What is used of `MathBackendWebGL` in tfjs-backend-webgl. */
interface WebGlBackend {
  compileAndRun(program: Program, inputs: tf.TensorInfo[], outputDtype: tf.DataType): tf.TensorInfo;
}

/** `GPGPUProgram` in tfjs-backend-webgl: a fragment shader, run for each element of the output. */
interface Program {
  variableNames: string[];
  outputShape: number[];
  userCode: string;
}

/**
 * Up to this many samples the kernel is faster than the composite, because it runs fewer programs. With more samples
 * the work within the programs decides. The composite looks at every sample for each element of the centers. The kernel
 * looks at every sample for each class, and for each sample.
 */
const FEW_SAMPLES = 1024;

const run: RunProgram<WebGlBackend> = (backend, code, inputs, outputShape, dtype) =>
  backend.compileAndRun(
    {variableNames: Object.keys(inputs), outputShape, userCode: shaderOf(code, outputShape.length)},
    Object.values(inputs) as tf.TensorInfo[],
    dtype,
  );

/**
 * The kernels of contracts.ts. WebGL cannot write to a texture that it reads, so that the updated centers are always new
 * data, `inPlace` or not.
 */
export const webglKernels: BackendKernels<WebGlBackend> = {
  backendName: 'webgl',
  ...gpuKernels(run),

  updateCenters(inputs, attrs, backend) {
    const tensors = inputs as CenterLossInputs<tf.Tensor>;
    const {features, classIds, centers} = tensors;
    const [batchSize, featureDim] = features.shape as [number, number];
    const [numClasses] = centers.shape as [number];
    const prefersComposite = batchSize > FEW_SAMPLES && batchSize + numClasses >= numClasses * featureDim;
    return tf.tidy(() => {
      // The links are numbers of samples, of which 16-bit floats hold no more.
      const losesLinks = hasHalfFloats() && batchSize > HALF_FLOAT_CLASSES;
      if (features.size === 0 || prefersComposite || losesLinks) {
        return composite.updateCenters(tensors, attrs);
      }
      const ints = (code: string, read: object, size: number) => tensorOf(run(backend, code, read, [size], 'int32'));
      const chosen = ints(counted(featureDim), {features, classIds, centers}, batchSize);
      const linked = ints(links(batchSize), {counted: chosen}, batchSize + numClasses);
      const lists = {features, links: linked, centers, alpha: tf.scalar(attrs.alpha)};
      return tensorOf(run(backend, update(batchSize), lists, centers.shape, 'float32'));
    });
  },
};
