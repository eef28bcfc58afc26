import {writeFile} from 'node:fs/promises';

import * as tf from '@tensorflow/tfjs';
// Registers the layer.
import 'tfjs-center-loss';

import {folder as inFolder} from 'tfjs-center-loss/node';
import {readJobs, toTensor} from './jobs.js';
import type {Job, JobResult} from './jobs.js';

/** Loads each model of a list of jobs, predicts, trains it for some steps on one batch, and saves it. */
async function run({load, save, inputs, targets, optimizer, learningRate, steps}: Job): Promise<JobResult> {
  const model = await tf.loadLayersModel(inFolder(load));
  const xs = inputs.map(toTensor);
  const ys = targets.map(toTensor);
  const predicted = [model.predict(xs)].flat();
  model.compile({
    optimizer: optimizer === 'sgd' ? tf.train.sgd(learningRate) : model.optimizer,
    loss: 'meanSquaredError',
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push([await model.trainOnBatch(xs, ys)].flat()[0] ?? NaN);
  }
  await model.save(inFolder(save), {includeOptimizer: optimizer === 'saved adam'});
  return {predictions: predicted.map((tensor) => Array.from(tensor.dataSync())), losses};
}

tf.enableProdMode();
await tf.setBackend('cpu');
const [jobsFile = '', resultsFile = ''] = process.argv.slice(2);
const results: (JobResult | {error: string})[] = [];
for (const job of await readJobs(jobsFile)) {
  try {
    results.push(await run(job));
  } catch (error) {
    results.push({error: String(error)});
  }
}
await writeFile(resultsFile, JSON.stringify(results));
