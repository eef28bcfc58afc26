import * as tf from '@tensorflow/tfjs';

/**
 * Runs the specs of this file on a backend. It is started at once, so that its name is known while the specs are
 * declared and can decide which of them are meant for it; it is ready before the first of them runs.
 */
export function useBackend(name: string): void {
  // Keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  const started = tf.setBackend(name);
  beforeAll(async () => {
    if (!(await started)) {
      throw new Error(`The TensorFlow.js backend '${name}' does not start on this machine.`);
    }
  });
}
