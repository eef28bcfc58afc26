import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type {WasmBackend} from '../../lib/kernels/wasm_heap.js';
import {simdLoops} from '../../lib/kernels/wasm_simd.js';
import {itWhere} from '../support/it_where.js';

/** As much of a backend as is looked at before the loops are compiled for its memory. */
function backendWith(wasm: WasmBackend['wasm']): WasmBackend {
  return {wasm} as unknown as WasmBackend;
}

function backendWithMemory(): WasmBackend {
  return backendWith({asm: {memory: new WebAssembly.Memory({initial: 1})}});
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
    const backend = backendWithMemory();
    const loops = simdLoops(backend);
    expect(loops).toBeDefined();
    expect(simdLoops(backend)).toBe(loops);
    expect(simdLoops(backendWithMemory())).not.toBe(loops);
  });

  const itOnWasm = itWhere(tf.getBackend() === 'wasm', 'this is another backend');
  itOnWasm('are used where the wasm backend runs, if it uses SIMD', () => {
    expect(simdLoops(tf.backend() as unknown as WasmBackend) !== undefined).toBe(
      tf.env().getBool('WASM_HAS_SIMD_SUPPORT'),
    );
  });

  it('do not exist where TensorFlow.js has no SIMD', () => {
    pretendSimd(false);
    expect(simdLoops(backendWithMemory())).toBeUndefined();
  });

  it('run on a memory that threads share, small or of all pages that are possible', () => {
    pretendSimd(true);
    for (const maximum of [1, 65_536]) {
      const wasmMemory = new WebAssembly.Memory({initial: 1, maximum, shared: true});
      expect(simdLoops(backendWith({wasmMemory, asm: {}}))).toBeDefined();
    }
  });

  it('do not exist where the memory is out of reach', () => {
    pretendSimd(true);
    expect(simdLoops(backendWith({asm: {}}))).toBeUndefined();
    expect(simdLoops(backendWith({}))).toBeUndefined();
  });
});
