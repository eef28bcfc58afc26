import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {useBackend} from './use_backend.js';

/** The wasm backend of an engine without SIMD: TensorFlow.js takes its slower binary, and the package its loops. */
tf.env().set('WASM_HAS_SIMD_SUPPORT', false);
useBackend('wasm');
