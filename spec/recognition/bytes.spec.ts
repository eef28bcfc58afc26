import {Recognizer} from '../../lib/recognition/index.js';
import {checksum} from '../../lib/recognition/checksum.js';
import {mulberry32, normalNumbers, toRows} from '../support/random.js';

async function saved(): Promise<Recognizer> {
  const recognizer = await Recognizer.fromCenters([[0, 0, 0], [9, 0, 1], [0.1, 9, 2]], ['Ada', 'Bö', '__proto__']); // prettier-ignore
  await recognizer.enroll('Ada', [[0, 0, 5], [1, 0, 5]], {template: 'constructor'}); // prettier-ignore
  const known = Array.from({length: 10}, (_, i) => [9 * (i % 2), i / 5, 0]);
  await recognizer.calibrate(known, known.map(([x]) => (x ? 'Bö' : 'Ada')), {perClass: true, accept: 0.8}); // prettier-ignore
  return recognizer;
}

/** The bytes of other contents, with the right checksum. */
function forged(head: object | string, values: readonly number[], {format = 1, headBytes = 0} = {}): Uint8Array {
  const text = typeof head === 'string' ? head : JSON.stringify(head);
  const json = Buffer.from(text.padEnd(4 * Math.ceil(Buffer.byteLength(text) / 4)));
  const bytes = Buffer.concat([Buffer.from('tfjs-clr'), Buffer.alloc(8), json, Buffer.from(Float32Array.from(values).buffer), Buffer.alloc(4)]); // prettier-ignore
  bytes.writeUInt32LE(format, 8);
  bytes.writeUInt32LE(headBytes || json.length, 12);
  return signed(Uint8Array.from(bytes));
}

function signed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const end = bytes.length - 4;
  new DataView(bytes.buffer).setUint32(end, checksum(new Int32Array(bytes.buffer, 0, end / 4)), true);
  return bytes;
}

function refusalOf(bytes: unknown): string {
  try {
    Recognizer.fromBytes(bytes as Uint8Array);
  } catch (error) {
    expect(error).toMatchObject({name: 'ValueError', message: expect.stringMatching(/^Recognizer\.fromBytes: expected /) as string}); // prettier-ignore
    return (error as Error).message;
  }
  return '';
}

