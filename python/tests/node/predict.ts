import {readFile, writeFile} from 'node:fs/promises';

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

import {folder as inFolder} from 'tfjs-center-loss/node';
import {toTensor} from './jobs.js';
import type {SavedTensor} from './jobs.js';

/** What saved models predict of an input, each by the folder that it is in. */
const [jobsFile = '', resultsFile = ''] = process.argv.slice(2);
const jobs = JSON.parse(await readFile(jobsFile, 'utf8')) as {load: string; input: SavedTensor}[];
tf.enableProdMode();
await tf.setBackend('wasm');
const results: number[][] = [];
for (const {load, input} of jobs) {
  const model = await tf.loadLayersModel(inFolder(load));
  const predicted = tf.tidy(() => model.predict(toTensor(input)) as tf.Tensor);
  results.push(Array.from(await predicted.data()));
  predicted.dispose();
  model.dispose();
}
await writeFile(resultsFile, JSON.stringify(results));
