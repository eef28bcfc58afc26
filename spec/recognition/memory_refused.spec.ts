import {Recognizer} from '../../lib/recognition/index.js';
import {SimdMemory} from '../../lib/recognition/search/simd_memory.js';
import {normalNumbers, toRows} from '../support/random.js';

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

const {Float32Array: RealArray, Uint32Array: RealIndices, WebAssembly: RealWebAssembly} = globalThis;
const {Memory: RealMemory} = RealWebAssembly;
const realGrow: unknown = Reflect.get(RealMemory.prototype, 'grow');

/** The same arrays, of which large ones may be refused. */
function refusing<T extends object>(real: T): T {
  return new Proxy(real, {
    construct(target, args, newTarget) {
      if (typeof args[0] === 'number' && args[0] > STRIDE) {
        reserve();
      }
      return Reflect.construct(target as unknown as typeof RealArray, args, newTarget) as object;
    },
  });
}

beforeAll(() => {
  globalThis.Float32Array = refusing(RealArray);
  globalThis.Uint32Array = refusing(RealIndices);
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
  globalThis.Uint32Array = RealIndices;
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

  it('is as before, at each template that there is no room for', async () => {
    const rows = toRows(normalNumbers(2 * CLASSES * WIDTH, 6), WIDTH);
    const recognizer = new Recognizer();
    let refused = 0;
    for (let i = 0; i < CLASSES; i++) {
      await recognizer.enroll(`c${i}`, [rows[i] ?? []]);
      const again = () => recognizer.enroll(`c${i}`, [rows[CLASSES + i] ?? []], {template: 'other'});
      refused += await withLittleMemory(again, async () => {
        expect(recognizer.templates(`c${i}`)).toEqual(['1']);
        const [last] = await recognizer.identify([rows[i] ?? []]);
        expect(last).toMatchObject({label: `c${i}`, nearest: [{score: 0}]});
      });
      expect(recognizer.templates(`c${i}`)).toEqual(['1', 'other']);
    }
    expect(refused).toBeGreaterThan(100);
    const found = await recognizer.identify(rows);
    expect(found.map(({nearest}) => nearest[0]?.label)).toEqual(rows.map((_, i) => `c${i % CLASSES}`));
  });

  it('counts more samples than 32 bits hold, or as many as before', async () => {
    const few = Recognizer.fromJSON({
      score: 'distance',
      classes: [{label: 'a', samples: 2 ** 32 - 1, center: 'AAAAAA=='}],
    });
    await few.enroll('a', [[0]]);
    expect(few.toJSON().classes[0]?.samples).toBe(2 ** 32);
  });

  it('is not loaded at all, or whole', async () => {
    const rows = toRows(normalNumbers(CLASSES * WIDTH, 7), WIDTH);
    const recognizer = await Recognizer.fromCenters(rows, rows.map((_, i) => `c${i}`)); // prettier-ignore
    await recognizer.enroll('c7', [rows[8] ?? []], {template: 'x'});
    const bytes = recognizer.toBytes();
    for (const load of [() => Recognizer.fromBytes(bytes), () => Recognizer.fromJSON(recognizer.toJSON())]) {
      let loaded: Recognizer | undefined;
      const refused = await withLittleMemory(
        () => Promise.resolve().then(() => (loaded = load())),
        () => {
          expect(loaded).toBeUndefined();
          return Promise.resolve();
        },
      );
      expect(refused).toBeGreaterThan(2);
      expect(loaded?.toBytes()).toEqual(bytes);
    }
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
