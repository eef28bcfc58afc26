import * as tf from '@tensorflow/tfjs-core';
import {hasKernel, runKernel} from '../tfjs_internals.js';
import {composite} from './composite.js';
import type {
  BackendKernels,
  CenterLossAttrs,
  CenterLossInputs,
  ScaleGradientInputs,
  UpdateCentersAttrs,
} from './contracts.js';
import {cpuKernels} from './cpu.js';
import {tensorflowKernels} from './tensorflow.js';
import {wasmKernels} from './wasm.js';
import {webglKernels} from './webgl.js';
import {webgpuKernels} from './webgpu.js';

/** The names of the kernels in the registry of TensorFlow.js. The prefix keeps them apart from its own. */
const CENTER_LOSS = 'tfjs-center-loss/CenterLoss';
const SCALE_GRADIENT = 'tfjs-center-loss/ScaleGradient';
const UPDATE_CENTERS = 'tfjs-center-loss/UpdateCenters';

export interface CenterLossOutputs {
  /** float32 scalar: half the squared distances to the own centers, summed or averaged over the samples. */
  loss: tf.Scalar;
  /** float32 scalar: the same, times the weight. */
  weightedLoss: tf.Scalar;
  /** float32 `[N, D]`: the weighted loss's gradient to the features. */
  gradient: tf.Tensor2D;
}

/** Center loss and its gradient to the features. */
export function centerLossKernel(inputs: CenterLossInputs<tf.Tensor>, attrs: CenterLossAttrs): CenterLossOutputs {
  const [loss, weightedLoss, gradient] = hasKernel(CENTER_LOSS)
    ? (runKernel(CENTER_LOSS, {...inputs}, {...attrs}) as tf.Tensor[])
    : composite.centerLoss(inputs, attrs);
  return {loss: loss as tf.Scalar, weightedLoss: weightedLoss as tf.Scalar, gradient: gradient as tf.Tensor2D};
}

/** The gradient times `dy`. */
export function scaleGradientKernel(inputs: ScaleGradientInputs<tf.Tensor>): tf.Tensor2D {
  return hasKernel(SCALE_GRADIENT)
    ? (runKernel(SCALE_GRADIENT, {...inputs}) as tf.Tensor2D)
    : composite.scaleGradient(inputs);
}

/** The updated centers: new data, or with `inPlace` perhaps those of the given centers. No gradient flows through it. */
export function updateCentersKernel(inputs: CenterLossInputs<tf.Tensor>, attrs: UpdateCentersAttrs): tf.Tensor2D {
  if (hasKernel(UPDATE_CENTERS)) {
    return runKernel(UPDATE_CENTERS, {...inputs}, {...attrs}) as tf.Tensor2D;
  }
  // The gradient function keeps these operations off the tape, which would save the whole table of centers for them.
  return tf.customGrad(() => ({value: composite.updateCenters(inputs, attrs), gradFunc: () => []}))();
}

/** Registers kernels under the name of their backend, which the application may add later, or never. */
function register<Backend>(kernels: BackendKernels<Backend>): void {
  const {backendName, centerLoss, scaleGradient, updateCenters} = kernels;
  const named = {[CENTER_LOSS]: centerLoss, [SCALE_GRADIENT]: scaleGradient, [UPDATE_CENTERS]: updateCenters};
  for (const [kernelName, kernel] of Object.entries(named)) {
    // An application may hold this package twice, as ES module and as CommonJS; registering again is a warning.
    if (kernel && !hasKernel(kernelName, backendName)) {
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
