import {Recognizer} from '../../lib/recognition/index.js';
import type {RecognizerData, Score} from '../../lib/recognition/index.js';
import {normalNumbers, toRows} from '../support/random.js';

const SCORES: Score[] = ['distance', 'relative', 'cosine'];

/** Three classes of width 2. */
async function threeClasses(score: Score = 'distance'): Promise<Recognizer> {
  const recognizer = new Recognizer({score});
  await recognizer.enroll('a', [
    [1, 0],
    [3, 0],
  ]);
  await recognizer.enroll('b', [[0, 4]]);
  await recognizer.enroll('c', [[-6, 0]]);
  return recognizer;
}

/** Samples of two classes around [0, 0] and [10, 0], in turn, at growing distances. */
const SAMPLES = Array.from({length: 40}, (_, i) => [10 * (i % 2) + i / 40, 0]);
const LABELS = SAMPLES.map((_, i) => (i % 2 ? 'right' : 'left'));

async function leftAndRight(score: Score = 'distance'): Promise<Recognizer> {
  return Recognizer.fromCenters(
    [
      [0, 1],
      [10, 1],
    ],
    ['left', 'right'],
    {score},
  );
}

describe('A recognizer', () => {
  it('names the nearest class', async () => {
    const recognizer = await threeClasses();
    expect(
      await recognizer.identify([
        [2, 1],
        [0, 3],
        [-9, 0],
      ]),
    ).toEqual([
      {label: 'a', accepted: true, nearest: [{label: 'a', score: -1}]},
      {label: 'b', accepted: true, nearest: [{label: 'b', score: -1}]},
      {label: 'c', accepted: true, nearest: [{label: 'c', score: -3}]},
    ]);
  });

  it('tells the k nearest classes, or all', async () => {
    const recognizer = await threeClasses();
    const [two] = await recognizer.identify([[2, 0]], {k: 2});
    expect(two?.nearest).toEqual([
      {label: 'a', score: 0},
      {label: 'b', score: -Math.sqrt(20)},
    ]);
    const [all] = await recognizer.identify([[2, 0]], {k: 50});
    expect(all?.nearest.map(({label}) => label)).toEqual(['a', 'b', 'c']);
  });

  it('scores by the cosine', async () => {
    const recognizer = await threeClasses('cosine');
    const [found] = await recognizer.identify([[3, 3]], {k: 3});
    expect(found?.nearest.map(({label}) => label)).toEqual(['a', 'b', 'c']);
    found?.nearest.forEach(({score}, i) => {
      expect(score).toBeCloseTo([Math.SQRT1_2, Math.SQRT1_2, -Math.SQRT1_2][i] ?? NaN, 14);
    });
  });

  it('scores relative to all classes', async () => {
    const recognizer = await threeClasses('relative');
    const [found] = await recognizer.identify([[2, 1]], {k: 3});
    const distances = [1, Math.hypot(2, 3), Math.hypot(8, 1)];
    const total = distances.reduce((sum, value) => sum + Math.exp(-value), 0);
    found?.nearest.forEach(({score}, i) => {
      const own = distances[i] ?? NaN;
      // The weights of the others come from distances in float32.
      expect(score).toBeCloseTo(-own * (1 - Math.exp(-own) / total), 6);
    });
  });

  it('still tells samples apart whose relative scores are next to zero', async () => {
    const recognizer = await Recognizer.fromCenters(
      [
        [0, 0],
        [60, 0],
      ],
      ['a', 'b'],
      {score: 'relative'},
    );
    const found = await recognizer.identify([
      [1, 0],
      [2, 0],
    ]);
    const [first = NaN, second = NaN] = found.map(({nearest}) => nearest[0]?.score ?? NaN);
    expect(first).toBeLessThan(0);
    expect(second).toBeLessThan(2 * first);
  });

  it('knows the order of enrolment, and takes it where classes are equally near', async () => {
    const recognizer = await threeClasses();
    expect(recognizer.labels).toEqual(['a', 'b', 'c']);
    await recognizer.enroll('d', [[0, 4]]);
    expect((await recognizer.identify([[0, 4]]))[0]?.label).toBe('b');
  });

  it('hands out a list of labels that does not change', async () => {
    const recognizer = await threeClasses();
    const {labels} = recognizer;
    recognizer.remove('a');
    expect(labels).toEqual(['a', 'b', 'c']);
    expect(new Recognizer().labels).toEqual([]);
  });

  it('answers no samples with no answers', async () => {
    const recognizer = await threeClasses();
    expect(await recognizer.identify([])).toEqual([]);
    expect(await recognizer.identify(new Float32Array(0))).toEqual([]);
  });

  it.each(SCORES.filter((score) => score !== 'relative'))(
    'keeps the scores of the other classes to the last bit, by %s',
    async (score) => {
      const width = 100;
      const rows = toRows(normalNumbers(700 * width, 1), width);
      const samples = toRows(normalNumbers(20 * width, 2), width);
      const recognizer = new Recognizer({score});
      const scoresOfKept = async () => {
        const found = await recognizer.identify(samples, {k: 1000});
        return found.map(({nearest}) => nearest.filter(({label}) => label.startsWith('kept')));
      };
      for (const [i, row] of rows.slice(0, 300).entries()) {
        await recognizer.enroll(`kept ${i}`, [row]);
      }
      const before = await scoresOfKept();
      // Enough for the rows to move into the memory of WebAssembly.
      for (const [i, row] of rows.slice(300).entries()) {
        await recognizer.enroll(`new ${i}`, [row]);
      }
      expect(await scoresOfKept()).toEqual(before);
      await recognizer.enroll('new 7', samples);
      for (let i = 0; i < 350; i++) {
        expect(recognizer.remove(`new ${i}`)).toBe(true);
      }
      expect(await scoresOfKept()).toEqual(before);
      expect(recognizer.labels).toHaveLength(350);
    },
  );

  it('has the mean of all samples of a class as its center, however they came', async () => {
    const samples = toRows(normalNumbers(60, 3), 6);
    const atOnce = new Recognizer();
    await atOnce.enroll('a', samples);
    const oneByOne = new Recognizer();
    for (const sample of samples) {
      await oneByOne.enroll('a', [sample]);
    }
    const [first, second] = await Promise.all([atOnce, oneByOne].map((one) => one.identify([[0, 0, 0, 0, 0, 0]])));
    // Each enrolment rounds to float32.
    expect(first?.[0]?.nearest[0]?.score).toBeCloseTo(second?.[0]?.nearest[0]?.score ?? NaN, 6);
    expect(oneByOne.toJSON().classes[0]?.samples).toBe(10);
  });

  it('takes a given center for one sample', async () => {
    const recognizer = await Recognizer.fromCenters(Float32Array.of(1, 1, 5, 5), ['a', 'b']);
    await recognizer.enroll('a', [
      [4, 1],
      [4, 1],
    ]);
    expect((await recognizer.identify([[3, 1]]))[0]?.nearest).toEqual([{label: 'a', score: 0}]);
    expect(recognizer.labels).toEqual(['a', 'b']);
  });

  it('forgets a class', async () => {
    const recognizer = await threeClasses();
    expect(recognizer.remove('a')).toBe(true);
    expect(recognizer.remove('a')).toBe(false);
    expect(recognizer.labels).toEqual(['b', 'c']);
    expect((await recognizer.identify([[2, 0]]))[0]?.label).toBe('b');
    await recognizer.enroll('c', [[-8, 0]]);
    expect((await recognizer.identify([[-7, 0]]))[0]?.nearest).toEqual([{label: 'c', score: 0}]);
    await recognizer.enroll('a', [[1, 1]]);
    expect(recognizer.labels).toEqual(['b', 'c', 'a']);
    expect(new Recognizer().remove('a')).toBe(false);
  });

  it.each(SCORES)('comes back from JSON to the last bit, by %s', async (score) => {
    const width = 5;
    const rows = toRows(normalNumbers(80 * width, 4), width);
    const recognizer = new Recognizer({score});
    await recognizer.enroll('with "quotes" and ünicode', rows.slice(0, 3));
    await recognizer.enroll('b', [[-0, 1e-40, 1e15, 0.1, -3]]);
    const labels = rows.map((_, i) => (i % 2 ? 'b' : 'with "quotes" and ünicode'));
    await recognizer.calibrate(rows, labels, {perClass: true});
    const again = Recognizer.fromJSON(JSON.parse(JSON.stringify(recognizer)) as RecognizerData);
    expect(again.toJSON()).toEqual(recognizer.toJSON());
    expect(JSON.stringify(again)).toBe(JSON.stringify(recognizer));
    expect(await again.identify(rows, {k: 2})).toEqual(await recognizer.identify(rows, {k: 2}));
    expect(await again.verify(rows, rows)).toEqual(await recognizer.verify(rows, rows));
    await again.enroll('b', rows);
    await recognizer.enroll('b', rows);
    expect(again.toJSON()).toEqual(recognizer.toJSON());
  });

  it('comes back from JSON when it is empty, or not calibrated', async () => {
    expect(Recognizer.fromJSON(new Recognizer({width: 3}).toJSON()).toJSON()).toEqual({
      format: 1,
      score: 'distance',
      width: 3,
      classes: [],
    });
    const again = Recognizer.fromJSON((await threeClasses()).toJSON());
    expect((await again.identify([[100, 100]]))[0]?.accepted).toBe(true);
  });

  it('refuses what makes no sense', async () => {
    expect(() => new Recognizer({score: 'l1' as Score})).toThrow(
      `Recognizer: expected score to be 'distance', 'relative' or 'cosine', but got "l1".`,
    );
    for (const width of [0, 1.5, NaN]) {
      expect(() => new Recognizer({width})).toThrow(
        `Recognizer: expected width to be a whole number from 1 to 16777216, but got ${width}.`,
      );
    }
    const recognizer = new Recognizer();
    const none = 'expected a class to be enrolled before, but there is none.';
    await expect(recognizer.identify([[1]])).rejects.toThrow(`identify: ${none}`);
    await expect(recognizer.calibrate([[1]], ['a'])).rejects.toThrow(`calibrate: ${none}`);
    await expect(recognizer.enroll('a', [])).rejects.toThrow(
      'enroll: expected at least one sample of "a", but got none.',
    );
    await expect(recognizer.enroll(3 as unknown as string, [[1]])).rejects.toThrow(
      'enroll: expected a label to be a string, but got 3.',
    );
    await recognizer.enroll('a', [[1]]);
    await expect(recognizer.enroll('b', [[1, 2]])).rejects.toThrow(
      'enroll: expected features of width 1, but got width 2.',
    );
    await expect(recognizer.identify([[1, 2]])).rejects.toThrow(
      'identify: expected features of width 1, but got width 2.',
    );
    for (const k of [0, 1.5, NaN]) {
      await expect(recognizer.identify([[1]], {k})).rejects.toThrow(
        `identify: expected k to be a whole number of at least 1, but got ${k}.`,
      );
    }
    recognizer.remove('a');
    await expect(recognizer.identify([[1]])).rejects.toThrow(`identify: ${none}`);
  });

  it('does not mix widths that come at the same time', async () => {
    const recognizer = new Recognizer();
    const results = await Promise.allSettled([recognizer.enroll('a', [[1]]), recognizer.enroll('b', [[1, 2]])]);
    expect(results.map(({status}) => status)).toEqual(['fulfilled', 'rejected']);
    expect(recognizer.labels).toEqual(['a']);
  });

  it('starts with centers that have labels', async () => {
    const from = Recognizer.fromCenters.bind(Recognizer);
    await expect(from([[1], [2]], ['a'])).rejects.toThrow(
      'Recognizer.fromCenters: expected one label a sample, but got 1 labels for 2 samples.',
    );
    await expect(from([[1], [2]], ['a', 'a'])).rejects.toThrow(
      'Recognizer.fromCenters: expected labels that differ, but got "a" twice.',
    );
    await expect(from([[1]], [0 as unknown as string])).rejects.toThrow(
      'Recognizer.fromCenters: expected a label to be a string, but got 0.',
    );
    await expect(from([], [])).rejects.toThrow('Recognizer.fromCenters: expected at least one sample, but got none.');
    await expect(from(Float32Array.of(1, 2, 3), ['a', 'b'])).rejects.toThrow(
      'expected one label a sample, but got 2 labels for 1 samples.',
    );
  });
});

