import {HOW_TO_BUILD, loadNativeTensorFlow} from '../../scripts/native_tensorflow.cjs';
import {useBackend} from './use_backend.js';

if (loadNativeTensorFlow()) {
  useBackend('tensorflow');
} else if (process.env['CI'] === 'true') {
  throw new Error(`Native TensorFlow is missing. ${HOW_TO_BUILD}`);
} else {
  // The specs are declared for some backend, and none of them runs.
  useBackend('cpu');
  Object.assign(globalThis, {describe: describe.skip});
}
