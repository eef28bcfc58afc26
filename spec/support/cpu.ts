import * as tf from '@tensorflow/tfjs';

beforeAll(async () => {
  // Keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  await tf.setBackend('cpu');
});
