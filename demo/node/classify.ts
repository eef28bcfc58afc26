import {readFile} from 'node:fs/promises';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';
import Table from 'cli-table3';
import {Command} from 'commander';
import {Recognizer} from 'tfjs-center-loss/recognition';
import type {RecognizerData} from 'tfjs-center-loss/recognition';

import {createDataset} from '../mnist/dataset.js';
import type {Dataset} from '../mnist/dataset.js';
import {predict} from '../mnist/evaluation.js';
import type {Predictions} from '../mnist/evaluation.js';
import {NETWORKS} from '../mnist/experiment.js';
import {averagePool, POOLED_SIZE} from '../mnist/pool.js';
import {centerLossLayer} from '../mnist/training.js';
import {useBackend} from './backend.js';
import {runCli} from './cli.js';
import {drawDigit} from './digits.js';
import {folder as inFolder} from 'tfjs-center-loss/node';
import {readMnist} from './mnist_files.js';
import {readResults} from './results.js';
import type {Recorded} from './results.js';
import {recognizerFile} from './save.js';

const PICTURES = 10;
const PICTURES_PER_ROW = 5;

/** Reloads what `npm run demo` has saved, compares it with what was recorded then, and recognizes digits and what is none. */
await runCli(async (argv) => {
  const command = new Command('classify')
    .description('Reloads and checks the models of npm run demo, and classifies a few test pictures.')
    .argument('[folder]', 'where npm run demo has written', 'output')
    .exitOverride()
    .parse(argv, {from: 'user'});
  const [folder = ''] = command.processedArgs as string[];

  const {options, recorded} = await readResults(folder);
  await useBackend(options.backend);
  const trainingModel = await tf.loadLayersModel(inFolder(path.join(folder, 'model')));
  const classifier = await tf.loadLayersModel(inFolder(path.join(folder, 'classifier')));
  const {images, labels} = await readMnist('t10k');
  const testData = createDataset(images, labels, images.count, NETWORKS[options.network].pictureSize);

  const {centers} = centerLossLayer(trainingModel);
  const predictions = predict(classifier, testData.images);
  check('centers', centers.arraySync(), recorded.centers);
  checkPredictions('classifier', predictions.logits, recorded);
  checkPredictions('training model', predictWithLabels(trainingModel, testData), recorded);
  console.log('\nReloaded both models in a second process: predictions and centers are the same.');
  const drawn = averagePool(images, PICTURES, POOLED_SIZE).arraySync();
  const recognizer = Recognizer.fromJSON(JSON.parse(await readFile(recognizerFile(folder), 'utf8')) as RecognizerData);
  console.log(await recognized(recognizer, drawn, testData.labels.arraySync().map(String), predictions));
  const {pictureSize} = NETWORKS[options.network];
  const noDigit = predict(classifier, tf.tensor2d([stripes(pictureSize)]));
  console.log('\nNo digit, though the classifier has to name one:');
  console.log(await recognized(recognizer, [stripes(POOLED_SIZE)], ['none'], noDigit));
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

/** A picture of horizontal stripes. */
function stripes(size: number): number[] {
  const width = (2 * size) / POOLED_SIZE;
  return Array.from({length: size * size}, (_, pixel) => 1 - (Math.floor(pixel / size / width) % 2));
}

/** Draws pictures with what the recognizer says of them. */
async function recognized(
  recognizer: Recognizer,
  pixels: number[][],
  labels: string[],
  {features, classIds}: Predictions,
): Promise<string> {
  const predicted = classIds.arraySync();
  const identified = await recognizer.identify(features.slice(0, pixels.length));
  const cells = pixels.map((picture, index) =>
    [
      drawDigit(picture),
      `label      ${labels[index]}`,
      `predicted  ${predicted[index]}`,
      `recognized ${identified[index]?.label ?? 'none'}`,
      `distance   ${(-(identified[index]?.nearest[0]?.score ?? NaN)).toFixed(2)}`,
    ].join('\n'),
  );
  const table = new Table({style: {border: []}});
  for (let begin = 0; begin < cells.length; begin += PICTURES_PER_ROW) {
    table.push(cells.slice(begin, begin + PICTURES_PER_ROW));
  }
  return table.toString();
}
