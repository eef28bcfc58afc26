import * as tf from '@tensorflow/tfjs';
import '../../lib/index.js';

/** The cpu backend without the package's kernels, as is a backend that has none: what it does is composed. */
beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  for (const {kernelName, backendName} of tf.getKernelsForBackend('cpu')) {
    if (kernelName.startsWith('tfjs-center-loss/')) {
      tf.unregisterKernel(kernelName, backendName);
    }
  }
});
