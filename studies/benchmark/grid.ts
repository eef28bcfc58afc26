import * as tf from '@tensorflow/tfjs';

import {HOST_BACKENDS} from '../../lib/kernels/host_backends.js';
import {makeBatch} from './batch.js';
import type {Contender, Size} from './contender.js';
import {createFloor} from './floor.js';
import {measure, timingOf} from './measure.js';
import type {Subject, Timing} from './measure.js';

export interface Grid {
  classes: number[];
  dims: number[];
  batches: number[];
}

/** What was measured at one size. */
export interface Point extends Size {
  /** Milliseconds of a step. */
  timings: Record<string, Timing>;
  /** Why a contender was not measured. */
  skipped: Record<string, string>;
}

export const FLOOR = 'floor';

const BUDGET = {total: 600, minRounds: 3, maxRounds: 40};
/** Milliseconds: the slowest step with which a contender goes on to more classes; on a GPU, which may be in software. */
const SLOWEST_STEP = 20;
const SLOWEST_GPU_STEP = 100;
/** What all contenders of a point may keep in memory: WebAssembly's reaches to 4 GiB, with holes. */
const MAX_BYTES = 1.6e9;
const BYTES_PER_NUMBER = 4;

/** Measures the contenders side by side at each size, the classes growing fastest. */
export async function measureGrid(
  contenders: readonly Contender[],
  {classes, dims, batches}: Grid,
  signal?: AbortSignal,
): Promise<Point[]> {
  const points: Point[] = [];
  for (const featureDim of dims) {
    for (const batchSize of batches) {
      let smaller: Point | undefined;
      for (const numClasses of classes) {
        signal?.throwIfAborted();
        const point = await measurePoint(contenders, {numClasses, featureDim, batchSize}, smaller);
        points.push(point);
        smaller = point;
      }
    }
  }
  return points;
}

async function measurePoint(contenders: readonly Contender[], size: Size, smaller: Point | undefined): Promise<Point> {
  const skipped: Record<string, string> = {};
  const {features, labels} = makeBatch(size, 1);
  const subjects = new Map<string, Subject>();
  const trainings = [];
  let bytes = 0;
  for (const contender of contenders) {
    const centersBytes = BYTES_PER_NUMBER * size.numClasses * size.featureDim;
    const mostBytes = bytes + centersBytes + BYTES_PER_NUMBER * contender.scratch(size);
    const reason = mostBytes > MAX_BYTES ? 'memory' : tooSlow(contender, smaller);
    if (reason) {
      skipped[contender.name] = reason;
      continue;
    }
    const training = contender.start(size);
    trainings.push(training);
    bytes += centersBytes;
    subjects.set(contender.name, {
      run: () => {
        tf.tidy(() => void training.step(features, labels));
      },
      settle: runsAtOnce() ? undefined : () => tf.tidy(() => training.centers.slice([0, 0], [1, 1])).data(),
    });
  }
  if (runsAtOnce()) {
    subjects.set(FLOOR, {run: createFloor(size, labels.dataSync())});
  }
  const samples = await measure(subjects, BUDGET);
  const timings = Object.fromEntries([...samples].map(([name, times]) => [name, timingOf(times)]));
  trainings.forEach((training) => {
    training.dispose();
  });
  tf.dispose([features, labels]);
  return {...size, timings, skipped};
}

/** Who was slow, or skipped, with fewer classes is not waited for with more. */
function tooSlow({name}: Contender, smaller: Point | undefined): string | undefined {
  const before = smaller?.timings[name]?.median;
  const slowest = runsAtOnce() ? SLOWEST_STEP : SLOWEST_GPU_STEP;
  return before !== undefined && before > slowest ? 'time' : smaller?.skipped[name];
}

/** Whether operations are done when they return. */
export function runsAtOnce(): boolean {
  return HOST_BACKENDS.includes(tf.getBackend());
}
