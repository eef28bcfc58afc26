import * as tf from '@tensorflow/tfjs';
import {HOST_BACKENDS} from '../../lib/kernels/host_backends.js';

/** Whether labels are looked at within the call. On a GPU reading them would stall the pipeline. */
export function readsLabelsAtOnce(): boolean {
  return HOST_BACKENDS.includes(tf.getBackend());
}

/**
 * Disposes what a spec makes, and fails it if something outlives that: a tensor that was kept, or a variable that
 * nobody disposed. Call it inside a `describe`.
 */
export function disposeAfterEach(): void {
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    throwIfTensorsRemain(before);
  });
}

/**
 * Throws if there are more tensors than `before`, or fewer. For hooks, where `expect` would pass for an assertion of
 * the spec itself.
 */
export function throwIfTensorsRemain(before: number): void {
  const {numTensors} = tf.memory();
  if (numTensors !== before) {
    throw new Error(`Expected the spec to leave ${before} tensors, as before it, but there are ${numTensors}.`);
  }
}

/** Runs `make` and gives how many tensors there are more afterwards, its results included. */
export function tensorsMadeBy(make: () => unknown): number {
  const before = tf.memory().numTensors;
  make();
  return tf.memory().numTensors - before;
}

/** What `call` throws, or undefined. */
export function errorOf(call: () => unknown): Error | undefined {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

/**
 * Expects an error of this class (by name: TensorFlow.js and this package keep their `ValueError` private) and whole
 * text, and that no tensor was left behind.
 */
export function expectError(call: () => unknown, name: 'ValueError' | 'RangeError', message: string): void {
  const before = tf.memory().numTensors;
  const error = errorOf(call);
  expect({name: error?.name, message: error?.message}).toEqual({name, message});
  expect(tf.memory().numTensors).toBe(before);
}

/** How the layer ends a message about the labels of an earlier call; calls count from 1. */
export function wasInCall(call: number): string {
  return (
    ` That was in call ${call} of the layer in training, before this one: on ${tf.getBackend()} the labels of a call ` +
    'are checked after it. This call has changed nothing.'
  );
}

/** -0 and +0 differ in it, and nothing is rounded. */
export async function bitsOf(tensor: tf.Tensor): Promise<number[]> {
  const values = Float32Array.from(await tensor.data());
  return Array.from(new Uint32Array(values.buffer));
}

export async function rowsOf(tensor: tf.Tensor): Promise<number[][]> {
  return (await tensor.array()) as number[][];
}

/** Whether there are complex tensors on this backend: wasm has none. */
export function hasComplexTensors(): boolean {
  return tf.getKernelsForBackend(tf.getBackend()).some(({kernelName}) => kernelName === 'Complex');
}

/** A complex tensor, where there are such. */
export function complexTensors(shape: number[]): tf.Tensor[] {
  return hasComplexTensors() ? [tf.complex(tf.zeros(shape), tf.ones(shape))] : [];
}
