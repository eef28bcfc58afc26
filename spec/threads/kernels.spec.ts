import * as tf from '@tensorflow/tfjs';
import {centerLoss, updateCenters} from '../../lib/index.js';
import type {WasmBackend} from '../../lib/kernels/wasm_heap.js';
import {simdLoops} from '../../lib/kernels/wasm_simd.js';
import {disposeAfterEach} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const backend = tf.backend() as unknown as WasmBackend;

/** Loss, gradient and new centers of a batch whose rows are no multiple of what SIMD computes at a time. */
async function step(): Promise<ArrayLike<number>[]> {
  const features = tf.randomNormal<tf.Rank.R2>([50, 131], 0, 1, 'float32', 1);
  const centers = tf.randomNormal<tf.Rank.R2>([7, 131], 0, 1, 'float32', 2);
  const labels = tf.range(0, 50, 1, 'int32').mod<tf.Tensor1D>(tf.scalar(7, 'int32'));
  const {value, grad} = tf.valueAndGrad((x) => centerLoss(x as tf.Tensor2D, labels, centers))(features);
  const moved = updateCenters(centers, features, labels);
  return Promise.all([value, grad, moved].map((tensor) => tensor.data()));
}

describe('On a page that is isolated from other origins', () => {
  disposeAfterEach();

  it('the wasm backend uses threads, which share its memory', () => {
    expect(globalThis.crossOriginIsolated).toBe(true);
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT')).toBe(true);
    const loaded = performance.getEntriesByType('resource').map(({name}) => name.replace(/.*\//, ''));
    expect(loaded).toContain('tfjs-backend-wasm-threaded-simd.wasm');
    expect(backend.wasm.wasmMemory?.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('the SIMD loops run on that memory: no view of the features is taken, as loops in JavaScript need one', async () => {
    expect(simdLoops(backend)).toBeDefined();
    const viewed: number[][] = [];
    const view = backend.typedArrayFromHeap.bind(backend);
    backend.typedArrayFromHeap = (tensor) => {
      viewed.push(tensor.shape);
      return view(tensor);
    };
    try {
      await step();
    } finally {
      backend.typedArrayFromHeap = view;
    }
    expect(viewed).toContainEqual([50]);
    expect(viewed).not.toContainEqual([50, 131]);
  });

  it('loss, gradient and centers are those of cpu', async () => {
    const withThreads = await step();
    await tf.setBackend('cpu');
    const onCpu = await step();
    await tf.setBackend('wasm');
    withThreads.forEach((values, i) => {
      expectClose(values, onCpu[i] ?? []);
    });
  });
});
