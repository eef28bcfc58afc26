import process from 'node:process';

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {falseAcceptAt, Recognizer} from 'tfjs-center-loss/recognition';

import {createDataset, shuffledBatches} from '../mnist/dataset.js';
import {evaluate} from '../mnist/evaluation.js';
import type {Predictions} from '../mnist/evaluation.js';
import {NUM_CLASSES, parseIdxImages, parseIdxLabels} from '../mnist/idx.js';
import {pageFile} from './mnist_data.js';
import {HELD_BACK_SAMPLES, TRAIN_SAMPLES} from './mnist_parts.js';
import {part} from './page/pictures.js';
import {KINDS, nonDigits} from './non_digits.js';
import {DEFAULTS} from './page/address.js';
import {FEATURE_DIMS} from './protocol.js';
import type {Pictures} from './protocol.js';
import {DECAY_SAMPLES, toImages, toTrainingSet} from './worker/session.js';
import {Side} from './worker/side.js';

/**
 * `npm run demo:web:table -- [widths]`: trains the page's two networks as the page does, and prints how much of what is no
 * digit they refuse while they accept the given share of the test digits.
 */
const ACCEPTED = 0.94;
/** Of each kind. */
const NON_DIGITS = 200;
const SEED = 1;
const DIGITS = Array.from({length: NUM_CLASSES}, (_, digit) => String(digit));

const widths = process.argv.slice(2).map(Number);
tf.enableProdMode();
await tf.setBackend('wasm');
const [train, test] = await Promise.all([readPictures('train'), readPictures('t10k')]);
const others = nonDigits(NON_DIGITS, test);
const trainSet = toTrainingSet(part(train, HELD_BACK_SAMPLES, train.images.count), TRAIN_SAMPLES);
const testSet = createDataset(test.images, test.labels);
const kinds = KINDS.map((kind) => toImages(others[kind]));

console.log(`| features | network | refuses by | accuracy | ${KINDS.join(' | ')} | mean |`);
console.log(`| --- | --- | --- | --- | ${KINDS.map(() => '---').join(' | ')} | --- |`);
for (const featureDim of widths.length > 0 ? widths : FEATURE_DIMS) {
  const settings = {...DEFAULTS, featureDim};
  for (const [name, lossWeight] of [
    ['softmax alone', 0],
    ['with center loss', DEFAULTS.lossWeight],
  ] as const) {
    const side = new Side({...settings, lossWeight}, 'distance');
    await teach(side);
    await report(featureDim, name, side);
    side.dispose();
  }
}

async function teach(side: Side): Promise<void> {
  const batches = shuffledBatches(trainSet, DEFAULTS.batchSize, SEED);
  for (let seen = 0; seen < DEFAULTS.epochs * TRAIN_SAMPLES;) {
    const {xs, ys} = batches.next().value;
    const [images, labels] = xs;
    const oneHot = tf.oneHot(ys, NUM_CLASSES);
    await side.train({images, labels, oneHot}, seen / DECAY_SAMPLES);
    seen += labels.size;
    tf.dispose([images, labels, ys, oneHot]);
  }
}

async function report(featureDim: number, name: string, side: Side): Promise<void> {
  const known = side.predict(testSet.images);
  const unknown = kinds.map((kind) => side.predict(kind));
  const {accuracy} = await evaluate(known, testSet.labels);
  const print = async (by: string, score: (predictions: Predictions) => Promise<ArrayLike<number>>) => {
    const knownScores = await score(known);
    const refused: number[] = [];
    for (const predictions of unknown) {
      refused.push(1 - falseAcceptAt(knownScores, await score(predictions), ACCEPTED));
    }
    const mean = refused.reduce((sum, value) => sum + value, 0) / refused.length;
    const cells = [accuracy, ...refused, mean].map((share) => `${(100 * share).toFixed(0)} %`);
    console.log(`| ${[featureDim, name, by, ...cells].join(' | ')} |`);
  };
  for (const score of ['distance', 'relative', 'cosine'] as const) {
    const recognizer = await Recognizer.fromCenters(side.layer.centers, DIGITS, {score});
    await print(`center, '${score}'`, async ({features}) => {
      return (await recognizer.identify(features)).map(({nearest: [best]}) => best?.score ?? NaN);
    });
  }
  await print('probability', async ({logits}) => {
    const highest = tf.tidy(() => logits.softmax().max(1));
    return highest.data().finally(() => {
      highest.dispose();
    });
  });
  tf.dispose([{...known}, ...unknown.map((predictions) => ({...predictions}))]);
}

async function readPictures(part: 'train' | 't10k'): Promise<Pictures> {
  const [images, labels] = [`${part}-images-idx3-ubyte.gz`, `${part}-labels-idx1-ubyte.gz`] as const;
  return {
    images: parseIdxImages(await pageFile(images), images),
    labels: parseIdxLabels(await pageFile(labels), labels),
  };
}
