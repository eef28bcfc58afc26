import '@tensorflow/tfjs-backend-wasm';
import {useBackend} from './use_backend.js';

useBackend('wasm');
