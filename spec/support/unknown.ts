import * as tf from '@tensorflow/tfjs';
import {MathBackendCPU} from '@tensorflow/tfjs-backend-cpu';
import '../../lib/index.js';
import {useBackend} from './use_backend.js';

/** The cpu backend by another name, whose asynchronous reads are not synchronous ones underneath. */
class UnknownBackend extends MathBackendCPU {
  override async read(dataId: tf.DataId): ReturnType<MathBackendCPU['read']> {
    await Promise.resolve();
    return MathBackendCPU.prototype.readSync.call(this, dataId);
  }
}

/**
 * A backend that the package does not know: TensorFlow.js's operations are there, the package's kernels are not, and
 * whether reading a label would stall a GPU cannot be told.
 */
tf.registerBackend('unknown', () => new UnknownBackend());
tf.copyRegisteredKernels('cpu', 'unknown');
for (const {kernelName, backendName} of tf.getKernelsForBackend('unknown')) {
  if (kernelName.startsWith('tfjs-center-loss/')) {
    tf.unregisterKernel(kernelName, backendName);
  }
}
useBackend('unknown');
