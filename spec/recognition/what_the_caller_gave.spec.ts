import {compactness, recallAt1, Recognizer} from '../../lib/recognition/index.js';
import type {Features, Score} from '../../lib/recognition/index.js';
import {normalNumbers, toRows} from '../support/random.js';

/** As a tensor of TensorFlow.js: to ask it after it was disposed is an error. */
class Disposable {
  readonly shape: readonly number[];
  private values: Float32Array | undefined;

  constructor(shape: readonly number[], values: ArrayLike<number>) {
    this.shape = shape;
    this.values = Float32Array.from(values);
  }

  data(): Promise<Float32Array> {
    return this.values ? Promise.resolve(this.values.slice()) : Promise.reject(new Error('Tensor is disposed.'));
  }

  dispose(): void {
    this.values = undefined;
  }
}

const CORNERS = [
  [0, 0],
  [9, 9],
];

const leftAndRight = () => Recognizer.fromCenters(CORNERS, ['left', 'right']);

describe('A buffer that is filled again after the call', () => {
  it('has given what data() gave at once', async () => {
    const recognizer = await leftAndRight();
    const buffer = new Float32Array(2);
    const found = [...CORNERS, ...CORNERS].map((frame) => {
      buffer.set(frame);
      return recognizer.identify({shape: [1, 2], data: () => buffer} as unknown as Features);
    });
    expect((await Promise.all(found)).flat().map(({label}) => label)).toEqual(['left', 'right', 'left', 'right']);
  });

  it('has given the samples that were in it at the call', async () => {
    const recognizer = await leftAndRight();
    const buffer = new Float32Array(2);
    const found = [...CORNERS, ...CORNERS].map((frame) => {
      buffer.set(frame);
      return recognizer.identify(buffer);
    });
    expect((await Promise.all(found)).flat().map(({label}) => label)).toEqual(['left', 'right', 'left', 'right']);
  });

  it('has enrolled them', async () => {
    const recognizer = new Recognizer({width: 2});
    const buffer = new Float32Array(2);
    await Promise.all(
      ['a', 'b', 'c'].map((label, i) => {
        buffer.fill(i);
        return recognizer.enroll(label, buffer);
      }),
    );
    const found = await recognizer.identify(Float32Array.of(0, 0, 1, 1, 2, 2));
    expect(found.map(({nearest}) => nearest)).toEqual(['a', 'b', 'c'].map((label) => [{label, score: 0}]));
  });

  it('has given centers, samples to calibrate with, and pairs', async () => {
    const [centers, first, second] = [Float32Array.of(0, 0, 9, 9), Float32Array.of(1, 1), Float32Array.of(1, 1)];
    const labels = ['left', 'right'];
    const made = Recognizer.fromCenters(centers, labels);
    centers.fill(NaN);
    labels.reverse();
    const recognizer = await made;
    expect((await recognizer.identify([CORNERS[1] ?? []]))[0]?.label).toBe('right');

    const [known, unknown, names] = [
      Float32Array.of(0, 1, 0, 1, 9, 8),
      Float32Array.of(4, 4),
      ['left', 'left', 'right'],
    ];
    const goal = {accept: 1, unknown};
    const calibrated = recognizer.calibrate(known, names, goal);
    known.fill(NaN);
    unknown.fill(0);
    names.fill('nobody');
    goal.accept = 0.1;
    expect(await calibrated).toMatchObject({accepted: 1, correct: 1, falselyAccepted: 0, threshold: -1});

    const verified = recognizer.verify(first, second);
    first.fill(5);
    second.fill(NaN);
    expect(await verified).toMatchObject([{same: true, score: 0}]);
  });

  it('has given the samples of a measure, and their labels', async () => {
    const rows = [0, 1, 8, 9, 20, 21];
    const [features, labels] = [Float32Array.from(rows), [1, 1, 2, 2, 3, 3]];
    const measured = Promise.all([compactness(features, labels), recallAt1(features, labels)]);
    features.reverse();
    labels[0] = 3;
    const again = Float32Array.from(rows);
    expect(await measured).toEqual([await compactness(again, [1, 1, 2, 2, 3, 3]), 1]);
  });

  it('cannot bring NaN into the store, where it would change what the others are called', async () => {
    const [classes, width] = [2000, 16];
    const values = normalNumbers(classes * width, 1);
    const recognizer = await Recognizer.fromCenters(
      values,
      Array.from({length: classes}, (_, i) => `c${i}`),
    );
    const query = values.slice(1500 * width, 1501 * width);
    const buffer = new Float32Array(width);
    const enrolled = recognizer.enroll('good', buffer);
    await Promise.resolve();
    buffer[0] = NaN;
    await enrolled;
    expect((await recognizer.identify(query))[0]?.label).toBe('c1500');
    recognizer.remove('good');
    expect((await recognizer.identify(query))[0]?.label).toBe('c1500');
  });

  it('may be what data() gives', async () => {
    const recognizer = await leftAndRight();
    const buffer = Float32Array.of(9, 9);
    const found = recognizer.identify({shape: [1, 2], data: () => Promise.resolve(buffer)});
    await Promise.resolve();
    await Promise.resolve();
    buffer.fill(0);
    expect((await found)[0]?.label).toBe('right');
  });
});

