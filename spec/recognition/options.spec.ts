import * as recognition from '../../lib/recognition/index.js';
import type {Features} from '../../lib/recognition/index.js';

const {Recognizer} = recognition;

const ROWS = [
  [0, 0],
  [9, 9],
];
const LABELS = ['Ada', 'Bo'];

/** Whoever writes JavaScript may pass anything. */
type Anything = (...args: unknown[]) => unknown;

async function methods(): Promise<Record<string, Anything>> {
  const recognizer = await Recognizer.fromCenters(ROWS, LABELS);
  await recognizer.calibrate([...ROWS, ...ROWS], [...LABELS, ...LABELS]);
  const bound = Object.fromEntries(
    (['enroll', 'remove', 'calibrate', 'identify', 'verify'] as const).map((name) => [
      name,
      (recognizer[name] as Anything).bind(recognizer),
    ]),
  );
  return {
    ...bound,
    Recognizer: (args) => new Recognizer(args as object),
    fromCenters: Recognizer.fromCenters.bind(Recognizer) as Anything,
    fromJSON: Recognizer.fromJSON.bind(Recognizer) as Anything,
    ...(recognition as unknown as Record<string, Anything>),
    new: (args) => new Recognizer(args as object),
  };
}

/** What a call throws or rejects with: must be an error of ours. */
async function errorOf(name: string, args: unknown[]): Promise<string> {
  const call = (await methods())[name];
  try {
    await call?.(...args);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'no error';
}

describe('Options that nobody reads are refused', () => {
  const CASES: [string, unknown[], string][] = [
    [
      'fromCenters',
      [ROWS, LABELS, {threshold: 0.5}],
      'Recognizer: expected score, width, templates, but got unknown ["threshold"].',
    ],
    [
      'fromCenters',
      [ROWS, LABELS, {metric: 'cosine'}],
      'Recognizer: expected score, width, templates, but got unknown ["metric"].',
    ],
    ['new', [{scores: 'cosine'}], 'Recognizer: expected score, width, templates, but got unknown ["scores"].'],
    ['fromCenters', [ROWS, LABELS, 0.5], 'Recognizer: expected an object with score, width, templates, but got 0.5.'],
    [
      'fromCenters',
      [ROWS, LABELS, 'cosine'],
      'Recognizer: expected an object with score, width, templates, but got "cosine".',
    ],
    ['new', [null], 'Recognizer: expected an object with score, width, templates, but got null.'],
    ['new', [['cosine']], 'Recognizer: expected an object with score, width, templates, but got ["cosine"].'],
    [
      'new',
      [new Map([['score', 'cosine']])],
      'Recognizer: expected an object with score, width, templates, but got Map.',
    ],
    ['new', [() => 1], 'Recognizer: expected an object with score, width, templates, but got Function.'],
    ['new', [Promise.resolve({})], 'Recognizer: expected an object with score, width, templates, but got Promise.'],
    [
      'calibrate',
      [ROWS, LABELS, {accepted: 0.5}],
      'calibrate: expected accept, perClass, unknown, falseAccept, confidence, leaveOneOut, but got unknown ["accepted"].',
    ],
    [
      'calibrate',
      [ROWS, LABELS, 0.5],
      'calibrate: expected an object with accept, perClass, unknown, falseAccept, confidence, leaveOneOut, but got 0.5.',
    ],
    ['calibrate', [ROWS, LABELS, null], 'but got null.'],
    ['calibrate', [ROWS, LABELS, {unknown: null}], 'calibrate: expected a Float32Array, an array of rows'],
    ['calibrate', [ROWS, LABELS, {perClass: 'no'}], 'calibrate: expected perClass to be true or false, but got "no".'],
    ['calibrate', [ROWS, LABELS, {perClass: null}], 'calibrate: expected perClass to be true or false, but got null.'],
    ['identify', [ROWS, {topK: 2}], 'identify: expected k, but got unknown ["topK"].'],
    ['identify', [ROWS, 2], 'identify: expected an object with k, but got 2.'],
    ['identify', [ROWS, null], 'identify: expected an object with k, but got null.'],
    ['identify', [ROWS, {k: '2'}], 'identify: expected k to be a whole number of at least 1, but got "2".'],
    [
      'falseAcceptAt',
      [[1, 2], [0, 1], '0.5'],
      'falseAcceptAt: expected accept to be above 0 and at most 1, but got "0.5".',
    ],
  ];

  it.each(CASES)('by %s(%j)', async (name, args, message) => {
    expect(await errorOf(name, args)).toContain(message);
    expect(await errorOf(name, args)).toMatch(/^ValueError: /);
  });

  it('unless they are undefined', async () => {
    const recognizer = await Recognizer.fromCenters(ROWS, LABELS, undefined);
    expect(await recognizer.identify([[0, 1]], undefined)).toHaveLength(1);
    await expect(recognizer.calibrate(ROWS, LABELS, undefined)).resolves.toMatchObject({accepted: 1});
  });
});

describe('What is missing or of another kind is told in a sentence', () => {
  const labels = 'expected an array of labels, one a sample, but got';
  const scores = 'expected at least one score in';
  const CASES: [string, unknown[], string][] = [
    ['fromCenters', [ROWS], `Recognizer.fromCenters: ${labels} undefined.`],
    ['fromCenters', [ROWS, null], `Recognizer.fromCenters: ${labels} null.`],
    ['fromCenters', [ROWS, 'ab'], `Recognizer.fromCenters: ${labels} "ab".`],
    ['fromCenters', [ROWS, 2], `Recognizer.fromCenters: ${labels} 2.`],
    ['fromCenters', [undefined, LABELS], 'Recognizer.fromCenters: expected a Float32Array, an array of rows'],
    ['calibrate', [ROWS], `calibrate: ${labels} undefined.`],
    ['calibrate', [ROWS, ['Ada', undefined]], 'calibrate: expected a label to be a string, but got undefined.'],
    // eslint-disable-next-line no-sparse-arrays
    ['calibrate', [ROWS, ['Ada', ,]], 'calibrate: expected a label to be a string, but got undefined.'],
    ['calibrate', [ROWS, [0, 1]], 'calibrate: expected a label to be a string, but got 0.'],
    ['compactness', [ROWS], `compactness: ${labels} undefined.`],
    ['compactness', [ROWS, {shape: [2]}], `compactness: ${labels} {"shape":[2]}.`],
    ['compactness', [ROWS, ['a', null]], 'compactness: expected a label to be a string or a number, but got null.'],
    ['compactness', [ROWS, [1, NaN]], 'compactness: expected a label to be a string or a number, but got NaN.'],
    ['recallAt1', [ROWS], `recallAt1: ${labels} undefined.`],
    [
      'recallAt1',
      [
        ROWS,
        [
          [0, 1],
          [0, 1],
        ],
      ],
      'recallAt1: expected a label to be a string or a number, but got [0,1].',
    ],
    ['recallAt1', [ROWS, BigInt64Array.of(1n, 1n)], 'expected a label to be a string or a number, but got 1n.'],
    ['auroc', [[1, 2]], `auroc: ${scores} unknown, but got undefined.`],
    ['auroc', [null, [1]], `auroc: ${scores} known, but got null.`],
    ['auroc', [[1, 2], 3], `auroc: ${scores} unknown, but got 3.`],
    ['auroc', [[1, 2], BigInt64Array.of(1n)], 'expected numbers as scores, but got 1n at index 0 of unknown.'],
    ['oscr', [[1, 2]], `oscr: ${scores} unknownScores, but got undefined.`],
    ['oscr', [[1, 2], undefined, [0, 3]], 'oscr: expected knownCorrect to have 2 values, one for each known score'],
    [
      'oscr',
      [
        [1, 2],
        ['true', 'false'],
        [0, 3],
      ],
      'oscr: expected true or false, 1 or 0, but got "true" at index 0',
    ],
    [
      'oscr',
      [
        [1, 2],
        [1, null],
        [0, 3],
      ],
      'oscr: expected true or false, 1 or 0, but got null at index 1',
    ],
    ['equalErrorRate', [[1, 2]], `equalErrorRate: ${scores} different, but got undefined.`],
    ['rocCurve', [undefined], `rocCurve: ${scores} known, but got undefined.`],
    ['falseAcceptAt', [], `falseAcceptAt: ${scores} known, but got undefined.`],
    ['identify', [BigInt64Array.of(1n, 2n)], 'but got BigInt64Array of 16 bytes.'],
    ['identify', [[BigInt64Array.of(1n, 2n)]], 'sample 0 is BigInt64Array of 16 bytes beside a width of 0.'],
    ['identify', [new DataView(new ArrayBuffer(8))], 'but got DataView of 8 bytes.'],
    ['identify', [new ArrayBuffer(8)], 'but got {}.'],
    ['identify', [null], 'but got null.'],
    ['identify', ['00'], 'but got "00".'],
    ['identify', [{shape: [1, 2], data: () => null}], 'identify: expected 2 numbers, but got null.'],
    ['identify', [{shape: [1, 2], data: () => '00'}], 'identify: expected 2 numbers, but got "00".'],
    ['verify', [ROWS], 'verify: expected a Float32Array, an array of rows'],
    ['enroll', ['Ada'], 'enroll: expected a Float32Array, an array of rows'],
    ['remove', [], 'remove: expected a label to be a string, but got undefined.'],
    ['remove', [5], 'remove: expected a label to be a string, but got 5.'],
    ['fromJSON', [], 'Recognizer.fromJSON: expected'],
    ['fromJSON', [null], 'Recognizer.fromJSON: expected'],
    ['fromJSON', ['{}'], 'Recognizer.fromJSON: expected'],
  ];

  it.each(CASES)('by %s, case %#', async (name, args, message) => {
    expect(await errorOf(name, args)).toContain(message);
    expect(await errorOf(name, args)).toMatch(/^ValueError: /);
  });

  it('with what cannot be written as JSON', async () => {
    const circle: unknown[] = [];
    circle.push(circle);
    const hostile = {
      toJSON() {
        throw new Error('no');
      },
    };
    for (const value of [circle, hostile, {a: 1n}, [Symbol('s')], {toJSON: () => undefined}]) {
      for (const [name, args] of [
        ['identify', [value]],
        ['identify', [[value]]],
        ['enroll', [value, ROWS]],
        ['calibrate', [ROWS, value]],
        ['new', [{score: value}]],
        ['fromJSON', [value]],
      ] as const) {
        expect(await errorOf(name, [...args])).toMatch(/^ValueError: [\w.]+: expected/);
      }
    }
  });
});

describe('A flat array of numbers', () => {
  it('is one sample', async () => {
    const recognizer = new Recognizer();
    await recognizer.enroll('Ada', [0.5, 0.25]);
    await recognizer.enroll('Bo', [4, 4]);
    expect(await recognizer.identify([0.5, 0.25])).toEqual(await recognizer.identify([[0.5, 0.25]]));
    expect(recognizer.toJSON().width).toBe(2);
  });

  it('is not taken apart into several, whatever is known', async () => {
    const recognizer = new Recognizer({width: 1});
    await recognizer.enroll('Ada', [3]);
    await expect(recognizer.enroll('Ada', [3, 4] as Features)).rejects.toThrow(
      'enroll: expected features of width 1, but got width 2.',
    );
    await expect(Recognizer.fromCenters([0, 0, 9, 9], ['a', 'b'])).rejects.toThrow(
      'expected one label a sample, but got 2 labels for 1 samples.',
    );
  });
});

it('The width of features has a bound', async () => {
  for (const width of [1e300, 2 ** 24 + 1]) {
    expect(() => new Recognizer({width})).toThrow(
      `Recognizer: expected width to be a whole number from 1 to 16777216, but got ${width}.`,
    );
  }
  expect(new Recognizer({width: 2 ** 24}).toJSON().width).toBe(2 ** 24);
  const wide = {shape: [1, 2 ** 24 + 1], data: () => Promise.resolve(new Float32Array(0))};
  await expect(new Recognizer().enroll('Ada', wide)).rejects.toThrow('enroll: expected features of shape');
});
