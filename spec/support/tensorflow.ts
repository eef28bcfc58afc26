import * as tf from '@tensorflow/tfjs';
import {HOW_TO_BUILD, loadNativeTensorFlow} from '../../scripts/native_tensorflow.cjs';

if (loadNativeTensorFlow()) {
  beforeAll(async () => {
    tf.enableProdMode();
    await tf.setBackend('tensorflow');
  });
} else if (process.env['CI'] === 'true') {
  throw new Error(`Native TensorFlow is missing. ${HOW_TO_BUILD}`);
} else {
  Object.assign(globalThis, {describe: describe.skip});
}
