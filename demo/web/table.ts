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
import {FIRST_SAMPLES, HELD_BACK_SAMPLES, TEST_SAMPLES, TRAIN_SAMPLES} from './mnist_parts.js';
import {part} from './page/pictures.js';
import {KINDS, nonDigits} from './non_digits.js';
import {DEFAULTS} from './page/address.js';
import {ACCEPTED_SHARE, FURTHER_DRAWINGS, NON_DIGITS, TAUGHT_DRAWINGS} from './protocol.js';
import type {Pictures} from './protocol.js';
import {tremblingSigns} from './trembling_signs.js';
import {Judge} from './worker/judge.js';
import {DECAY_SAMPLES, toImages, toTrainingSet} from './worker/session.js';
import {Side} from './worker/side.js';

/**
 * `npm run demo:web:table -- [trainings]`: trains the page's two networks as the page does, each time from another seed, and
 * prints, for each score, how much of what is no digit they refuse while they accept the page's share of the known digits,
 * and how many drawings of signs they name. Then it prints in how many trainings center loss did better, each network by its
 * best score.
 */
const trainings = Number(process.argv[2] ?? 20);
const DIGITS = Array.from({length: NUM_CLASSES}, (_, digit) => String(digit));
const SCORES = ['distance', 'relative', 'cosine'] as const;
const TITLES = ['softmax alone', 'with center loss'] as const;

/** Shares, by a score: of the three kinds of what is no digit and in the mean of them; of the signs, where it can name any. */
interface Row {
  by: string;
  refused: number[];
  named?: number;
}

/** Of one network after its training. */
interface Outcome {
  accuracy: number;
  ratio: number;
  rows: Row[];
}

tf.enableProdMode();
await tf.setBackend('wasm');
const [train, test] = await Promise.all([readPictures('train'), readPictures('t10k')]);
const others = nonDigits(NON_DIGITS, test);
const trainPictures = part(train, HELD_BACK_SAMPLES, train.images.count);
const [first, whole] = [FIRST_SAMPLES, TRAIN_SAMPLES].map((most) => toTrainingSet(trainPictures, most));
const heldBack = createDataset(train.images, train.labels, HELD_BACK_SAMPLES);
const testSet = createDataset(test.images, test.labels, TEST_SAMPLES);
const kinds = KINDS.map((kind) => toImages(others[kind]));
const drawings = toImages(tremblingSigns(TAUGHT_DRAWINGS + FURTHER_DRAWINGS).flat());

const outcomes: Outcome[][] = [[], []];
for (let seed = 1; seed <= trainings; seed++) {
  for (const [i, lossWeight] of [0, DEFAULTS.lossWeight].entries()) {
    const side = new Side({...DEFAULTS, lossWeight}, 'relative', seed);
    await teach(side, seed);
    outcomes[i]?.push(await measure(side));
    side.dispose();
  }
  console.error(`${seed} of ${trainings}`);
}
print();

async function teach(side: Side, seed: number): Promise<void> {
  let source: typeof first;
  let batches: ReturnType<typeof shuffledBatches> | undefined;
  for (let seen = 0; seen < DEFAULTS.epochs * TRAIN_SAMPLES;) {
    const present = seen < FIRST_SAMPLES ? first : whole;
    if (!present) {
      throw new Error('Expected pictures to train on.');
    }
    if (present !== source || !batches) {
      source = present;
      (batches as Generator | undefined)?.return(undefined);
      batches = shuffledBatches(present, DEFAULTS.batchSize, seed + seen);
    }
    const {xs, ys} = batches.next().value;
    const [images, labels] = xs;
    const oneHot = tf.oneHot(ys, NUM_CLASSES);
    await side.train({images, labels, oneHot}, seen / DECAY_SAMPLES);
    seen += labels.size;
    tf.dispose([images, labels, ys, oneHot]);
  }
  (batches as Generator | undefined)?.return(undefined);
}

