import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from 'tfjs-center-loss';

import {folder as filesIn, writeWholeFile} from 'tfjs-center-loss/node';

import {train} from '../altered_training.js';
import {atUnitLength, embed, LOOKS} from './embedding.js';
import type {Looks, Rows} from './embedding.js';
import {histogramOf} from '../histogram.js';
import type {Histogram} from '../histogram.js';
import {createNetwork, FEATURE_LAYER} from './network.js';
import type {OneShotRun} from './omniglot.js';
import {SIZE} from './pictures.js';
import type {Characters} from './pictures.js';
import {SETTINGS} from './protocol.js';
import type {Trial} from './protocol.js';
import {measureQuality, oneShotErrors, pairsWithinAlphabets} from './quality.js';
import type {Quality} from './quality.js';
import {measureTemplates} from './templates.js';
import type {TemplateErrors} from './templates.js';

/** How two pictures are compared. */
export const SCORES = ['distance', 'cosine'] as const;
export type Score = (typeof SCORES)[number];

export interface Measured extends Quality {
  looks: Looks;
  score: Score;
  /** The share of Lake's 400 test pictures that is named wrongly. */
  oneShotErrors: number;
}

export interface TrialResults extends Trial {
  measured: Measured[];
  /** By the distance, with one look. */
  templates: TemplateErrors[];
  /** Genuine and impostor pairs by their distance, one look. */
  histogram: Histogram;
  /** Of the training. */
  cpuSeconds: number;
}

const DRAWS = 4;
const RESULTS_FILE = 'results.json';

/** The two small sets, and the runs. */
export interface Omniglot {
  sets: Readonly<Record<Trial['set'], Characters>>;
  runs: readonly OneShotRun[];
}

/** What an earlier run has measured of a training. */
export async function savedResults(trial: Trial, folder: string): Promise<TrialResults | undefined> {
  const text = await readFile(join(folderOf(trial, folder), RESULTS_FILE), 'utf8').catch(() => undefined);
  const results = text === undefined ? undefined : (JSON.parse(text) as TrialResults);
  return results?.epochs === trial.epochs ? results : undefined;
}

function folderOf({set, seed, lossWeight}: Trial, folder: string): string {
  return join(folder, `omniglot_small${set}_weight${lossWeight}_seed${seed}`);
}

/**
 * A training, and what it is worth. Network and results are saved in a folder of the training. A network that is there already is
 * only measured.
 *
 * @param onShare How much of the training is done.
 * @param filters Of each convolution.
 */
export async function runTrial(
  trial: Trial,
  omniglot: Omniglot,
  folder: string,
  onShare: (share: number) => void,
  filters: number = SETTINGS.filters,
): Promise<TrialResults> {
  const {set} = trial;
  const own = folderOf(trial, folder);
  const io = filesIn(own);
  const classifier =
    (await loadTrained(io, trial)) ?? (await trainNetwork(trial, omniglot.sets[set], filters, onShare));
  await classifier.save(io);
  const {cpuSeconds} = classifier.getUserDefinedMetadata() as TrainedBy;
  const measured = await measure(classifier, omniglot.sets[set === 1 ? 2 : 1], omniglot.runs);
  classifier.dispose();
  const results = {...trial, ...measured, cpuSeconds};
  await writeWholeFile(join(own, RESULTS_FILE), JSON.stringify(results));
  return results;
}

/** What is saved with a network. */
interface TrainedBy {
  trial: Trial;
  cpuSeconds: number;
}

async function loadTrained(io: tf.io.IOHandler, trial: Trial): Promise<tf.LayersModel | undefined> {
  const model = await tf.loadLayersModel(io).catch(() => undefined);
  const by = model?.getUserDefinedMetadata() as TrainedBy | undefined;
  return JSON.stringify(by?.trial) === JSON.stringify(trial) ? model : undefined;
}

async function trainNetwork(
  trial: Trial,
  characters: Characters,
  filters: number,
  onShare: (share: number) => void,
): Promise<tf.LayersModel> {
  const before = process.cpuUsage();
  const numCharacters = new Set(characters.labels).size;
  const numClasses = SETTINGS.copies * numCharacters;
  const classifier = createNetwork(numClasses, filters, SETTINGS.featureDim, trial.seed);
  const model = attachCenterLoss(classifier, {
    featureLayer: FEATURE_LAYER,
    numClasses,
    lossWeight: trial.lossWeight,
    reduction: 'mean',
  });
  await train(
    model,
    {side: SIZE, pixels: characters.pixels, labels: characters.labels, numClasses: numCharacters},
    {
      copies: SETTINGS.copies,
      epochs: trial.epochs,
      batchSize: SETTINGS.batchSize,
      seed: trial.seed,
      onShare,
    },
  );
  model.dispose();
  const {user, system} = process.cpuUsage(before);
  classifier.setUserDefinedMetadata({trial, cpuSeconds: (user + system) / 1e6});
  return classifier;
}

/** On characters of which the network has seen none. */
async function measure(classifier: tf.LayersModel, others: Characters, runs: readonly OneShotRun[]) {
  const measured: Measured[] = [];
  for (const looks of Object.keys(LOOKS) as Looks[]) {
    const features = embed(classifier, others.pixels, LOOKS[looks]);
    const ofRuns = runs.map(({test, known, right}) => ({
      test: embed(classifier, test, LOOKS[looks]),
      known: embed(classifier, known, LOOKS[looks]),
      right,
    }));
    for (const score of SCORES) {
      const compared = (rows: Rows) => (score === 'cosine' ? atUnitLength(rows) : rows);
      const rows = compared(features);
      measured.push({
        looks,
        score,
        oneShotErrors: oneShotErrors(
          ofRuns.map(({test, known, right}) => ({test: compared(test), known: compared(known), right})),
        ),
        ...(await measureQuality(rows, others, pairsWithinAlphabets(rows, others))),
      });
    }
  }
  const features = embed(classifier, others.pixels, LOOKS['one look']);
  const {genuine, impostor} = pairsWithinAlphabets(features, others);
  const toDistances = (scores: readonly number[]) => scores.map((score) => 0 - Math.sqrt(0 - score));
  return {
    measured,
    templates: measureTemplates(features, others, DRAWS),
    histogram: histogramOf(toDistances(genuine), toDistances(impostor)),
  };
}
