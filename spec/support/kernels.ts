import * as tf from '@tensorflow/tfjs';

/** Whether the current backend has kernels of the package, which change centers in place; it may have the composite. */
export function hasKernels(): boolean {
  return tf.getKernelsForBackend(tf.getBackend()).some(({kernelName}) => kernelName.startsWith('tfjs-center-loss/'));
}

/** A backend besides the current one, if there is one that tensors can be moved to and from. */
export function otherBackend(): string | undefined {
  const current = tf.getBackend();
  const other = current === 'cpu' ? 'wasm' : 'cpu';
  // What WebGPU holds cannot be moved at once outside of browsers.
  const canMove = current !== 'webgpu' || 'document' in globalThis;
  return canMove && other in tf.engine().registryFactory ? other : undefined;
}
