import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer, detachCenterLoss} from 'tfjs-center-loss';
import {auroc, equalErrorRate, falseAcceptAt, oscr, Recognizer, rocCurve} from 'tfjs-center-loss/recognition';

import {measure, timingOf} from './measure.js';
import type {Subject, Timing} from './measure.js';
import {uniform, WIDTH} from './search.js';

/** Milliseconds of something by how much it is given. */
export interface GrowthPoint {
  what: string;
  /** What it is given: layers, scores, samples. */
  unit: string;
  size: number;
  timing: Timing;
}

/** What TensorFlow.js alone takes for a model of the same layers: its own part of attaching and detaching. */
export const MODEL = 'tf.model of the same layers';

const BUDGET = {total: 1500, minRounds: 3, maxRounds: 30};
const IDENTIFIED_AMONG = 1000;

interface Growing {
  unit: string;
  sizes: readonly number[];
  subjects: (size: number) => Map<string, Subject> | Promise<Map<string, Subject>>;
}

const ALL: readonly Growing[] = [
  {unit: 'layers', sizes: [10, 100, 1000], subjects: ofModels},
  {unit: 'scores', sizes: [10_000, 100_000, 1_000_000], subjects: ofScores},
  {unit: 'samples', sizes: [1000, 10_000, 100_000], subjects: ofSamples},
];

/** Measures what a recognizer, the measures and models take by the number of samples, scores and layers: three sizes each. */
export async function measureGrowth(signal?: AbortSignal): Promise<GrowthPoint[]> {
  await tf.setBackend('cpu');
  const points: GrowthPoint[] = [];
  for (const {unit, sizes, subjects} of ALL) {
    for (const size of sizes) {
      signal?.throwIfAborted();
      const samples = await measure(await subjects(size), BUDGET);
      points.push(...[...samples].map(([what, times]) => ({what, unit, size, timing: timingOf(times)})));
    }
  }
  return points;
}

function ofModels(depth: number): Map<string, Subject> {
  const numClasses = 2;
  const featureLayer = `layer_${depth / 2}`;
  const classifier = chain(depth, tf.input({shape: [2]}));
  const attached = attachCenterLoss(classifier, {featureLayer, numClasses});
  const [features, label] = [tf.input({shape: [2]}), tf.input({shape: [1]})];
  const layer = new CenterLossLayer({numClasses});
  const byHand = chain(depth, layer.apply([features, label]) as tf.SymbolicTensor, [features, label]);
  return new Map<string, Subject>([
    [MODEL, {run: () => void tf.model({inputs: classifier.inputs, outputs: classifier.outputs})}],
    ['attachCenterLoss', {run: () => void attachCenterLoss(classifier, {featureLayer, numClasses}).dispose()}],
    ['detachCenterLoss', {run: () => void detachCenterLoss(attached).dispose()}],
    ['detachCenterLoss, the layer before all others', {run: () => void detachCenterLoss(byHand).dispose()}],
  ]);
}

/** So many layers, one after the other. */
function chain(depth: number, first: tf.SymbolicTensor, inputs = [first]): tf.LayersModel {
  let outputs = first;
  for (let i = 1; i <= depth; i++) {
    const layer = tf.layers.dense({units: 2, kernelInitializer: 'zeros', name: `layer_${i}`});
    outputs = layer.apply(outputs) as tf.SymbolicTensor;
  }
  return tf.model({inputs, outputs});
}

async function ofScores(count: number): Promise<Map<string, Subject>> {
  const [known, unknown] = [uniform(count, 1), uniform(count, 2)];
  const correct = Array.from(known, (score) => score > 0.1);
  const names = Array.from({length: 10}, (_, i) => String(i));
  const recognizer = await Recognizer.fromCenters(uniform(4 * names.length, 3), names);
  const samples = uniform(4 * count, 4);
  const labels = Array.from({length: count}, (_, i) => String(i % names.length));
  return new Map<string, Subject>([
    ['auroc', {run: () => void auroc(known, unknown)}],
    ['equalErrorRate', {run: () => void equalErrorRate(known, unknown)}],
    ['falseAcceptAt', {run: () => void falseAcceptAt(known, unknown)}],
    ['oscr', {run: () => void oscr(known, correct, unknown)}],
    ['rocCurve', {run: () => void rocCurve(known, unknown)}],
    ['calibrate', {run: () => recognizer.calibrate(samples, labels).then(() => undefined)}],
  ]);
}

async function ofSamples(count: number): Promise<Map<string, Subject>> {
  const labels = Array.from({length: IDENTIFIED_AMONG}, (_, i) => String(i));
  const recognizer = await Recognizer.fromCenters(uniform(WIDTH * labels.length, 1), labels);
  const samples = uniform(WIDTH * count, 2);
  const what = `identify, ${IDENTIFIED_AMONG.toLocaleString('en')} classes`;
  return new Map([[what, {run: () => recognizer.identify(samples).then(() => undefined)}]]);
}
