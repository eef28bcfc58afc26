import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

/** The wasm backend of an engine without SIMD: TensorFlow.js takes its slower binary, and the package its loops. */
beforeAll(async () => {
  tf.enableProdMode();
  tf.env().set('WASM_HAS_SIMD_SUPPORT', false);
  await tf.setBackend('wasm');
});
