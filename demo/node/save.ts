import {rm} from 'node:fs/promises';
import path from 'node:path';

import {detachCenterLoss} from 'tfjs-center-loss';
import {Recognizer} from 'tfjs-center-loss/recognition';

import type {Experiment} from '../mnist/experiment.js';
import {drawFigure, svgToPng} from './figure.js';
import type {FigurePanel} from './figure.js';
import {folder as inFolder} from 'tfjs-center-loss/node';
import {resultsFile, writeResults} from './results.js';
import type {ResultOptions, RunResults} from './results.js';
import {writeWholeFile} from 'tfjs-center-loss/node';

/** The share of digits that the recognizer accepts. */
const ACCEPT = 0.95;
/** Every n-th test picture is drawn: the first half of the test set is the easier one. */
const DRAW_EVERY = 5;
const RECORDED_LOGITS = 100;

export type Run = RunResults & Experiment;

/**
 * Saves the models of `trained`, draws `runs` and writes the results. `results.json` goes first and comes last: where
 * there is one, all other files belong to it.
 */
export async function save(
  folder: string,
  options: ResultOptions,
  runs: readonly Run[],
  trained: Run,
  testLabels: readonly number[],
): Promise<void> {
  const svgFile = path.join(folder, 'features.svg');
  const pngFile = path.join(folder, 'features.png');
  for (const file of [resultsFile(folder), recognizerFile(folder), svgFile, pngFile]) {
    await rm(file, {force: true});
  }

  const modelFolder = path.join(folder, 'model');
  const classifierFolder = path.join(folder, 'classifier');
  await trained.trainingModel.save(inFolder(modelFolder));
  await detachCenterLoss(trained.trainingModel).save(inFolder(classifierFolder));
  console.log(`\nSaved the model for more training in ${modelFolder}, the classifier alone in ${classifierFolder}.`);

  const recognizer = await calibratedRecognizer(trained, testLabels);
  await writeWholeFile(recognizerFile(folder), JSON.stringify(recognizer.toJSON()));
  console.log(`Saved the recognizer, which accepts ${100 * ACCEPT} % of the digits, in ${recognizerFile(folder)}.`);

  if (options.featureDim === 2) {
    const panels = runs.map((run) => toPanel(run, testLabels));
    const svg = await drawFigure('Test pictures of MNIST in a 2-D embedding', panels);
    await writeWholeFile(svgFile, svg);
    await writeWholeFile(pngFile, svgToPng(svg));
    console.log(`Drew the features of the test pictures: ${svgFile}, ${pngFile}.`);
  } else {
    console.log(`Drew no figure: it needs --feature-dim 2, got ${options.featureDim}.`);
  }

  const {centers, predictions} = trained;
  await writeResults(folder, {
    options,
    runs: runs.map(({name, lossWeight, history, evaluation}) => ({name, lossWeight, history, evaluation})),
    recorded: {
      centers,
      classIds: predictions.classIds.arraySync(),
      logits: predictions.logits.slice(0, RECORDED_LOGITS).arraySync(),
    },
  });
}

export function recognizerFile(folder: string): string {
  return path.join(folder, 'recognizer.json');
}

/** Knows the digits by the learned centers. Calibrated on the second half of the test pictures. */
async function calibratedRecognizer({centers, predictions}: Run, testLabels: readonly number[]): Promise<Recognizer> {
  const recognizer = await Recognizer.fromCenters(
    centers,
    centers.map((_, digit) => String(digit)),
  );
  const half = Math.floor(testLabels.length / 2);
  const features = predictions.features.slice(half);
  await recognizer.calibrate(features, testLabels.slice(half).map(String), {accept: ACCEPT});
  features.dispose();
  return recognizer;
}

function toPanel({name, lossWeight, centers, predictions, evaluation}: Run, labels: readonly number[]): FigurePanel {
  const drawn = <T>(values: readonly T[]) => values.filter((_, index) => index % DRAW_EVERY === 0);
  const {accuracy, ratio, classMeans} = evaluation;
  return {
    title: name,
    subtitle: [
      `test accuracy ${(100 * accuracy).toFixed(1)} %, intra / inter distance ${ratio.toFixed(3)}`,
      lossWeight > 0 ? 'circles: the learned centers' : 'circles: the class means',
    ],
    features: drawn(predictions.features.arraySync()),
    labels: drawn(labels),
    centers: lossWeight > 0 ? centers : classMeans,
  };
}
