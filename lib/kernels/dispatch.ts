import * as tf from '@tensorflow/tfjs-core';
import {hasKernel, runKernel} from '../tfjs_internals.js';
import {composite} from './composite.js';
import type {
  BackendKernels,
  CenterLossAttrs,
  CenterLossInputs,
  ClassIdsAttrs,
  ClassIdsInputs,
  ScaleGradientInputs,
  UpdateCentersAttrs,
} from './contracts.js';
import {cpuKernels} from './cpu.js';
import {tensorflowKernels} from './tensorflow.js';
import {wasmKernels} from './wasm.js';
import {webglKernels} from './webgl.js';
import {webgpuKernels} from './webgpu.js';

/** Begins the names of the kernels in the registry of TensorFlow.js, and keeps them apart from its own. */
const PREFIX = 'tfjs-center-loss/';

export interface CenterLossOutputs {
  /** float32 scalar: half the squared distances to the own centers, summed or averaged over the samples. */
  loss: tf.Scalar;
  /** float32 scalar: the same, times the weight. */
  weightedLoss: tf.Scalar;
  /** float32 `[N, D]`: the weighted loss's gradient to the features. */
  gradient: tf.Tensor2D;
}

/** The class ids of labels. */
export function classIdsKernel(inputs: ClassIdsInputs<tf.Tensor>, attrs: ClassIdsAttrs): tf.Tensor1D {
  return run('classIds', inputs, attrs) as tf.Tensor1D;
}

/** Center loss and its gradient to the features. */
export function centerLossKernel(inputs: CenterLossInputs<tf.Tensor>, attrs: CenterLossAttrs): CenterLossOutputs {
  const [loss, weightedLoss, gradient] = run('centerLoss', inputs, attrs) as [tf.Scalar, tf.Scalar, tf.Tensor2D];
  return {loss, weightedLoss, gradient};
}

/** The gradient times `dy`. */
export function scaleGradientKernel(inputs: ScaleGradientInputs<tf.Tensor>): tf.Tensor2D {
  return run('scaleGradient', inputs) as tf.Tensor2D;
}

/** The updated centers: new data, or with `inPlace` perhaps those of the given centers. No gradient flows through it. */
export function updateCentersKernel(inputs: CenterLossInputs<tf.Tensor>, attrs: UpdateCentersAttrs): tf.Tensor2D {
  const update = () => run('updateCenters', inputs, attrs) as tf.Tensor2D;
  // The gradient function keeps operations off the tape, which would save the whole table of centers for them.
  return hasKernel(`${PREFIX}updateCenters`)
    ? update()
    : tf.customGrad(() => ({value: update(), gradFunc: () => []}))();
}

/** Runs the kernel of the current backend, or the composite. */
function run(name: keyof typeof composite, inputs: object, attrs: object = {}): tf.Tensor | tf.Tensor[] {
  const kernelName = PREFIX + name;
  return hasKernel(kernelName)
    ? runKernel(kernelName, {...inputs}, {...attrs})
    : composite[name](inputs as never, attrs as never);
}

/** Registers kernels under the name of their backend, which the application may add later, or never. */
function register<Backend>({backendName, ...kernels}: BackendKernels<Backend>): void {
  for (const [name, kernel] of Object.entries(kernels)) {
    const kernelName = PREFIX + name;
    // An application may hold this package twice, as ES module and as CommonJS; registering again is a warning.
    if (!hasKernel(kernelName, backendName)) {
      const kernelFunc = ({inputs, attrs, backend}: KernelParams) =>
        kernel(inputs as never, attrs as never, backend as Backend);
      tf.registerKernel({kernelName, backendName, kernelFunc});
    }
  }
}

type KernelParams = Parameters<tf.KernelConfig['kernelFunc']>[0];

register(cpuKernels);
register(tensorflowKernels);
register(wasmKernels);
register(webglKernels);
register(webgpuKernels);