async function measure(side: Side): Promise<Outcome> {
  const known = side.predict(heldBack.images);
  const tested = side.predict(testSet.images);
  const unknown = kinds.map((kind) => side.predict(kind));
  const drawn = side.predict(drawings);
  const refused = async (score: (predictions: Predictions) => Promise<ArrayLike<number>>) => {
    const knownScores = await score(known);
    const scores = await Promise.all(unknown.map(score));
    const shares = scores.map((ofKind) => 1 - falseAcceptAt(knownScores, ofKind, ACCEPTED_SHARE));
    return [...shares, summarize(shares).mean];
  };
  const {accuracy, ratio} = await evaluate(tested, testSet.labels);
  const rows: Row[] = [];
  for (const score of SCORES) {
    const recognizer = await Recognizer.fromCenters(side.layer.centers, DIGITS, {score});
    const judge = await Judge.create({
      width: DEFAULTS.featureDim,
      centers: await side.layer.centers.data<'float32'>(),
      signs: [],
      heldBack: {values: await known.features.data<'float32'>(), rows: heldBack.size},
      heldBackLabels: [...(await heldBack.labels.data())],
      judgedBy: score,
    });
    rows.push({
      by: `center, '${score}'`,
      refused: await refused(async ({features}) =>
        (await recognizer.identify(features)).map(({nearest: [best]}) => best?.score ?? NaN),
      ),
      named: await judge.named({values: await drawn.features.data<'float32'>(), rows: drawings.shape[0]}),
    });
  }
  for (const [by, highest] of Object.entries({
    probability: ({logits}: Predictions) => logits.softmax().max(1),
    logit: ({logits}: Predictions) => logits.max(1),
  })) {
    rows.push({by, refused: await refused((predictions) => valuesOf(() => highest(predictions)))});
  }
  tf.dispose([{...known}, {...tested}, {...drawn}, ...unknown.map((predictions) => ({...predictions}))]);
  return {accuracy, ratio, rows};
}

async function valuesOf(compute: () => tf.Tensor): Promise<ArrayLike<number>> {
  const tensor = tf.tidy(compute);
  return tensor.data().finally(() => {
    tensor.dispose();
  });
}

/** A table of means and standard deviations, and what center loss is better at, how often. */
function print(): void {
  console.log(`| network | accuracy | spread | by | ${KINDS.join(' | ')} | mean | signs |`);
  console.log(`| --- | --- | --- | --- | ${KINDS.map(() => '---').join(' | ')} | --- | --- |`);
  outcomes.forEach((ofSide, i) => {
    const accuracy = said(
      ofSide.map((outcome) => 100 * outcome.accuracy),
      ' %',
    );
    const ratio = said(
      ofSide.map((outcome) => outcome.ratio),
      '',
      3,
    );
    ofSide[0]?.rows.forEach(({by, named}, nth) => {
      const shares = [...KINDS, 'mean'].map((_, column) =>
        said(
          ofSide.map(({rows}) => 100 * (rows[nth]?.refused[column] ?? NaN)),
          ' %',
        ),
      );
      const signs =
        named === undefined
          ? ''
          : said(
              ofSide.map(({rows}) => 100 * (rows[nth]?.named ?? NaN)),
              ' %',
            );
      console.log(`| ${[TITLES[i], accuracy, ratio, by, ...shares, signs].join(' | ')} |`);
    });
  });
  console.log();
  compare('refused', ({rows}) => Math.max(...rows.map(({refused}) => 100 * (refused.at(-1) ?? NaN))));
  compare('named', ({rows}) => Math.max(...rows.flatMap(({named}) => (named === undefined ? [] : [100 * named]))));
  compare('spread, below zero', ({ratio}) => -ratio);
}

/** How center loss compares, each network by the greatest that `valueOf` gives. */
function compare(what: string, valueOf: (outcome: Outcome) => number): void {
  const [softmax = [], centerLoss = []] = outcomes.map((ofSide) => ofSide.map(valueOf));
  const gains = centerLoss.map((value, i) => value - (softmax[i] ?? NaN));
  const {mean} = summarize(gains);
  const better = gains.filter((gain) => gain > 0).length;
  const [least, greatest] = [Math.min(...gains), Math.max(...gains)];
  console.log(
    `${what}: center loss better in ${better} of ${gains.length}, ` +
      `by ${mean.toFixed(2)} in the mean, ${least.toFixed(2)} to ${greatest.toFixed(2)}`,
  );
}

function said(values: readonly number[], unit: string, digits = 1): string {
  const {mean, spread} = summarize(values);
  return `${mean.toFixed(digits)} ± ${spread.toFixed(digits)}${unit}`;
}

async function readPictures(part: 'train' | 't10k'): Promise<Pictures> {
  const [images, labels] = [`${part}-images-idx3-ubyte.gz`, `${part}-labels-idx1-ubyte.gz`] as const;
  return {
    images: parseIdxImages(await pageFile(images), images),
    labels: parseIdxLabels(await pageFile(labels), labels),
  };
}
