import * as tf from '@tensorflow/tfjs';

/** Whether the package has kernels for the current backend: these change centers in place. */
export function movesInPlace(): boolean {
  return tf.getKernelsForBackend(tf.getBackend()).some(({kernelName}) => kernelName.startsWith('tfjs-center-loss/'));
}

/** Whether values can be read without waiting. TensorFlow.js's WebGPU does it by way of a canvas, if there is one. */
export function readsAtOnce(): boolean {
  return tf.getBackend() !== 'webgpu';
}

/** A backend besides the current one, if there is one that tensors can be moved to and from. */
export function otherBackend(): string | undefined {
  const other = tf.getBackend() === 'cpu' ? 'wasm' : 'cpu';
  return readsAtOnce() && other in tf.engine().registryFactory ? other : undefined;
}
