import {fileURLToPath} from 'node:url';

import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import type {Target} from '../targets.js';
import {outputOf} from './output_of.js';

/** Milliseconds of a step of `fit` of the twin in Keras, by the number of classes; `'none'` is without the layer. */
export interface KerasSteps {
  backend: string;
  milliseconds: Record<string, number>;
}

const BACKENDS = [
  {name: 'jax', args: []},
  {name: 'tensorflow', args: []},
  {name: 'tensorflow', args: ['--mirrored']},
  {name: 'torch', args: []},
];

const NONE = 'none';
const [FEW, MANY, MOST_GROWTH] = ['1000', '1000000', 1.2];

/** Measures steps of Keras, each backend that this Python has in a process of its own. */
export async function measureKeras(python: string, signal?: AbortSignal): Promise<KerasSteps[]> {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const results: KerasSteps[] = [];
  for (const {name, args} of BACKENDS) {
    const env = {...process.env, KERAS_BACKEND: name, PYTHONPATH: path('../../python'), TF_CPP_MIN_LOG_LEVEL: '3'};
    const backend = args.length > 0 ? `${name}, MirroredStrategy of 2 CPUs` : name;
    try {
      results.push({
        backend,
        milliseconds: readSteps(await outputOf(python, [path('keras_step.py'), ...args], signal, {env})),
      });
    } catch (error) {
      signal?.throwIfAborted();
      console.log(`\nKeras on ${backend} is left out: ${lastLine(error)}`);
    }
  }
  return results;
}

/** What Python said last: the error, below its traceback. Without a Python the message of Node.js. */
export function lastLine(error: unknown): string {
  const {stderr = '', message} = error as Error & {stderr?: string};
  const text = stderr.trim() === '' ? message : stderr.trim();
  return text.split('\n').at(-1) ?? message;
}

/** The lines of keras_step.py: a number of classes, milliseconds, and what the table has itself. */
export function readSteps(text: string): Record<string, number> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(lines.flatMap(([classes = '', time]) => (time ? [[classes, Number(time)]] : [])));
}

export function kerasRows(results: readonly KerasSteps[]): Rows {
  const classes = [...new Set(results.flatMap(({milliseconds}) => Object.keys(milliseconds)))];
  const numbers = classes.filter((name) => name !== NONE).sort((a, b) => Number(a) - Number(b));
  return {
    head: [
      'backend of Keras',
      'without the layer',
      ...numbers.map((name) => Number(name).toLocaleString('en')),
      'most / fewest',
    ],
    numeric: [false, true, ...numbers.map(() => true), true],
    body: results.map(({backend, milliseconds}) => [
      backend,
      ...[NONE, ...numbers].map((name) => threeDigits(milliseconds[name] ?? NaN)),
      `${threeDigits((milliseconds[numbers.at(-1) ?? ''] ?? NaN) / (milliseconds[numbers[0] ?? ''] ?? NaN))}×`,
    ]),
  };
}

export function kerasTargetsOf(results: readonly KerasSteps[]): Target[] {
  return results.map(({backend, milliseconds}): Target => {
    const growth = (milliseconds[MANY] ?? NaN) / (milliseconds[FEW] ?? NaN);
    return {
      subject: `Keras, ${backend}`,
      text: `a step with ${Number(MANY).toLocaleString('en')} classes within ${MOST_GROWTH} times of ${Number(FEW).toLocaleString('en')}`,
      measured: `${threeDigits(growth)}×`,
      isReached: growth <= MOST_GROWTH,
    };
  });
}
