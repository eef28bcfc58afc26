const tf = require('@tensorflow/tfjs');
const library = require('tfjs-center-loss');
const trainAndReload = require('./train_and_reload.cjs');

trainAndReload(tf, library);
