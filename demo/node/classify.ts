import path from 'node:path';

import * as tf from '@tensorflow/tfjs';
import Table from 'cli-table3';
import {Command} from 'commander';

import {createDataset} from '../mnist/dataset.js';
import type {Dataset} from '../mnist/dataset.js';
import {nearestCenters, predict} from '../mnist/evaluation.js';
import type {Predictions} from '../mnist/evaluation.js';
import {NETWORKS} from '../mnist/experiment.js';
import {averagePool, POOLED_SIZE} from '../mnist/pool.js';
import {centerLossLayer} from '../mnist/training.js';
import {useBackend} from './backend.js';
import {runCli} from './cli.js';
import {drawDigit} from './digits.js';
import {fileSystem} from './file_system_io.js';
import {readMnist} from './mnist_files.js';
import {readResults} from './results.js';
import type {Recorded} from './results.js';

const PICTURES = 10;
const PICTURES_PER_ROW = 5;

/** Reloads what `npm run demo` has saved, compares it with what was recorded then, and classifies. */
await runCli(async (argv) => {
  const command = new Command('classify')
    .description('Reloads and checks the models of npm run demo, and classifies a few test pictures.')
    .argument('[folder]', 'where npm run demo has written', 'output')
    .exitOverride()
    .parse(argv, {from: 'user'});
  const [folder = ''] = command.processedArgs as string[];

  const {options, recorded} = await readResults(folder);
  await useBackend(options.backend);
  const trainingModel = await tf.loadLayersModel(fileSystem(path.join(folder, 'model')));
  const classifier = await tf.loadLayersModel(fileSystem(path.join(folder, 'classifier')));
  const {images, labels} = await readMnist('t10k');
  const testData = createDataset(images, labels, images.count, NETWORKS[options.network].pictureSize);

  const {centers} = centerLossLayer(trainingModel);
  const predictions = predict(classifier, testData.images);
  check('centers', centers.arraySync(), recorded.centers);
  checkPredictions('classifier', predictions.logits, recorded);
  checkPredictions('training model', predictWithLabels(trainingModel, testData), recorded);
  console.log('\nReloaded both models in a second process: predictions and centers are the same.');
  const drawn = averagePool(images, PICTURES, POOLED_SIZE).arraySync();
  console.log(await pictures(drawn, testData.labels, predictions, centers));
});

function predictWithLabels(trainingModel: tf.LayersModel, {images, labels}: Dataset): tf.Tensor2D {
  return trainingModel.predict([images, labels.expandDims(1)], {batchSize: 1000}) as tf.Tensor2D;
}

function checkPredictions(name: string, logits: tf.Tensor2D, recorded: Recorded): void {
  check(`predicted classes of the ${name}`, logits.argMax<tf.Tensor1D>(1).arraySync(), recorded.classIds);
  check(`predicted logits of the ${name}`, logits.slice(0, recorded.logits.length).arraySync(), recorded.logits);
}

/** To the bit: the same weights, on the same backend of the same machine. */
function check(what: string, received: unknown, expected: unknown): void {
  if (JSON.stringify(received) !== JSON.stringify(expected)) {
    throw new Error(`The ${what} have changed since the model was saved.`);
  }
}

async function pictures(
  pixels: number[][],
  labels: tf.Tensor1D,
  predictions: Predictions,
  centers: tf.Tensor2D,
): Promise<string> {
  const digits = labels.arraySync();
  const predicted = predictions.classIds.arraySync();
  const nearest = await nearestCenters(predictions.features.slice(0, PICTURES), centers);
  const cells = pixels.map((picture, index) =>
    [
      drawDigit(picture),
      `label     ${digits[index]}`,
      `predicted ${predicted[index]}`,
      `center    ${nearest[index]?.classId}`,
      `distance  ${nearest[index]?.distance.toFixed(2)}`,
    ].join('\n'),
  );
  const table = new Table({style: {border: []}});
  for (let begin = 0; begin < cells.length; begin += PICTURES_PER_ROW) {
    table.push(cells.slice(begin, begin + PICTURES_PER_ROW));
  }
  return table.toString();
}