describe('Tensors that are disposed right after the call', () => {
  it('are read: both of verify', async () => {
    const recognizer = await leftAndRight();
    await recognizer.calibrate([...CORNERS, ...CORNERS], ['left', 'right', 'left', 'right']);
    const pair = [new Disposable([1, 2], [3, 3]), new Disposable([1, 2], [3, 3])] as const;
    const verified = recognizer.verify(...pair);
    pair.forEach((one) => {
      one.dispose();
    });
    expect(await verified).toMatchObject([{same: true, score: 0}]);
  });

  it('are read: known and unknown samples of calibrate', async () => {
    const recognizer = await leftAndRight();
    const [known, unknown] = [new Disposable([2, 2], [0, 1, 9, 8]), new Disposable([1, 2], [4, 4])];
    const calibrated = recognizer.calibrate(known, ['left', 'right'], {falseAccept: 0.5, unknown});
    known.dispose();
    unknown.dispose();
    expect((await calibrated).accepted).toBe(1);
  });
});

const NO_NUMBERS: unknown[] = [
  null,
  '',
  ' ',
  '1',
  false,
  true,
  [],
  [7],
  new Date(0),
  1n,
  {},
  undefined,
  NaN,
  -Infinity,
];

describe('What is no number', () => {
  const inAllForms = (value: unknown): [string, unknown][] => [
    ['a row', [[0.1, value, 0.2]]],
    ['one sample', [0.1, value, 0.2]],
    ['data()', {shape: [1, 3], data: () => Promise.resolve([0.1, value, 0.2])}],
  ];

  it.each(NO_NUMBERS.flatMap(inAllForms))('is refused in %s: %j', async (_, samples) => {
    const recognizer = await Recognizer.fromCenters([[0.1, 0, 0.2]], ['Ada']);
    const before = JSON.stringify(recognizer);
    const message =
      /: expected numbers between -1000000000000000 and 1000000000000000, but got .* in sample 0 at feature 1\.$/;
    await expect(recognizer.enroll('Ada', samples as Features)).rejects.toThrow(message);
    await expect(recognizer.identify(samples as Features)).rejects.toThrow(message);
    expect(JSON.stringify(recognizer)).toBe(before);
  });

  it('is refused where JSON made null of NaN', async () => {
    const samples = JSON.parse(JSON.stringify([[0.1, NaN, 0.2]])) as Features;
    await expect(new Recognizer().enroll('Ada', samples)).rejects.toThrow('but got null in sample 0 at feature 1.');
  });

  it.each([[['1', '2']], [[1.5, 2]], [[-1, -2]], [[NaN, 2]], [[1, null]], [[1, 2 ** 25]], [[2 ** 53, 2]]])(
    'is refused in a shape: %j',
    async (shape) => {
      const samples = {shape, data: () => Promise.resolve([1, 2])} as unknown as Features;
      await expect(new Recognizer().enroll('Ada', samples)).rejects.toThrow(/^enroll: expected/);
    },
  );

  it.each([['0.5'], [null], [[0.5]], [true]])('is refused as a share: %j', async (share) => {
    const recognizer = await leftAndRight();
    const goals = [{accept: share}, {falseAccept: share, unknown: [[4, 4]]}] as object[];
    for (const goal of goals) {
      await expect(recognizer.calibrate(CORNERS, ['left', 'right'], goal)).rejects.toThrow(
        /^calibrate: expected (accept|falseAccept) to be/,
      );
    }
  });

  it('is refused where a row or a sample is missing', async () => {
    const holes: [unknown, string][] = [
      [new Array(1), 'sample 0 is undefined'],
      [[[1, 1], null], 'sample 1 is null'],
      [[null], 'sample 0 is null'],
      [[[1, 1], 3], 'sample 1 is 3'],
      [[[1, 1], '22'], 'sample 1 is "22"'],
    ];
    for (const [samples, message] of holes) {
      await expect(new Recognizer().enroll('Ada', samples as Features)).rejects.toThrow(
        `enroll: expected rows of equal width, but ${message}`,
      );
    }
  });
});

