import {Recognizer} from '../../lib/recognition/index.js';
import {SimdMemory} from '../../lib/recognition/search/simd_memory.js';
import {normalNumbers, toRows} from './random.js';

const WIDTH = 64;
const STRIDE = WIDTH;
/** From 1024 rows of this width on the rows stand in the memory of a WebAssembly module. */
const CLASSES = 1200;

/** After so many reservations more, memory is refused; a sample alone is always given room. */
let allowed = Infinity;

function reserve(): void {
  if (allowed === 0) {
    throw new RangeError('Array buffer allocation failed');
  }
  allowed--;
}

const {Float32Array: RealArray, WebAssembly: RealWebAssembly} = globalThis;
const {Memory: RealMemory} = RealWebAssembly;
const realGrow: unknown = Reflect.get(RealMemory.prototype, 'grow');

beforeAll(() => {
  globalThis.Float32Array = new Proxy(RealArray, {
    construct(target, args, newTarget) {
      if (typeof args[0] === 'number' && args[0] > STRIDE) {
        reserve();
      }
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  WebAssembly.Memory = new Proxy(RealMemory, {
    construct(target, args) {
      reserve();
      return new target(args[0] as WebAssembly.MemoryDescriptor);
    },
  });
  RealMemory.prototype.grow = function (this: WebAssembly.Memory, pages: number) {
    reserve();
    return Reflect.apply(realGrow as WebAssembly.Memory['grow'], this, [pages]);
  };
});

afterAll(() => {
  globalThis.Float32Array = RealArray;
  WebAssembly.Memory = RealMemory;
  RealMemory.prototype.grow = realGrow as WebAssembly.Memory['grow'];
});

/** Calls until memory suffices, with room for 0, 1, 2, ... reservations. Tells how often it was refused. */
async function withLittleMemory(call: () => Promise<unknown>, afterRefusal: () => Promise<void>): Promise<number> {
  for (let refused = 0; ; refused++) {
    allowed = refused;
    try {
      await call();
      return refused;
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    } finally {
      allowed = Infinity;
    }
    await afterRefusal();
  }
}

describe('A recognizer for which there is no more memory', () => {
  it('is as before, at each growth of either memory', async () => {
    const rows = toRows(normalNumbers(CLASSES * WIDTH, 5), WIDTH);
    const recognizer = new Recognizer();
    let refused = 0;
    let refusedBySimd = 0;
    for (const [i, row] of rows.entries()) {
      refused += await withLittleMemory(
        () => recognizer.enroll(`c${i}`, [row]),
        async () => {
          refusedBySimd += i >= 1024 ? 1 : 0;
          expect(recognizer.labels).toHaveLength(i);
          expect(recognizer.labels).not.toContain(`c${i}`);
          if (i > 0) {
            const [last] = await recognizer.identify([rows[i - 1] ?? []]);
            expect(last).toMatchObject({label: `c${i - 1}`, nearest: [{score: 0}]});
          }
        },
      );
    }
    expect(refused).toBeGreaterThan(100);
    expect(refusedBySimd).toBeGreaterThan(0);
    expect(SimdMemory.create(STRIDE, CLASSES)).toBeDefined();
    const found = await recognizer.identify(rows);
    expect(found.map(({label}) => label)).toEqual(rows.map((_, i) => `c${i}`));
    expect(Recognizer.fromJSON(recognizer.toJSON()).toJSON()).toEqual(recognizer.toJSON());
  });

  it('does not take for its width that of samples for which there was no room', async () => {
    const recognizer = new Recognizer();
    await withLittleMemory(
      () => recognizer.enroll('wide', [new Array<number>(200).fill(1)]),
      async () => {
        expect(recognizer.toJSON()).toMatchObject({classes: []});
        expect(recognizer.toJSON().width).toBeUndefined();
        await Promise.resolve();
      },
    );
    expect(recognizer.labels).toEqual(['wide']);
  });
});
