import {Recognizer} from '../../lib/recognition/index.js';
import type {RecognizerData} from '../../lib/recognition/index.js';

const CENTERS = [
  [0, 0],
  [10, 0],
];
const NAMES = ['a', 'b'];
const SAMPLES = Array.from({length: 80}, (_, i) => [10 * (i % 2), i / 20]);
const LABELS = SAMPLES.map((_, i) => NAMES[i % 2] ?? '');

const again = (recognizer: Recognizer) => Recognizer.fromJSON(JSON.parse(JSON.stringify(recognizer)) as RecognizerData);

describe('A threshold of your own', () => {
  it('is what a calibration chose, or what was set, and is saved', async () => {
    const recognizer = await Recognizer.fromCenters(CENTERS, NAMES);
    expect([recognizer.threshold, recognizer.pairThreshold]).toEqual([undefined, undefined]);
    const {threshold, pairThreshold} = await recognizer.calibrate(SAMPLES, LABELS);
    expect([recognizer.threshold, recognizer.pairThreshold]).toEqual([threshold, pairThreshold]);
    recognizer.threshold = -2;
    recognizer.pairThreshold = -1;
    for (const one of [recognizer, again(recognizer)]) {
      expect([one.threshold, one.pairThreshold]).toEqual([-2, -1]);
      const found = await one.identify([
        [0, 2],
        [0, 2.001],
      ]);
      expect(found.map(({label, accepted}) => [label, accepted])).toEqual([
        ['a', true],
        [undefined, false],
      ]);
      const [same, other] = await one.verify(
        [CENTERS[0] ?? [], [5, 5]],
        [
          [1, 0],
          [5, 6.001],
        ],
      );
      expect([same?.same, other?.same]).toEqual([true, false]);
    }
  });

  it('is for all classes: those of their own are gone, and that of pairs stays', async () => {
    const recognizer = await Recognizer.fromCenters(CENTERS, NAMES);
    const {pairThreshold, classThresholds} = await recognizer.calibrate(SAMPLES, LABELS, {accept: 0.5, perClass: true});
    expect(classThresholds?.size).toBe(2);
    recognizer.threshold = -4;
    expect(recognizer.toJSON().classes.map(({threshold}) => threshold)).toEqual([undefined, undefined]);
    expect((await recognizer.identify([[0, 3.9]]))[0]?.accepted).toBe(true);
    expect(recognizer.pairThreshold).toBe(pairThreshold);
  });

  it('needs no calibration, and can be taken away', async () => {
    const recognizer = new Recognizer({width: 2});
    recognizer.pairThreshold = -1;
    expect((await again(recognizer).verify([[1, 1]], [[1, 2]]))[0]).toEqual({same: true, score: -1});
    recognizer.threshold = -1;
    await recognizer.enroll('a', [0, 0]);
    expect((await recognizer.identify([0, 5]))[0]?.accepted).toBe(false);
    recognizer.threshold = undefined;
    recognizer.pairThreshold = undefined;
    expect((await again(recognizer).identify([0, 5]))[0]?.accepted).toBe(true);
    await expect(recognizer.verify([1, 1], [1, 2])).rejects.toThrow('or pairThreshold to be set.');
  });

  it('goes on after a class is removed, and with relative scores asks for two classes', async () => {
    const recognizer = await Recognizer.fromCenters(CENTERS, NAMES, {score: 'relative'});
    recognizer.threshold = -3;
    recognizer.remove('b');
    expect(recognizer.threshold).toBe(-3);
    await expect(recognizer.identify([[0, 0]])).rejects.toThrow("at least two classes for the score 'relative'");
    recognizer.threshold = undefined;
    expect((await recognizer.identify([[0, 0]]))[0]?.label).toBe('a');
  });

  it.each(['threshold', 'pairThreshold'] as const)('is a finite number: %s', (name) => {
    const recognizer = new Recognizer();
    recognizer[name] = -1;
    for (const value of [NaN, Infinity, -Infinity, '-0.6', null, [1]]) {
      expect(() => {
        recognizer[name] = value as number;
      }).toThrow(`Recognizer: expected ${name} to be a finite number or undefined, but got `);
    }
    expect(recognizer[name]).toBe(-1);
  });

  it.each([
    ['distance', 0, 0.6],
    ['relative', 0, 0.1],
    ['cosine', 1, 1.5],
  ] as const)('is not above what the score %s reaches, which would accept nothing', (score, highest, above) => {
    const recognizer = new Recognizer({score});
    for (const name of ['threshold', 'pairThreshold'] as const) {
      recognizer[name] = highest;
      expect(() => {
        recognizer[name] = above;
      }).toThrow(
        `Recognizer: expected ${name} to be at most ${highest}, which is the highest score of '${score}', but got ${above}.`,
      );
      expect(recognizer[name]).toBe(highest);
    }
  });
});

describe('A sample without direction, by the cosine', () => {
  it('is accepted only by a threshold that accepts no likeness at all', async () => {
    const recognizer = await Recognizer.fromCenters([[1, 0]], ['a'], {score: 'cosine'});
    const [zero, tiny, opposite] = await recognizer.identify([
      [0, 0],
      [1e-20, 0],
      [-1, 0.1],
    ]);
    for (const none of [zero, tiny]) {
      expect(none).toEqual({label: undefined, accepted: false, nearest: [{label: 'a', score: 0}]});
    }
    expect(opposite?.label).toBe('a');
    recognizer.threshold = 0.5;
    expect((await recognizer.identify([0, 0]))[0]?.accepted).toBe(false);
    recognizer.threshold = 0;
    expect((await recognizer.identify([0, 0]))[0]?.accepted).toBe(true);
    const byDistance = await Recognizer.fromCenters([[1, 0]], ['a']);
    expect((await byDistance.identify([0, 0]))[0]?.accepted).toBe(true);
  });
});

describe('A single sample', () => {
  it('needs no wrapping', async () => {
    const recognizer = new Recognizer();
    await recognizer.enroll('a', [0, 0]);
    await recognizer.enroll('b', [9, 0]);
    await recognizer.calibrate([8, 0], ['b'], {falseAccept: 0.5, unknown: [4, 0]});
    const [answer] = await recognizer.identify([8, 1]);
    expect(answer?.nearest[0]?.label).toBe('b');
    const [verified] = await recognizer.verify([8, 1], [8, 2]);
    expect(verified).toEqual({same: true, score: -1});
  });
});
