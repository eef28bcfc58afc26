import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

import * as tf from '@tensorflow/tfjs';
import {Recognizer} from 'tfjs-center-loss/recognition';

import {nearest} from '../../lib/recognition/search/nearest.js';
import {PlainMemory} from '../../lib/recognition/search/plain_memory.js';
import {RowStore} from '../../lib/recognition/search/row_store.js';
import {measure, timingOf} from './measure.js';
import type {Subject, Timing} from './measure.js';

export const WIDTH = 128;
const K = 5;
const BUDGET = {total: 4000, minRounds: 7, maxRounds: 60};
/** The scores of all queries and classes at once: what a backend has to have room for. */
const MAX_SCORES = 3.2e6;

export const RECOGNIZER = 'recognizer';
export const PLAIN = 'plain loops';
export const FAISS = 'FAISS';
export const FAISS_8_BITS = 'FAISS, 8 bits';
export const USEARCH = 'USearch, exact';
export const READING = 'floor';

/** Milliseconds of a search for the five nearest of some classes. */
export interface SearchPoint {
  numClasses: number;
  queries: number;
  timings: Record<string, Timing>;
}

/**
 * Measures the exact search beside matMul + topk of the backends, and beside what this Python has, on one thread, all in turn.
 */
export async function measureSearch(
  classes: readonly number[],
  backends: readonly string[],
  python: string,
  signal?: AbortSignal,
): Promise<SearchPoint[]> {
  const points: SearchPoint[] = [];
  for (const numClasses of classes) {
    for (const queries of [1, 32]) {
      signal?.throwIfAborted();
      points.push(await measurePoint(numClasses, queries, backends, python));
    }
  }
  return points;
}

async function measurePoint(
  numClasses: number,
  queries: number,
  backends: readonly string[],
  python: string,
): Promise<SearchPoint> {
  const centers = uniform(numClasses * WIDTH, 1);
  const samples = {values: uniform(queries * WIDTH, 2), rows: queries, width: WIDTH};
  const asFeatures = {shape: [queries, WIDTH], data: () => Promise.resolve(samples.values)};
  const subjects = new Map<string, Subject>();

  const labels = Array.from({length: numClasses}, (_, i) => String(i));
  const recognizer = await Recognizer.fromCenters(centers, labels, {score: 'distance'});
  subjects.set(RECOGNIZER, {run: () => recognizer.identify(asFeatures, {k: K}).then(() => undefined)});

  const store = new PlainStore(centers);
  subjects.set(PLAIN, {run: () => void nearest(store, samples, K)});

  const disposals: (() => void)[] = [];
  for (const backend of backends.filter(() => numClasses * queries <= MAX_SCORES)) {
    await tf.setBackend(backend);
    const c = tf.tensor2d(centers, [numClasses, WIDTH]);
    const halfSquares = tf.tidy(() => c.square().sum(1).div<tf.Tensor1D>(2));
    const x = tf.tensor2d(samples.values, [queries, WIDTH]);
    disposals.push(() => {
      tf.dispose([c, halfSquares, x]);
    });
    subjects.set(`matMul + topk on ${backend}`, {
      run: async () => {
        await tf.setBackend(backend);
        const {values, indices} = tf.tidy(() => tf.topk(tf.matMul(x, c, false, true).sub(halfSquares), K));
        await Promise.all([values.data(), indices.data()]);
        tf.dispose([values, indices]);
      },
    });
  }

  const peers = await startPeers(python, numClasses, queries);
  for (const name of peers.names) {
    subjects.set(name, {run: () => peers.search(name)});
  }
  const samplesByName = await measure(subjects, BUDGET);
  peers.stop();
  for (const dispose of disposals) {
    dispose();
  }
  const timings = Object.fromEntries([...samplesByName].map(([name, times]) => [name, timingOf(times)]));
  return {numClasses, queries, timings};
}

/** Rows in plain loops, however many there are. */
class PlainStore extends RowStore {
  private readonly plain: PlainMemory;

  constructor(rows: Float32Array) {
    super(WIDTH, 'distance');
    const count = rows.length / WIDTH;
    this.reserve(count);
    for (let i = 0; i < count; i++) {
      this.add(rows.subarray(i * WIDTH, (i + 1) * WIDTH));
    }
    const {rows: own} = super.memory;
    this.plain = new PlainMemory(this.stride, count);
    for (const part of ['values', 'terms', 'factors'] as const) {
      this.plain.rows[part].set(own[part]);
    }
  }

  override get memory(): PlainMemory {
    return this.plain;
  }
}

interface Peers {
  names: string[];
  search(name: string): Promise<void>;
  stop(): void;
}

/** A process that searches once by each name that it is sent; without names where this is no Python with NumPy. */
async function startPeers(python: string, numClasses: number, queries: number): Promise<Peers> {
  const script = fileURLToPath(new URL('./search_peers.py', import.meta.url));
  const args = [script, numClasses, queries, WIDTH, K].map(String);
  const child = spawn(python, args, {env: {...process.env, OMP_NUM_THREADS: '1'}});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const names = await new Promise<string[]>((resolve) => {
    child.on('error', () => {
      resolve([]);
    });
    void lines.next().then(({value}) => {
      resolve(typeof value === 'string' ? value.split(';') : []);
    });
  });
  return {
    names,
    async search(name) {
      child.stdin.write(`${name}\n`);
      if ((await lines.next()).done) {
        throw new Error(`search_peers.py has ended while it searched by ${name}.`);
      }
    },
    stop() {
      child.stdin.end();
    },
  };
}

/** The same for the same seed, between 0 and 1: a linear congruential generator is random enough for a benchmark. */
export function uniform(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({length: count}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  });
}