describe('The bytes of a recognizer', () => {
  it('make the same one', async () => {
    const recognizer = await saved();
    const bytes = recognizer.toBytes();
    expect(Recognizer.fromBytes(bytes).toJSON()).toEqual(recognizer.toJSON());
    expect(Recognizer.fromBytes(bytes).toBytes()).toEqual(bytes);
    // As files are read, anywhere in a larger buffer.
    for (const start of [0, 1, 2, 3, 4]) {
      const within = new Uint8Array(bytes.length + 8);
      within.set(bytes, start);
      const same = Recognizer.fromBytes(within.subarray(start, start + bytes.length));
      expect(same.toJSON()).toEqual(recognizer.toJSON());
    }
    expect(Recognizer.fromBytes(Buffer.from(bytes)).labels).toEqual(recognizer.labels);
  });

  it.each([
    ['one that knows nothing', () => new Recognizer()],
    ['one with a width', () => new Recognizer({score: 'cosine', width: 7})],
    ['one with templates', () => new Recognizer({templates: 'each'})],
  ])('make the same of %s', (_, create) => {
    expect(Recognizer.fromBytes(create().toBytes()).toJSON()).toEqual(create().toJSON());
  });

  it.each([1, 2, 3, 4, 5, 8, 130])('keep all numbers of width %d, where some classes were removed', async (width) => {
    const rows = toRows(normalNumbers(100 * width, 3), width);
    const recognizer = await Recognizer.fromCenters(rows, rows.map((_, i) => `c${i}`)); // prettier-ignore
    for (const i of [0, 17, 18, 99]) {
      recognizer.remove(`c${i}`);
    }
    await recognizer.enroll('c5', toRows(normalNumbers(7 * width, 4), width));
    const same = Recognizer.fromBytes(recognizer.toBytes());
    expect(same.toJSON()).toEqual(recognizer.toJSON());
    expect(await same.identify(rows, {k: 3})).toEqual(await recognizer.identify(rows, {k: 3}));
  });

  it('are what the documentation says', async () => {
    const bytes = (await Recognizer.fromCenters([[1, 2]], ['cat'])).toBytes();
    const head = '{"score":"distance","width":2,"labels":["cat"]} ';
    expect(bytes).toEqual(forged(head, [1, 2]));
    expect(head).toHaveLength(48);
  });

  it('keep labels of any characters, and are read as other programs may write them', async () => {
    for (const labels of [['', '","', '"]'], ['\\', 'b'], [''], ['\u007f', '\0', '\ud800'], ['a]', '[', ',', '😀']]) {
      const recognizer = await Recognizer.fromCenters(labels.map((_, i) => [i]), labels); // prettier-ignore
      expect(Recognizer.fromBytes(recognizer.toBytes()).labels).toEqual(labels);
    }
    for (const head of [
      '{"score":"distance","width":1,"labels":["a", "b"]}',
      '{"labels":["a","b"],"score":"distance","width":1}',
    ]) {
      expect(Recognizer.fromBytes(forged(head, [1, 2])).labels).toEqual(['a', 'b']);
    }
    expect(refusalOf(forged('{"score":"distance","width":1,"labels":["a",1,"b"]}', [1, 2, 3]))).toContain(
      'of 3 centers',
    );
  });

  it('are refused with any byte changed, and with any number of them missing', async () => {
    const bytes = (await saved()).toBytes();
    const random = mulberry32(1);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] ?? NaN) ^ (1 + Math.floor(255 * random()));
      expect(refusalOf(changed)).not.toBe('');
      expect(refusalOf(bytes.subarray(0, i))).not.toBe('');
    }
    expect(refusalOf(Uint8Array.of(...bytes, 0, 0, 0, 0))).not.toBe('');
    expect(refusalOf(bytes)).toBe('');
  });

  it('of a later format are refused with what to do', () => {
    expect(refusalOf(forged({}, [], {format: 2}))).toBe(
      'Recognizer.fromBytes: expected format 1, but got 2: a later version of tfjs-center-loss saved it. Update this one.',
    );
  });

  it.each([null, undefined, 'tfjs-clr', new ArrayBuffer(64), new Int8Array(64), [1, 2], {length: 64}])(
    'are bytes, and not %p',
    (given) => {
      expect(refusalOf(given)).toContain('expected a Uint8Array, but got');
    },
  );

  const HEAD = {score: 'distance', width: 2, labels: ['a', 'b'], samples: [1, 2]};
  const VALUES = [1, 2, 3, 4];
  const LIES: [string, Uint8Array, string][] = [
    ['more labels than centers', forged({...HEAD, labels: ['a', 'b', 'c']}, VALUES), '3 centers of width 2, but got 4'],
    ['fewer labels than centers', forged({...HEAD, labels: ['a']}, VALUES), '1 centers of width 2, but got 4'],
    ['a width of 16 million', forged({...HEAD, width: 2 ** 24}, VALUES), 'centers of width 16777216, but got 4'],
    ['a width beyond', forged({...HEAD, width: 2 ** 40}, VALUES), 'expected width to be'],
    ['no width', forged({...HEAD, width: undefined}, VALUES), 'centers of width undefined, but got 4'],
    ['labels that are no list', forged({...HEAD, labels: {length: 2}}, VALUES), 'NaN centers of width 2'],
    ['no labels', forged({...HEAD, labels: undefined}, []), 'NaN centers'],
    ['labels alone', forged({score: 'distance', labels: ['a', 'b']}, []), '2 centers of width undefined, but got 0'],
    [
      'labels that are no strings',
      forged({...HEAD, labels: ['a', 1]}, VALUES),
      'expected labels of 2 centers, but got',
    ],
    ['a label twice', forged({...HEAD, labels: ['a', 'a']}, VALUES), 'expected labels that differ, but got "a" twice'],
    [
      'a name twice',
      forged({...HEAD, labels: ['a', 'a'], names: ['x', 'x']}, VALUES),
      'differ, but got ["a","x"] twice',
    ],
    ['too few names', forged({...HEAD, names: ['x']}, VALUES), 'expected names of 2 centers, but got ["x"]'],
    ['names that are none', forged({...HEAD, names: ['x', null]}, VALUES), 'expected names of 2 centers'],
    ['too few samples', forged({...HEAD, samples: [1]}, VALUES), 'expected samples of 2 centers'],
    ['samples that are no counts', forged({...HEAD, samples: [1, 0.5]}, VALUES), 'expected samples of 2 centers'],
    ['thresholds alone', forged({...HEAD, thresholds: [['a', 1]]}, VALUES), 'expected a threshold beside'],
    ['thresholds that are none', forged({...HEAD, threshold: 1, thresholds: [['a', '1']]}, VALUES), 'but got "1"'],
    ['thresholds of no label', forged({...HEAD, threshold: 1, thresholds: [[1, 1]]}, VALUES), 'expected thresholds'],
    [
      'a threshold of a stranger',
      forged({...HEAD, threshold: 1, thresholds: [['c', 1]]}, VALUES),
      'labels of enrolled classes, but got "c"',
    ],
    ['a threshold twice', forged({...HEAD, threshold: 1, thresholds: [['a', 1], ['a', 2]]}, VALUES), 'but got 2 for 1'], // prettier-ignore
    ['NaN', forged(HEAD, [1, 2, 3, NaN]), 'center of class "b" to hold numbers between'],
    ['Infinity', forged(HEAD, [1, -Infinity, 3, 4]), 'center of class "a" to hold numbers between'],
    ['a name that nothing reads', forged({...HEAD, classes: []}, VALUES), 'but got unknown ["classes"]'],
    ['__proto__ as a name', forged('{"score": "distance", "__proto__": {}}', []), 'but got unknown ["__proto__"]'],
    ['what is no JSON in a label', forged('{"score":"distance","labels":["a\nb"]}', []), 'expected an object with'],
    ['a list for a head', forged('[]', []), 'expected an object with'],
    ['null for a head', forged('null', []), 'expected an object with'],
    ['no JSON', forged('{"score": ', []), 'expected an object with'],
    ['what is deep', forged('['.repeat(100_000), []), 'expected an object with'],
    [
      'what is deep in a label',
      forged(`{"score":"distance","width":1,"labels":${'['.repeat(4000)}${']'.repeat(4000)}}`, [1]),
      'expected labels',
    ],
    ['a head beyond its end', forged(HEAD, VALUES, {headBytes: 4096}), 'expected an object with'],
    ['a head of 4 GiB', forged(HEAD, VALUES, {headBytes: 2 ** 32 - 4}), 'expected an object with'],
    ['a head that ends between', forged(HEAD, VALUES, {headBytes: 66}), 'expected an object with'],
    ['a head that is part of its centers', forged(HEAD, VALUES, {headBytes: 76}), 'expected an object with'],
  ];

  it.each(LIES)('are refused with %s, though the checksum is right', (_, bytes, message) => {
    expect(refusalOf(bytes)).toContain(message);
  });

  it('reserve nothing for sizes that lie', () => {
    const {Float32Array: Real} = globalThis;
    let largest = 0;
    globalThis.Float32Array = new Proxy(Real, {
      construct(target, args, newTarget) {
        largest = Math.max(largest, typeof args[0] === 'number' ? args[0] : 0);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    try {
      for (const [, bytes] of LIES) {
        refusalOf(bytes);
      }
    } finally {
      globalThis.Float32Array = Real;
    }
    expect(largest).toBeLessThan(10_000);
  });
});

/** `npm test -- --selectProjects recognition --testPathPatterns bytes` with CHANGES=1000000 tries more. */
const CHANGES = Number(process.env['CHANGES'] ?? 4000);

it('Bytes that were changed anywhere and signed anew are refused with a ValueError, or make a recognizer that answers', async () => {
  const recognizer = await saved();
  const bytes = recognizer.toBytes();
  const headEnd = 16 + new DataView(bytes.buffer).getUint32(12, true);
  const random = mulberry32(11);
  const below = (end: number) => Math.floor(end * random());
  const count = {refused: 0, loaded: 0};
  for (let i = 0; i < CHANGES; i++) {
    const changed = bytes.slice();
    for (let changes = below(3); changes >= 0; changes--) {
      // In turn the head, with what JSON is made of, the centers, and anything.
      const place =
        [16 + below(headEnd - 16), headEnd + below(bytes.length - 4 - headEnd), below(bytes.length - 4)][i % 3] ?? 0;
      changed[place] = place < headEnd ? '0123456789-.eE"\\,:{}[]abAdn '.charCodeAt(below(29)) : below(256);
    }
    const cut = i % 10 === 0 ? 4 * below(bytes.length / 4 - 5) : 0;
    const given = signed(changed.slice(0, changed.length - cut));
    const refusal = refusalOf(given);
    if (refusal !== '') {
      count.refused++;
      continue;
    }
    count.loaded++;
    const loaded = Recognizer.fromBytes(given);
    expect(JSON.stringify(Recognizer.fromBytes(loaded.toBytes()))).toBe(JSON.stringify(loaded));
    if (loaded.labels.length > 1) {
      const answers = await loaded.identify([[0, 0, 0], [8, 1, 1]], {k: 9}); // prettier-ignore
      expect(answers.flatMap(({nearest}) => nearest).every(({score}) => Number.isFinite(score))).toBe(true);
      expect(answers.map(({nearest}) => nearest.length)).toEqual([loaded.labels.length, loaded.labels.length]);
    }
  }
  expect(count.refused + count.loaded).toBe(CHANGES);
  expect(count.refused).toBeGreaterThan(CHANGES / 5);
  expect(count.loaded).toBeGreaterThan(CHANGES / 5);
});
