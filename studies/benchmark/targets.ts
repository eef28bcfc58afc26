import {percent, threeDigits} from '../numbers.js';
import type {Target} from '../targets.js';
import {FLOOR} from './grid.js';
import type {Point} from './grid.js';
import {ours} from './ours.js';
import {article} from './peers/article.js';
import {oneHot} from './peers/one_hot.js';
import type {BackendResults} from './run.js';

/** As a multiple, how many times as fast we are or how many times as long we take; or the time that we add. */
type Kind = 'speed' | 'time' | 'added';

/** Each is a ratio of times of one run. Those whose points were not measured are left out. */
export function targetsOf({backend, points, fitSteps, threads = []}: BackendResults, inNode: boolean): Target[] {
  const targets: Target[] = [];
  const add = (text: string, measured: number | undefined, kind: Kind, bound: number) => {
    if (measured !== undefined && Number.isFinite(measured)) {
      targets.push({
        subject: inNode ? backend : `${backend} in Chromium`,
        text,
        measured: kind === 'added' ? percent(measured, 1) : `${threeDigits(measured)}×`,
        isReached: kind === 'speed' ? measured >= bound : measured <= bound,
      });
    }
  };
  const typical = find(points, 1000, 128, 128);
  if (inNode && backend === 'cpu') {
    add(
      'at least 30 times as fast as the gather + scatter port (C = 1,000, D = 128, B = 128)',
      gain(typical, article.name),
      'speed',
      30,
    );
    add(
      'at least 500 times as fast as the one-hot port (C = 1,000, D = 128, B = 128)',
      gain(typical, oneHot.name),
      'speed',
      500,
    );
  }
  if (inNode && backend === 'wasm') {
    add(
      'at least 5 times as fast as the fastest peer (C = 1,000, D = 128, B = 128)',
      typical && smallestGain([typical]),
      'speed',
      5,
    );
  }
  if (inNode && backend === 'tensorflow') {
    add(
      'at least 3 times as fast as the fastest peer (C = 1,000, D = 128, B = 128)',
      typical && smallestGain([typical]),
      'speed',
      3,
    );
  }
  if (inNode && ['wasm', 'tensorflow'].includes(backend)) {
    const million = timeOf(find(points, 1_000_000, 128, 128));
    add('C = 1,000,000 within 2 times of C = 1,000 (D = 128, B = 128)', million / timeOf(typical), 'time', 2);
  }
  add('never slower than a peer, at any measured point (the closest)', smallestGain(points), 'speed', 1);
  // Between TensorFlow and the host all features are copied, by the floor none.
  if (inNode && backend !== 'tensorflow') {
    const wide = find(points, 1000, 512, 512);
    add('within 3 times of the floor (C = 1,000, D = 512, B = 512)', timeOf(wide) / timeOf(wide, FLOOR), 'time', 3);
  }
  for (const {network, ratio} of fitSteps) {
    add(`at most 2 % of a fit step of ${network}`, ratio.median - 1, 'added', 0.02);
  }
  for (const {numClasses, featureDim, batchSize, without, withThreads} of threads) {
    const size = `C = ${numClasses.toLocaleString('en')}, D = ${featureDim}, B = ${batchSize}`;
    add(`with threads at most 1.05 times of without (${size})`, withThreads / without, 'time', 1.05);
  }
  return targets;
}

/** How many times as fast as a contender we are. */
export function gain(point: Point | undefined, name: string): number | undefined {
  return point && timeOf(point, name) / timeOf(point);
}

function smallestGain(points: readonly Point[]): number {
  const gains = points.flatMap((point) =>
    Object.keys(point.timings)
      .filter((name) => name !== ours.name && name !== FLOOR)
      .map((name) => gain(point, name) ?? NaN)
      .filter(Number.isFinite),
  );
  return Math.min(...gains);
}

function timeOf(point: Point | undefined, name = ours.name): number {
  return point?.timings[name]?.median ?? NaN;
}

function find(points: readonly Point[], numClasses: number, featureDim: number, batchSize: number): Point | undefined {
  return points.find(
    (point) => point.numClasses === numClasses && point.featureDim === featureDim && point.batchSize === batchSize,
  );
}
