import * as tf from '@tensorflow/tfjs-core';
import {composite} from './composite.js';
import type {
  BackendKernels,
  CenterLossAttrs,
  CenterLossInputs,
  ScaleGradientInputs,
  UpdateCentersAttrs,
} from './contracts.js';
import {cpuKernels} from './cpu.js';
import {wasmKernels} from './wasm.js';
import {webglKernels} from './webgl.js';
import {webgpuKernels} from './webgpu.js';

/** The kernels' names in TensorFlow.js's registry, which keeps them beside its own. */
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
    ? tf.engine().runKernel<tf.Tensor[]>(CENTER_LOSS, {...inputs}, {...attrs})
    : composite.centerLoss(inputs, attrs);
  return {loss: loss as tf.Scalar, weightedLoss: weightedLoss as tf.Scalar, gradient: gradient as tf.Tensor2D};
}

/** The gradient times the upstream gradient. */
export function scaleGradientKernel(inputs: ScaleGradientInputs<tf.Tensor>): tf.Tensor2D {
  return hasKernel(SCALE_GRADIENT)
    ? tf.engine().runKernel<tf.Tensor2D>(SCALE_GRADIENT, {...inputs})
    : composite.scaleGradient(inputs);
}

/**
 * The centers after one batch: new ones, or the given ones changed if `inPlace` allows it. No gradient flows through it.
 */
export function updateCentersKernel(inputs: CenterLossInputs<tf.Tensor>, attrs: UpdateCentersAttrs): tf.Tensor2D {
  if (hasKernel(UPDATE_CENTERS)) {
    return tf.engine().runKernel<tf.Tensor2D>(UPDATE_CENTERS, {...inputs}, {...attrs});
  }
  // With a gradient of its own it is off the tape, which else would hold on to all centers.
  return tf.customGrad(() => ({value: composite.updateCenters(inputs, attrs), gradFunc: () => []}))();
}

function hasKernel(kernelName: string): boolean {
  // Typed as never undefined, and is.
  return (tf.getKernel(kernelName, tf.getBackend()) as unknown) !== undefined;
}

/** Needs no backend to be there: a kernel is registered under the name of one that may be added later, or never. */
function register<Backend>(kernels: BackendKernels<Backend>): void {
  const {backendName, centerLoss, scaleGradient, updateCenters} = kernels;
  const named = {[CENTER_LOSS]: centerLoss, [SCALE_GRADIENT]: scaleGradient, [UPDATE_CENTERS]: updateCenters};
  for (const [kernelName, kernel] of Object.entries(named)) {
    // An application may hold the package twice, as ES module and as CommonJS.
    if (kernel && !(tf.getKernel(kernelName, backendName) as unknown)) {
      const kernelFunc = ({inputs, attrs, backend}: KernelParams) =>
        kernel(inputs as never, attrs as never, backend as Backend);
      tf.registerKernel({kernelName, backendName, kernelFunc});
    }
  }
}

type KernelParams = Parameters<tf.KernelConfig['kernelFunc']>[0];

register(cpuKernels);
register(wasmKernels);
register(webglKernels);
register(webgpuKernels);
