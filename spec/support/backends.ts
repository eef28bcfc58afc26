import * as tf from '@tensorflow/tfjs';

/** Whether bad labels are refused at once; on GPU backends, where reading would stall, a following step tells of them. */
export function readsLabelsAtOnce(): boolean {
  return ['cpu', 'wasm'].includes(tf.getBackend());
}
