import * as tf from '@tensorflow/tfjs';
import * as library from 'tfjs-center-loss';
import trainAndReload from './train_and_reload.cjs';

await trainAndReload(tf, library);