describe('A calibrated recognizer', () => {
  it.each(SCORES)('refuses what is unlike all classes, by %s', async (score) => {
    const recognizer = await leftAndRight(score);
    await recognizer.calibrate(SAMPLES, LABELS);
    const [known, unknown] = await recognizer.identify(
      score === 'cosine'
        ? [
            [10, 1],
            [-5, -5],
          ]
        : [
            [10, 1],
            [5, 30],
          ],
    );
    expect(known).toMatchObject({label: 'right', accepted: true});
    expect(unknown).toMatchObject({label: undefined, accepted: false});
    expect(unknown?.nearest).toHaveLength(1);
  });

  it('gives the threshold of all to a class enrolled later, and to one enrolled again', async () => {
    const recognizer = await leftAndRight();
    const {threshold} = await recognizer.calibrate(SAMPLES, LABELS, {perClass: true, accept: 0.8});
    await recognizer.enroll('up', [[0, 100]]);
    const up = await recognizer.identify([
      [0, 100 + threshold],
      [0, 100 + threshold - 0.001],
    ]);
    expect(up.map(({accepted}) => accepted)).toEqual([true, false]);
    recognizer.remove('left');
    await recognizer.enroll('left', [[0, 1]]);
    expect(recognizer.toJSON().classes.map((data) => data.threshold !== undefined)).toEqual([true, false, false]);
  });

  it('verifies that two samples are the same', async () => {
    const recognizer = await leftAndRight();
    await recognizer.calibrate(SAMPLES, LABELS);
    expect(
      await recognizer.verify(
        [
          [50, 50],
          [50, 50],
        ],
        [
          [50, 50],
          [55, 50],
        ],
      ),
    ).toMatchObject([
      {same: true, score: 0},
      {same: false, score: -5},
    ]);
  });

  it('verifies by the cosine, too', async () => {
    const recognizer = await leftAndRight('cosine');
    await recognizer.calibrate(SAMPLES, LABELS);
    const [parallel, opposite] = await recognizer.verify(
      [
        [1, 0],
        [1, 0],
      ],
      [
        [2, 0],
        [-1, 0],
      ],
    );
    expect(parallel).toMatchObject({same: true, score: 1});
    expect(opposite).toMatchObject({same: false, score: -1});
  });

  it('refuses to verify as long as it cannot', async () => {
    const recognizer = await leftAndRight();
    const uncalibrated =
      'verify: expected calibrate to be called before, with samples that can be paired, or pairThreshold to be set.';
    await expect(recognizer.verify([[1, 2]], [[1, 2]])).rejects.toThrow(uncalibrated);
    const {pairThreshold} = await recognizer.calibrate(
      [
        [0, 0],
        [9, 0],
      ],
      ['left', 'right'],
    );
    expect(pairThreshold).toBeUndefined();
    await expect(recognizer.verify([[1, 2]], [[1, 2]])).rejects.toThrow(uncalibrated);
    await expect(recognizer.verify([[1, 2]], [])).rejects.toThrow(
      'verify: expected as many samples as in first, 1, but got 0.',
    );
    await expect(new Recognizer().verify([[1, 2]], [[1]])).rejects.toThrow(
      'verify: expected features of width 2, but got width 1.',
    );
  });
});
