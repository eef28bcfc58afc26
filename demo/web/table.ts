import process from 'node:process';

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {falseAcceptAt, Recognizer} from 'tfjs-center-loss/recognition';

import {createDataset, shuffledBatches} from '../mnist/dataset.js';
import {evaluate} from '../mnist/evaluation.js';
import type {Predictions} from '../mnist/evaluation.js';
import {NUM_CLASSES, parseIdxImages, parseIdxLabels} from '../mnist/idx.js';
import {summarize} from '../mnist/statistics.js';
import {pageFile} from './mnist_data.js';
import {HELD_BACK_SAMPLES, TRAIN_SAMPLES} from './mnist_parts.js';
import {part} from './page/pictures.js';
import {KINDS, nonDigits} from './non_digits.js';
import {DEFAULTS} from './page/address.js';
import {ACCEPTED_SHARE, FEATURE_DIMS, NON_DIGITS} from './protocol.js';
import type {Pictures} from './protocol.js';
import {DECAY_SAMPLES, toImages, toTrainingSet} from './worker/session.js';
import {Side} from './worker/side.js';

/**
 * `npm run demo:web:table -- [widths]`: trains the page's two networks as the page does, and prints how much of what is no
 * digit they refuse while they accept the page's share of the test digits.
 */
const SEEDS = [1, 2, 3];
const DIGITS = Array.from({length: NUM_CLASSES}, (_, digit) => String(digit));

/** Shares of the test digits and of each kind of what is no digit, by a score. */
interface Row {
  by: string;
  accuracy: number;
  refused: number[];
}

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
  for (const [name, lossWeight] of [
    ['softmax alone', 0],
    ['with center loss', DEFAULTS.lossWeight],
  ] as const) {
    const trainings: Row[][] = [];
    for (const seed of SEEDS) {
      const side = new Side({...DEFAULTS, featureDim, lossWeight}, 'distance', seed);
      await teach(side, seed);
      trainings.push(await measure(side));
      side.dispose();
    }
    print([String(featureDim), name], trainings);
  }
}

async function teach(side: Side, seed: number): Promise<void> {
  const batches = shuffledBatches(trainSet, DEFAULTS.batchSize, seed);
  for (let seen = 0; seen < DEFAULTS.epochs * TRAIN_SAMPLES;) {
    const {xs, ys} = batches.next().value;
    const [images, labels] = xs;
    const oneHot = tf.oneHot(ys, NUM_CLASSES);
    await side.train({images, labels, oneHot}, seen / DECAY_SAMPLES);
    seen += labels.size;
    tf.dispose([images, labels, ys, oneHot]);
  }
}

/** A row for each score. */
async function measure(side: Side): Promise<Row[]> {
  const known = side.predict(testSet.images);
  const unknown = kinds.map((kind) => side.predict(kind));
  const {accuracy} = await evaluate(known, testSet.labels);
  const row = async (by: string, score: (predictions: Predictions) => Promise<ArrayLike<number>>): Promise<Row> => {
    const knownScores = await score(known);
    const scores = await Promise.all(unknown.map(score));
    const refused = scores.map((ofKind) => 1 - falseAcceptAt(knownScores, ofKind, ACCEPTED_SHARE));
    return {by, accuracy, refused: [...refused, summarize(refused).mean]};
  };
  const byCenter = async (score: 'distance' | 'relative' | 'cosine') => {
    const recognizer = await Recognizer.fromCenters(side.layer.centers, DIGITS, {score});
    return row(`center, '${score}'`, async ({features}) => {
      return (await recognizer.identify(features)).map(({nearest: [best]}) => best?.score ?? NaN);
    });
  };
  const rows = [
    await byCenter('distance'),
    await byCenter('relative'),
    await byCenter('cosine'),
    await row('probability', async ({logits}) => {
      const highest = tf.tidy(() => logits.softmax().max(1));
      return highest.data().finally(() => {
        highest.dispose();
      });
    }),
  ];
  tf.dispose([{...known}, ...unknown.map((predictions) => ({...predictions}))]);
  return rows;
}

/** Mean and standard deviation of the trainings. */
function print(head: readonly string[], trainings: readonly Row[][]): void {
  const [first = []] = trainings;
  first.forEach(({by}, nth) => {
    const shares = trainings.map((rows) => [rows[nth]?.accuracy ?? NaN, ...(rows[nth]?.refused ?? [])]);
    const cells = shares[0]?.map((_, column) => {
      const {mean, spread} = summarize(shares.map((row) => 100 * (row[column] ?? NaN)));
      return `${mean.toFixed(1)} ± ${spread.toFixed(1)} %`;
    });
    console.log(`| ${[...head, by, ...(cells ?? [])].join(' | ')} |`);
  });
}

async function readPictures(part: 'train' | 't10k'): Promise<Pictures> {
  const [images, labels] = [`${part}-images-idx3-ubyte.gz`, `${part}-labels-idx1-ubyte.gz`] as const;
  return {
    images: parseIdxImages(await pageFile(images), images),
    labels: parseIdxLabels(await pageFile(labels), labels),
  };
}
