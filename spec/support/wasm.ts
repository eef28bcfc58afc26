import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

beforeAll(async () => {
  // Keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  await tf.setBackend('wasm');
});
