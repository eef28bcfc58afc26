import {Recognizer} from 'tfjs-center-loss/recognition';

import {measure, timingOf} from './measure.js';
import type {Subject, Timing} from './measure.js';
import {uniform, WIDTH} from './search.js';

const BUDGET = {total: 8000, minRounds: 5, maxRounds: 30};
/** Of more classes than that the text is longer than a string can be, or takes minutes. */
const MAX_AS_JSON = 100_000;

export const COPY = 'copying the centers';
export const FILL = 'fromCenters';
export const TO_BYTES = 'toBytes';
export const FROM_BYTES = 'fromBytes';
export const TO_JSON = 'JSON.stringify';
export const FROM_JSON = 'fromJSON';
export const REMOVE = 'remove one, enrol one';

/** Milliseconds of what a recognizer of some classes is kept by. */
export interface KeepingPoint {
  numClasses: number;
  timings: Record<string, Timing>;
}

/** Measures how long it takes to fill, change, save and load a recognizer, beside copying the memory of its centers, in turn. */
export async function measureKeeping(classes: readonly number[], signal?: AbortSignal): Promise<KeepingPoint[]> {
  const points: KeepingPoint[] = [];
  for (const numClasses of classes) {
    signal?.throwIfAborted();
    points.push(await measurePoint(numClasses));
  }
  return points;
}

async function measurePoint(numClasses: number): Promise<KeepingPoint> {
  const centers = uniform(numClasses * WIDTH, 1);
  const labels = Array.from({length: numClasses}, (_, i) => String(i));
  const recognizer = await Recognizer.fromCenters(centers, labels);
  const bytes = recognizer.toBytes();
  const subjects = new Map<string, Subject>([
    [COPY, {run: () => void centers.slice()}],
    [FILL, {run: () => Recognizer.fromCenters(centers, labels).then(() => undefined)}],
    [TO_BYTES, {run: () => void recognizer.toBytes()}],
    [FROM_BYTES, {run: () => void Recognizer.fromBytes(bytes)}],
  ]);
  if (numClasses <= MAX_AS_JSON) {
    const data = recognizer.toJSON();
    subjects.set(TO_JSON, {run: () => void JSON.stringify(recognizer)});
    subjects.set(FROM_JSON, {run: () => void Recognizer.fromJSON(data)});
  }
  const changed = await Recognizer.fromCenters(centers, labels);
  let next = 0;
  const changeOne = async () => {
    // Not one after the other, so that rows are gone among those that stay.
    next = (next + 7919) % numClasses;
    changed.remove(String(next));
    await changed.enroll(String(next), centers.subarray(next * WIDTH, (next + 1) * WIDTH));
  };
  // The first one makes room for many more, which is no part of the next thousands.
  await changeOne();
  subjects.set(REMOVE, {run: changeOne});
  const samplesByName = await measure(subjects, BUDGET);
  const timings = Object.fromEntries([...samplesByName].map(([name, times]) => [name, timingOf(times)]));
  return {numClasses, timings};
}