describe('The class of a cosine recognizer', () => {
  const whoIs = async (recognizer: Recognizer, sample: number[]) =>
    (await recognizer.identify([sample], {k: 9}))[0]?.nearest ?? [];

  it.each([1, 100, 1e-3])('does not depend on the length of a sample, %d', async (loudness) => {
    const recognizer = new Recognizer({score: 'cosine'});
    await recognizer.enroll('Ada', [
      [loudness, 0],
      [0, 1],
    ]);
    await recognizer.enroll('Bo', [[0.8, 0.6]]);
    const [first] = await whoIs(recognizer, [0, 1]);
    expect(first?.label).toBe('Ada');
    expect(first?.score).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('is the same in one call and in several, from centers as well', async () => {
    const rows = toRows(normalNumbers(60, 7), 6).map((row, i) => row.map((value) => 10 ** (i % 4) * value));
    const [atOnce, oneByOne, inTwo] = [0, 1, 2].map(() => new Recognizer({score: 'cosine'})) as [
      Recognizer,
      Recognizer,
      Recognizer,
    ];
    const fromOne = await Recognizer.fromCenters(rows.slice(0, 1), ['a'], {score: 'cosine'});
    await atOnce.enroll('a', rows);
    for (const row of rows) {
      await oneByOne.enroll('a', [row]);
    }
    await inTwo.enroll('a', rows.slice(0, 4));
    await inTwo.enroll('a', rows.slice(4));
    await fromOne.enroll('a', rows.slice(1));
    for (const recognizer of [atOnce, oneByOne, inTwo, fromOne]) {
      const scores = await Promise.all(rows.map(async (row) => (await whoIs(recognizer, row))[0]?.score));
      const expected = await Promise.all(rows.map(async (row) => (await whoIs(atOnce, row))[0]?.score ?? NaN));
      scores.forEach((score, i) => {
        expect(score).toBeCloseTo(expected[i] ?? NaN, 6);
      });
      expect(recognizer.toJSON().classes[0]?.samples).toBe(10);
    }
  });

  it('takes a sample without direction for one that says nothing', async () => {
    const recognizer = new Recognizer({score: 'cosine'});
    await recognizer.enroll('a', [
      [0, 0],
      [3, 4],
    ]);
    expect((await whoIs(recognizer, [3, 4]))[0]?.score).toBeCloseTo(1, 6);
    expect(recognizer.toJSON().classes[0]?.samples).toBe(2);
  });

  it.each([10, 1])('that version 0.2 saved, of length %d, goes on as so many samples', async (size) => {
    const center = Buffer.from(Float32Array.of(size, 0).buffer).toString('base64');
    const saved = {score: 'cosine', width: 2, classes: [{label: 'a', samples: 3, center}]};
    const recognizer = Recognizer.fromJSON(saved);
    expect((await whoIs(recognizer, [1, 1]))[0]?.score).toBeCloseTo(Math.SQRT1_2, 14);
    await recognizer.enroll('a', [[0, 70]]);
    // Three samples along the first axis, and one along the second.
    expect((await whoIs(recognizer, [1, 0]))[0]?.score).toBeCloseTo(3 / Math.hypot(3, 1), 6);
  });
});

it.each<Score>(['distance', 'cosine', 'relative'])('A class of one sample is that sample, by %s', async (score) => {
  const recognizer = new Recognizer({score});
  await recognizer.enroll('a', [[3, 4.5]]);
  const again = await Recognizer.fromCenters([[3, 4.5]], ['a'], {score});
  expect(again.toJSON()).toEqual(recognizer.toJSON());
  expect(recognizer.toJSON().classes[0]?.center).toBe(Buffer.from(Float32Array.of(3, 4.5).buffer).toString('base64'));
});

describe('Bytes', () => {
  it.each([Buffer.from(Float32Array.of(1, 2).buffer), new Uint8Array(8)])(
    'are no samples: those of a file are refused in a sentence',
    async (bytes) => {
      const recognizer = new Recognizer({width: 2});
      const error =
        /expected numbers, but got a (Buffer|Uint8Array) of 8 bytes, which may stand for others: pass a Float/;
      await expect(recognizer.enroll('a', bytes as unknown as Features)).rejects.toThrow(error);
      await expect(Recognizer.fromCenters(bytes as unknown as Features, ['a', 'b'])).rejects.toThrow(error);
    },
  );
});

describe('The score of a recognizer', () => {
  it('stays the one that its centers were prepared for', async () => {
    const recognizer = await leftAndRight();
    expect(() => {
      (recognizer as {score: Score}).score = 'cosine';
    }).toThrow(TypeError);
    expect(recognizer.score).toBe('distance');
  });

  it('is refused where it is relative and one class alone is left to be compared with calibrated thresholds', async () => {
    const recognizer = await Recognizer.fromCenters(CORNERS, ['left', 'right'], {score: 'relative'});
    await recognizer.calibrate([...CORNERS, [1, 1]], ['left', 'right', 'left']);
    recognizer.remove('right');
    await expect(recognizer.identify([[500, 500]])).rejects.toThrow("at least two classes for the score 'relative'");
  });
});
