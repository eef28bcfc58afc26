import {Recognizer} from '../../lib/recognition/index.js';
import {encode, MAX_ROW_CODE} from '../../lib/recognition/search/codes.js';
import {memories} from '../../lib/recognition/search/memories.js';
import {PlainMemory} from '../../lib/recognition/search/plain_memory.js';
import type {RowMemory} from '../../lib/recognition/search/row_memory.js';
import type {RowStore} from '../../lib/recognition/search/row_store.js';
import {SimdMemory} from '../../lib/recognition/search/simd_memory.js';
import {normalNumbers} from '../support/random.js';

const WIDTH = 64;
/** From here on the rows are in the memory of a WebAssembly module. */
const MANY = 1024;

/** All memories that ever held rows, also those that were left for larger ones. */
const seen = new Set<RowMemory>();
const realCreate = SimdMemory.create.bind(SimdMemory);

beforeEach(() => {
  memories.living = 0;
  seen.clear();
});

function watch(recognizer: Recognizer): RowMemory {
  const {memory} = (recognizer as unknown as {classes: {centers: RowStore}}).classes.centers;
  seen.add(memory);
  return memory;
}

const rowOf = (i: number) => normalNumbers(WIDTH, 1000 + i);

function bytesOf(memory: RowMemory): Buffer[] {
  const {rows, codes} = memory;
  const parts = [rows.values, rows.terms, rows.factors, memory.queries, ...(codes ? [codes.rows, codes.queries] : [])];
  // Of a module it is one buffer, searched as a whole.
  return [...new Set(parts.map(({buffer}) => buffer))].map((buffer) => Buffer.from(buffer));
}

/** How often some numbers, or the codes of them, are in any memory that held rows. */
function occurrences(row: Float32Array): number {
  const codes = new Int8Array(WIDTH);
  encode(row, 0, WIDTH, MAX_ROW_CODE, codes, 0);
  let count = 0;
  for (const [needle, start] of [
    [Buffer.from(row.buffer, row.byteOffset + 16, 64), 0],
    [Buffer.from(codes.buffer, 8, 32), 0],
  ] as const) {
    for (const memory of seen) {
      for (const bytes of bytesOf(memory)) {
        for (let at = bytes.indexOf(needle, start); at >= 0; at = bytes.indexOf(needle, at + 1)) {
          count++;
        }
      }
    }
  }
  return count;
}

async function filled(classes: number): Promise<Recognizer> {
  const recognizer = new Recognizer();
  for (let i = 0; i < classes; i++) {
    await recognizer.enroll(`c${i}`, [rowOf(i)]);
    watch(recognizer);
  }
  return recognizer;
}

const SIZES: [string, number][] = [
  ['arrays', 40],
  ['a module', MANY + 300],
];

describe.each(SIZES)('What is removed from %s', (_, classes) => {
  it('is nowhere in memory any more', async () => {
    const recognizer = await filled(classes);
    expect(watch(recognizer)).toBeInstanceOf(classes > MANY ? SimdMemory : PlainMemory);
    // All that a row leaves while it is there: the numbers, and the codes of a module.
    const each = classes > MANY ? 2 : 1;
    for (const i of [0, 7, 8, classes - 2, classes - 1]) {
      expect(occurrences(rowOf(i))).toBe(each);
      expect(recognizer.remove(`c${i}`)).toBe(true);
      watch(recognizer);
      expect(occurrences(rowOf(i))).toBe(0);
    }
    // Those that are left move together at some time.
    for (let i = 9; i < classes - 2; i += 2) {
      recognizer.remove(`c${i}`);
      watch(recognizer);
    }
    for (let i = 9; i < classes - 3; i += 16) {
      expect([i, occurrences(rowOf(i)), occurrences(rowOf(i + 1))]).toEqual([i, 0, each]);
    }
  });

  it('leaves nothing when memory grows, and where it was before', async () => {
    const recognizer = await filled(classes);
    for (let i = 0; i < classes; i += 5) {
      recognizer.remove(`c${i}`);
    }
    for (let i = 0; i < classes; i++) {
      await recognizer.enroll(`d${i}`, [rowOf(10_000 + i)]);
      watch(recognizer);
    }
    const each = watch(recognizer) instanceof SimdMemory ? 2 : 1;
    for (let i = 0; i < classes; i += classes > 100 ? 65 : 5) {
      expect([i, occurrences(rowOf(i)), occurrences(rowOf(10_000 + i))]).toEqual([i, 0, each]);
    }
  });

  it('as a template is nowhere either, first or later', async () => {
    const recognizer = await filled(classes);
    for (const [i, template] of ['x', 'y', 'z'].entries()) {
      await recognizer.enroll('c3', [rowOf(5000 + i)], {template});
    }
    watch(recognizer);
    recognizer.remove('c3', '1');
    recognizer.remove('c3', 'z');
    recognizer.remove('c3', 'x');
    const each = classes > MANY ? 2 : 1;
    expect([3, 5000, 5001, 5002].map((i) => occurrences(rowOf(i)))).toEqual([0, 0, each, 0]);
    // The mean of two has taken the place of one.
    await recognizer.enroll('c3', [rowOf(6000)], {template: 'y'});
    expect(occurrences(rowOf(5001))).toBe(0);
    recognizer.remove('c3');
    expect(recognizer.templates('c3')).toEqual([]);
  });

  it('is not left by a search for it', async () => {
    const recognizer = await filled(classes);
    recognizer.remove('c5');
    await recognizer.identify([rowOf(5), rowOf(6)]);
    expect(occurrences(rowOf(5))).toBe(0);
  });
});

it('A module whose memory cannot grow is left with nothing in it', async () => {
  const recognizer = await filled(MANY);
  const {prototype} = WebAssembly.Memory;
  const grow = Reflect.get(prototype, 'grow') as () => number;
  prototype.grow = () => {
    throw new RangeError('failed to grow memory');
  };
  SimdMemory.create = () => undefined;
  try {
    for (let i = MANY; i < MANY + 300; i++) {
      await recognizer.enroll(`c${i}`, [rowOf(i)]);
    }
  } finally {
    prototype.grow = grow;
    SimdMemory.create = realCreate;
  }
  expect(watch(recognizer)).toBeInstanceOf(PlainMemory);
  expect(occurrences(rowOf(9))).toBe(1);
  recognizer.remove('c9');
  expect(occurrences(rowOf(9))).toBe(0);
});
