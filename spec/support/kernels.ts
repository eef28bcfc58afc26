import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

/** Whether the package has kernels for the current backend. */
export function hasKernels(): boolean {
  return tf.getKernelsForBackend(tf.getBackend()).some(({kernelName}) => kernelName.startsWith('tfjs-center-loss/'));
}

/** Whether these change centers in place: WebGL's textures cannot be read and written at once. */
export function movesInPlace(): boolean {
  return hasKernels() && tf.getBackend() !== 'webgl';
}

/** Whether values can be read without waiting. TensorFlow.js's WebGPU does it by way of a canvas, if there is one. */
export function readsAtOnce(): boolean {
  return tf.getBackend() !== 'webgpu';
}

/** A backend besides the current one; tensors can be moved to and fro where `readsAtOnce()`. */
export function otherBackend(): string {
  return tf.getBackend() === 'cpu' ? 'wasm' : 'cpu';
}
