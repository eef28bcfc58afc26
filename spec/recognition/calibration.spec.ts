import {Recognizer} from '../../lib/recognition/index.js';
import type {CalibrationGoal, Score} from '../../lib/recognition/index.js';
import {normalNumbers, toRows} from '../support/random.js';

/** Classes of different spread, on a line. */
const SPREADS = [0.5, 1, 2];
const WIDTH = 4;

function drawn(count: number, seed: number): {samples: number[][]; labels: string[]} {
  const samples = toRows(normalNumbers(count * WIDTH, seed), WIDTH).map((row, i) =>
    row.map((value, d) => value * (SPREADS[i % 3] ?? 0) + (d === 0 ? 12 * (i % 3) : 0)),
  );
  return {samples, labels: samples.map((_, i) => `class ${i % 3}`)};
}

async function calibrated(goal: CalibrationGoal, score: Score = 'distance') {
  const recognizer = new Recognizer({score});
  for (const [i] of SPREADS.entries()) {
    await recognizer.enroll(`class ${i}`, [[12 * i + 0.001, 0.1, 0, 0]]);
  }
  const {samples, labels} = drawn(6000, 1);
  return {recognizer, calibration: await recognizer.calibrate(samples, labels, goal)};
}

/** The share of new samples that is accepted: of all, and of each class. */
async function acceptedShares(recognizer: Recognizer): Promise<number[]> {
  const {samples} = drawn(6000, 2);
  const found = await recognizer.identify(samples);
  const share = (keep: (i: number) => boolean) => {
    const kept = found.filter((_, i) => keep(i));
    return kept.filter(({accepted}) => accepted).length / kept.length;
  };
  return [share(() => true), ...SPREADS.map((_, own) => share((i) => i % 3 === own))];
}

