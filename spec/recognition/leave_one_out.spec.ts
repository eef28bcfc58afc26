import {Recognizer} from '../../lib/recognition/index.js';
import type {Score} from '../../lib/recognition/index.js';
import {normalNumbers, toRows} from '../support/random.js';

const WIDTH = 4;
const NAMES = ['Ada', 'Bo', 'Cid'];

/** Classes of so many samples, so near each other that some are taken for others. */
function drawn(each: number) {
  const rows = toRows(normalNumbers(NAMES.length * each * WIDTH, 1), WIDTH).map((row, i) =>
    row.map((value, d) => value + (d === i % NAMES.length ? 1.5 : 0)),
  );
  return {rows, labels: rows.map((_, i) => NAMES[i % NAMES.length] ?? '')};
}

async function enrolled({rows, labels}: {rows: number[][]; labels: string[]}, score: Score): Promise<Recognizer> {
  const recognizer = new Recognizer({score});
  for (const name of NAMES) {
    const own = rows.filter((_, i) => labels[i] === name);
    if (own.length > 0) {
      await recognizer.enroll(name, own);
    }
  }
  return recognizer;
}

describe('Enrolled samples that calibrate', () => {
  it.each<[Score, number]>([
    ['distance', 2],
    ['distance', 9],
    ['relative', 5],
    ['cosine', 2],
    ['cosine', 9],
  ])('give the scores that they have for recognizers without them: %s, %p a class', async (score, each) => {
    const samples = drawn(each);
    const scores: number[] = [];
    let wrong = 0;
    for (const [i, row] of samples.rows.entries()) {
      const others = {
        rows: samples.rows.filter((_, other) => other !== i),
        labels: samples.labels.filter((_, other) => other !== i),
      };
      const [found] = await (await enrolled(others, score)).identify([row]);
      scores.push(found?.nearest[0]?.score ?? NaN);
      wrong += Number(found?.label !== samples.labels[i]);
    }
    const recognizer = await enrolled(samples, score);
    const before = JSON.stringify(recognizer);
    const report = await recognizer.calibrate(samples.rows, samples.labels, {accept: 1, leaveOneOut: true});
    const saved = recognizer.toJSON();
    scores
      .sort((a, b) => a - b)
      .forEach((value, i) => {
        // Centers are kept in float32.
        expect(saved.scores?.[i]).toBeCloseTo(value, 5);
      });
    expect(saved.scores).toHaveLength(scores.length);
    expect(report.threshold).toBe(saved.scores?.[0]);
    expect(report.correct).toBeCloseTo(1 - wrong / scores.length, 12);
    expect(wrong).toBeGreaterThan(0);
    // And the classes are to the last bit as they were.
    expect(saved.classes).toEqual((JSON.parse(before) as typeof saved).classes);
  });

  it('accept as many new ones as asked, which their scores for themselves would not', async () => {
    const samples = drawn(5);
    const recognizer = await enrolled(samples, 'distance');
    const {threshold: naive} = await recognizer.calibrate(samples.rows, samples.labels, {accept: 0.9});
    const {threshold} = await recognizer.calibrate(samples.rows, samples.labels, {accept: 0.9, leaveOneOut: true});
    // The square of the distance to a mean of five grows with 6 / 5, that of a sample that is in it shrinks with 4 / 5.
    expect(naive).toBeGreaterThan(0.9 * threshold);
  });

  it('are no more of a class than are enrolled: held-out ones beside them are none to leave out', async () => {
    const {rows, labels} = drawn(4);
    const recognizer = await enrolled({rows: rows.slice(0, 9), labels: labels.slice(0, 9)}, 'distance');
    const before = JSON.stringify(recognizer);
    await expect(recognizer.calibrate(rows, labels, {leaveOneOut: true})).rejects.toThrow(
      'calibrate: expected enrolled samples, at least two of a class, but "Ada" has 3.',
    );
    expect(JSON.stringify(recognizer)).toBe(before);
    await expect(
      recognizer.calibrate(rows.slice(0, 6), labels.slice(0, 6), {leaveOneOut: true}),
    ).resolves.toBeDefined();
  });

  it('need two samples a class, and are refused without a change', async () => {
    const recognizer = await enrolled(drawn(2), 'distance');
    await recognizer.enroll('Dee', [[0, 0, 0, 9]]);
    const before = JSON.stringify(recognizer);
    const {rows, labels} = drawn(2);
    await expect(
      recognizer.calibrate([...rows, [0, 0, 0, 9]], [...labels, 'Dee'], {leaveOneOut: true}),
    ).rejects.toThrow('calibrate: expected enrolled samples, at least two of a class, but "Dee" has 1.');
    expect(JSON.stringify(recognizer)).toBe(before);
  });
});
