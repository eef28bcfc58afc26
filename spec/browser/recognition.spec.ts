import * as tf from '@tensorflow/tfjs';
import {recallAt1, Recognizer} from '../../lib/recognition/index.js';
import type {RecognizerData} from '../../lib/recognition/index.js';
import {SimdMemory} from '../../lib/recognition/search/simd_memory.js';

describe('Recognition in a browser', () => {
  const [classes, width] = [2000, 64];
  const labels = Array.from({length: classes}, (_, i) => String(i));

  it('searches by SIMD, and finds the same as tensors do', async () => {
    expect(SimdMemory.create(width, classes)).toBeDefined();
    const centers = tf.randomNormal<tf.Rank.R2>([classes, width], 0, 1, 'float32', 1);
    const samples = tf.randomNormal<tf.Rank.R2>([33, width], 0, 1, 'float32', 2);
    const recognizer = await Recognizer.fromCenters(centers, labels);
    const found = await recognizer.identify(samples, {k: 2});
    // Most alike by distance: the largest x·c - |c|²/2.
    const likeness = tf.matMul(samples, centers, false, true).sub(centers.square().sum(1).div(2));
    const expected = await likeness.argMax(1).data();
    expect(found.map(({label}) => label)).toEqual(Array.from(expected, String));
    expect(await recognizer.identify(await centers.array())).toHaveLength(classes);
  });

  it('comes back from JSON', async () => {
    const recognizer = await Recognizer.fromCenters(
      [
        [0.1, 1e-40],
        [-0, 3],
      ],
      ['a', 'ü'],
    );
    const text = JSON.stringify(recognizer);
    expect(JSON.stringify(Recognizer.fromJSON(JSON.parse(text) as RecognizerData))).toBe(text);
    expect(await recallAt1([[0], [1], [5]], ['a', 'a', 'b'])).toBe(1);
  });

  it('leaves WebAssembly memories to others, however many recognizers there are', async () => {
    const centers = new Float32Array(600 * 128).map((_, i) => Math.sin(i));
    const names = Array.from({length: 600}, (_, i) => String(i));
    const recognizers: Recognizer[] = [];
    for (let i = 0; i < 130; i++) {
      recognizers.push(await Recognizer.fromCenters(centers, names));
    }
    // Chromium gives a page some 125 in all.
    expect(Array.from({length: 60}, () => new WebAssembly.Memory({initial: 1}))).toHaveLength(60);
    const before = tf.getBackend();
    if ('wasm' in tf.engine().registryFactory) {
      tf.registerBackend('wasm started again', tf.findBackendFactory('wasm'));
      expect(await tf.setBackend('wasm started again')).toBe(true);
      await tf.setBackend(before);
      tf.removeBackend('wasm started again');
    }
    for (const recognizer of [recognizers[0], recognizers[129]]) {
      expect((await recognizer?.identify(centers.slice(128 * 7, 128 * 8)))?.[0]?.label).toBe('7');
    }
  });
});
