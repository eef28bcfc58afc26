import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type {WasmBackend} from '../lib/kernels/wasm_heap.js';
import {simdLoops} from '../lib/kernels/wasm_simd.js';
import {itWhere} from './support/it_where.js';

/** As much of a backend as is looked at before the loops are compiled for its memory. */
function backendWith(asm?: {memory?: WebAssembly.Memory}): WasmBackend {
  return {wasm: asm ? {asm} : {}} as unknown as WasmBackend;
}

describe('The SIMD loops of the wasm backend', () => {
  const hadSimd = tf.env().getFlags()['WASM_HAS_SIMD_SUPPORT'];

  function pretendSimd(isSupported: boolean): void {
    tf.env().set('WASM_HAS_SIMD_SUPPORT', isSupported);
  }

  afterEach(() => {
    if (hadSimd !== undefined) {
      pretendSimd(hadSimd as boolean);
    }
  });

  it('are compiled once for a backend', () => {
    pretendSimd(true);
    const backend = backendWith({memory: new WebAssembly.Memory({initial: 1})});
    const loops = simdLoops(backend);
    expect(loops).toBeDefined();
    expect(simdLoops(backend)).toBe(loops);
    expect(simdLoops(backendWith({memory: new WebAssembly.Memory({initial: 1})}))).not.toBe(loops);
  });

  const itOnWasm = itWhere(tf.getBackend() === 'wasm', 'this is another backend');
  itOnWasm('are used where the wasm backend runs, if it uses SIMD', () => {
    expect(simdLoops(tf.backend() as unknown as WasmBackend) !== undefined).toBe(
      tf.env().getBool('WASM_HAS_SIMD_SUPPORT'),
    );
  });

  it('do not exist where TensorFlow.js has no SIMD', () => {
    pretendSimd(false);
    expect(simdLoops(backendWith({memory: new WebAssembly.Memory({initial: 1})}))).toBeUndefined();
  });

  it('do not exist where threads share the memory', () => {
    pretendSimd(true);
    const memory = new WebAssembly.Memory({initial: 1, maximum: 1, shared: true});
    expect(simdLoops(backendWith({memory}))).toBeUndefined();
  });

  it('do not exist where the memory is out of reach', () => {
    pretendSimd(true);
    expect(simdLoops(backendWith({}))).toBeUndefined();
    expect(simdLoops(backendWith())).toBeUndefined();
  });
});
