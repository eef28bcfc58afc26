import {fileURLToPath} from 'node:url';

import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import type {Target} from '../targets.js';
import {outputOf} from './output_of.js';

/** What a recognizer takes of the memory, in a process of its own. */
export interface MemoryPoint {
  numClasses: number;
  width: number;
  bytes: number;
}

const WIDTHS = [128, 512];
/** Of fewer it does not show beside what a process takes for itself. */
const FEWEST = 100_000;
const MOST_BESIDE_CENTERS = 1.3;
const VALUE_BYTES = 4;

export async function measureMemory(classes: readonly number[], signal?: AbortSignal): Promise<MemoryPoint[]> {
  const script = fileURLToPath(new URL('held_memory.ts', import.meta.url));
  const points: MemoryPoint[] = [];
  for (const numClasses of classes.filter((number) => number >= FEWEST)) {
    for (const width of WIDTHS) {
      const args = ['--expose-gc', '--import', 'tsx', script, String(numClasses), String(width)];
      const [held] = (await outputOf(process.execPath, args, signal)).split(' ');
      points.push({numClasses, width, bytes: Number(held)});
    }
  }
  return points;
}

/** Beside the centers in float32. */
function besideCenters({numClasses, width, bytes}: MemoryPoint): number {
  return bytes / (VALUE_BYTES * numClasses * width);
}

export function memoryRows(points: readonly MemoryPoint[]): Rows {
  return {
    head: ['classes', 'width', 'MB', 'beside the centers in float32'],
    numeric: [true, true, true, true],
    body: points.map((point) => [
      point.numClasses.toLocaleString('en'),
      String(point.width),
      threeDigits(point.bytes / 1e6),
      `${threeDigits(besideCenters(point))}×`,
    ]),
  };
}

export function memoryTargetsOf(points: readonly MemoryPoint[]): Target[] {
  const largest = Math.max(...points.map(({numClasses}) => numClasses));
  return points
    .filter(({numClasses}) => numClasses === largest)
    .map((point) => ({
      subject: 'recognizer',
      text: `memory: at most ${MOST_BESIDE_CENTERS} times the centers (C = ${largest.toLocaleString('en')}, D = ${point.width})`,
      measured: `${threeDigits(besideCenters(point))}×`,
      isReached: besideCenters(point) <= MOST_BESIDE_CENTERS,
    }));
}