describe('Calibration', () => {
  it.each([0.9, 0.95, 0.99])('to accept %p of the known accepts as many new ones', async (accept) => {
    for (const score of ['distance', 'relative'] as const) {
      const {recognizer} = await calibrated({accept}, score);
      const [all = NaN] = await acceptedShares(recognizer);
      expect(Math.abs(all - accept)).toBeLessThan(0.015);
    }
  });

  it('accepts 95 % by default, with one threshold for wide and narrow classes', async () => {
    const {recognizer} = await calibrated({});
    const [all = NaN, narrow = NaN, , wide = NaN] = await acceptedShares(recognizer);
    expect(Math.abs(all - 0.95)).toBeLessThan(0.015);
    expect(narrow).toBe(1);
    expect(wide).toBeLessThan(0.9);
  });

  it('per class accepts as many of each', async () => {
    const {recognizer, calibration} = await calibrated({accept: 0.9, perClass: true});
    for (const share of await acceptedShares(recognizer)) {
      // Of 2,000 samples: two standard deviations of both calibration and count.
      expect(Math.abs(share - 0.9)).toBeLessThan(0.02);
    }
    expect([...(calibration.classThresholds ?? [])].map(([label]) => label)).toEqual(['class 0', 'class 1', 'class 2']);
    const thresholds = [...(calibration.classThresholds?.values() ?? [])];
    expect([...thresholds].sort((a, b) => b - a)).toEqual(thresholds);
  });

  it('per class leaves the threshold of all to a class with too few samples', async () => {
    const {recognizer} = await calibrated({});
    const {samples, labels} = drawn(300, 3);
    const few = samples.filter((_, i) => i % 3 > 0 || i < 54);
    const fewLabels = labels.filter((_, i) => i % 3 > 0 || i < 54);
    const {classThresholds} = await recognizer.calibrate(few, fewLabels, {perClass: true});
    expect([...(classThresholds?.keys() ?? [])].sort()).toEqual(['class 1', 'class 2']);
  });

  it('to let in a share of the unknown lets in no more new ones', async () => {
    const unknownAround = (seed: number) =>
      toRows(normalNumbers(4000 * WIDTH, seed), WIDTH).map((row) =>
        row.map((value, d) => 3 * value + (d === 0 ? 6 : 0)),
      );
    const {recognizer, calibration} = await calibrated({falseAccept: 0.05, unknown: unknownAround(5)});
    expect(calibration.falselyAccepted).toBeLessThanOrEqual(0.05);
    expect(calibration.falselyAccepted).toBeGreaterThan(0.049);
    const found = await recognizer.identify(unknownAround(6));
    const letIn = found.filter(({accepted}) => accepted).length / found.length;
    expect(Math.abs(letIn - 0.05)).toBeLessThan(0.015);
    expect(calibration.classThresholds).toBeUndefined();
  });

  it('reports what the thresholds do with its samples', async () => {
    const recognizer = await Recognizer.fromCenters([[0], [10]], ['a', 'b']);
    const samples = [[0], [1], [2], [9], [3], [7]];
    const labels = ['a', 'a', 'a', 'b', 'b', 'b'];
    const report = await recognizer.calibrate(samples, labels, {accept: 0.7, unknown: [[1.5], [5], [20]]});
    expect(report).toEqual({
      // The fifth of six: rank ceil(7 * 0.7).
      threshold: -3,
      accepted: 1,
      correct: 5 / 6,
      falselyAccepted: 1 / 3,
      tooFew: false,
      // The chance that fewer than five of six are accepted, of which 70 % are in the long run.
      assurance: {
        samples: 6,
        needed: 3,
        confidence: expect.closeTo(1 - 6 * 0.7 ** 5 * 0.3 - 0.7 ** 6, 12),
        expected: 5 / 7,
      },
      classThresholds: undefined,
      classAssurances: undefined,
      // Distances of pairs: 1, 1, 2, 2, 4, 6; rank ceil(7 * 0.7).
      pairThreshold: -4,
      pairAssurance: undefined,
      confusions: [{label: 'b', takenFor: 'a', count: 1}],
      tradeOff: [
        {threshold: -0, accepted: 1 / 6, correct: 1, falselyAccepted: 0},
        {threshold: -1, accepted: 3 / 6, correct: 1, falselyAccepted: 0},
        {threshold: -1.5, accepted: 3 / 6, correct: 1, falselyAccepted: 1 / 3},
        {threshold: -2, accepted: 4 / 6, correct: 1, falselyAccepted: 1 / 3},
        {threshold: -3, accepted: 1, correct: 5 / 6, falselyAccepted: 1 / 3},
        {threshold: -5, accepted: 1, correct: 5 / 6, falselyAccepted: 2 / 3},
        {threshold: -10, accepted: 1, correct: 5 / 6, falselyAccepted: 1},
      ].map((point) => ({...point, threshold: point.threshold + 0})),
    });
  });

  it('reports nothing of unknown samples that it was not given', async () => {
    const {calibration} = await calibrated({});
    expect(calibration.falselyAccepted).toBeUndefined();
    expect(calibration.tradeOff.every(({falselyAccepted}) => falselyAccepted === undefined)).toBe(true);
    expect(calibration.tradeOff.find(({threshold}) => threshold === calibration.threshold)).toMatchObject({
      accepted: calibration.accepted,
      correct: calibration.correct,
    });
  });

  it('has no share named rightly where nothing is accepted', async () => {
    const recognizer = await Recognizer.fromCenters([[0], [10]], ['a', 'b']);
    const report = await recognizer.calibrate([[1]], ['a'], {falseAccept: 0, unknown: [[0]]});
    expect(report).toMatchObject({accepted: 0, correct: NaN, falselyAccepted: 0});
    // The next number above 0.
    expect(report.threshold).toBe(Number.MIN_VALUE);
  });

  it('for pairs lets in no more different ones than asked', async () => {
    const {recognizer} = await calibrated({falseAccept: 0.1, unknown: [[100, 0, 0, 0]]});
    const {samples} = drawn(3000, 7);
    const different = await recognizer.verify(samples.slice(0, -1), samples.slice(1));
    const letIn = different.filter(({same}) => same).length / different.length;
    expect(Math.abs(letIn - 0.1)).toBeLessThan(0.03);
  });

  it('names which classes are taken for which others, the most frequent first, and 100 at most', async () => {
    // One man under two names, and another.
    const recognizer = await Recognizer.fromCenters([[0], [10], [20]], ['Ada', 'Ada again', 'Bo']);
    const {confusions, accepted} = await recognizer.calibrate(
      [[0], [9], [9.1], [11], [1], [20], [2]],
      ['Ada', 'Ada', 'Ada', 'Ada', 'Ada again', 'Bo', 'Bo'],
      {accept: 0.1},
    );
    expect(confusions).toEqual([
      {label: 'Ada', takenFor: 'Ada again', count: 3},
      {label: 'Ada again', takenFor: 'Ada', count: 1},
      {label: 'Bo', takenFor: 'Ada', count: 1},
    ]);
    // Accepted or not.
    expect(accepted).toBeLessThan(0.5);
    const many = Array.from({length: 120}, (_, i) => [i]);
    const names = many.map((_, i) => `class ${i}`);
    const large = await Recognizer.fromCenters(many, names);
    const next = many.map(([i = 0]) => [(i + 1) % 120]);
    expect((await large.calibrate(next, names)).confusions).toHaveLength(100);
    expect((await large.calibrate(many, names)).confusions).toEqual([]);
  });

  const REFUSED: [string, unknown, string][] = [
    ['accept of 0', {accept: 0}, 'expected accept to be above 0 and at most 1, but got 0.'],
    ['accept above 1', {accept: 1.1}, 'expected accept to be above 0 and at most 1, but got 1.1.'],
    [
      'falseAccept of 1',
      {falseAccept: 1, unknown: [[1]]},
      'expected falseAccept to be at least 0 and below 1, but got 1.',
    ],
    ['confidence of 0', {confidence: 0}, 'expected confidence to be above 0 and below 1, but got 0.'],
    ['confidence of 1', {confidence: 1}, 'expected confidence to be above 0 and below 1, but got 1.'],
    ['confidence of NaN', {confidence: NaN}, 'expected confidence to be above 0 and below 1, but got NaN.'],
    ['confidence as text', {confidence: '0.9'}, 'expected confidence to be above 0 and below 1, but got "0.9".'],
    ['leaveOneOut as a number', {leaveOneOut: 1}, 'expected leaveOneOut to be true or false, but got 1.'],
    ['falseAccept below 0', {falseAccept: -0.1, unknown: [[1]]}, 'but got -0.1.'],
    [
      'falseAccept beside accept',
      {falseAccept: 0.1, accept: 0.9, unknown: [[1]]},
      'expected falseAccept alone, but got ["falseAccept","accept","unknown"].',
    ],
    ['falseAccept beside perClass', {falseAccept: 0.1, perClass: true, unknown: [[1]]}, 'expected falseAccept alone'],
    [
      'falseAccept without unknown samples',
      {falseAccept: 0.1},
      'expected unknown samples beside falseAccept, but got none.',
    ],
    ['an empty list of unknown samples', {unknown: []}, 'expected at least one unknown sample, but got none.'],
    ['unknown samples of another width', {unknown: [[1, 2]]}, 'expected features of width 1, but got width 2.'],
  ];

  it.each(REFUSED)('refuses %s', async (_, goal, message) => {
    const recognizer = await Recognizer.fromCenters([[0], [10]], ['a', 'b']);
    await expect(recognizer.calibrate([[1]], ['a'], goal as CalibrationGoal)).rejects.toThrow(
      `calibrate: ${message.startsWith('expected') ? message : ''}`,
    );
    await expect(recognizer.calibrate([[1]], ['a'], goal as CalibrationGoal)).rejects.toThrow(message);
  });

  it('refuses unknown labels, no samples, and a relative score with nothing to be relative to', async () => {
    const recognizer = await Recognizer.fromCenters([[0]], ['a'], {score: 'relative'});
    await expect(recognizer.calibrate([[1]], ['z'])).rejects.toThrow(
      'calibrate: expected labels of enrolled classes, but got "z".',
    );
    await expect(recognizer.calibrate([], [])).rejects.toThrow(
      'calibrate: expected at least one sample, but got none.',
    );
    await expect(recognizer.calibrate([[1]], ['a', 'a'])).rejects.toThrow(
      'calibrate: expected one label a sample, but got 2 labels for 1 samples.',
    );
    await expect(recognizer.calibrate([[1]], ['a'])).rejects.toThrow(
      "calibrate: expected at least two classes for the score 'relative', but got 1.",
    );
  });
});
