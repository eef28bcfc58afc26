import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

import {Recognizer} from '../../../lib/recognition/index.js';
import {memories} from '../../../lib/recognition/search/memories.js';
import {RowStore} from '../../../lib/recognition/search/row_store.js';
import {SimdMemory} from '../../../lib/recognition/search/simd_memory.js';

beforeEach(() => {
  memories.living = 0;
});

/** Counts the WebAssembly memories that are made meanwhile. */
async function countingMemories(make: () => Promise<void>): Promise<number> {
  const original = WebAssembly.Memory;
  let count = 0;
  WebAssembly.Memory = class extends original {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      count++;
    }
  };
  try {
    await make();
  } finally {
    WebAssembly.Memory = original;
  }
  return count;
}

function isSimd(values: number): boolean {
  const store = new RowStore(128, 'distance');
  store.reserve(values / 128);
  return store.memory instanceof SimdMemory;
}

it('130 recognizers take few WebAssembly memories, and all of them name what they know', async () => {
  const centers = Float32Array.from({length: 600 * 128}, (_, i) => Math.sin(i));
  const labels = Array.from({length: 600}, (_, i) => String(i));
  const recognizers: Recognizer[] = [];
  const count = await countingMemories(async () => {
    for (let i = 0; i < 130; i++) {
      recognizers.push(await Recognizer.fromCenters(centers, labels));
    }
  });
  expect(count).toBe(8);
  for (const recognizer of recognizers) {
    expect((await recognizer.identify(centers.slice(128 * 7, 128 * 8)))[0]?.label).toBe('7');
  }
});

describe('A memory', () => {
  it('is for more values, the more there are', () => {
    for (const [living, least] of [
      [0, 2 ** 16],
      [7, 2 ** 16],
      [8, 2 ** 17],
      [31, 2 ** 19],
    ] as const) {
      memories.living = living;
      expect(memories.suffice(least)).toBe(true);
      expect(memories.suffice(least - 1)).toBe(false);
    }
    memories.living = 32;
    expect(memories.suffice(2 ** 30)).toBe(false);
  });

  it('counts from when it is made, and not where plain loops serve', () => {
    expect(isSimd(2 ** 16 - 128)).toBe(false);
    expect(memories.living).toBe(0);
    expect(isSimd(2 ** 16)).toBe(true);
    expect(memories.living).toBe(1);
    memories.living = 8;
    expect(isSimd(2 ** 16)).toBe(false);
    expect(isSimd(2 ** 17)).toBe(true);
  });

  it('is free again when nobody can use it any more', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    for (let i = 0; i < 8; i++) {
      isSimd(2 ** 16);
    }
    const before = memories.living;
    expect(before).toBe(8);
    // The engine tells of what it has collected in its own time.
    for (let turn = 0; turn < 500 && memories.living === before; turn++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(memories.living).toBeLessThan(before);
  });
});
