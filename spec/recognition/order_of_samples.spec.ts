import fc from 'fast-check';
import {Recognizer} from '../../lib/recognition/index.js';
import type {Calibration, CalibrationGoal, Score} from '../../lib/recognition/index.js';
import {normalNumbers, shuffled} from '../support/random.js';

interface Sample {
  label: string;
  row: readonly number[];
}

async function calibrated(
  samples: readonly Sample[],
  goal: CalibrationGoal,
  score: Score = 'distance',
): Promise<{recognizer: Recognizer; calibration: Calibration}> {
  const labels = [...new Set(samples.map(({label}) => label))].sort();
  const recognizer = await Recognizer.fromCenters(
    labels.map((label) => samples.find((sample) => sample.label === label)?.row ?? []),
    labels,
    {score},
  );
  const calibration = await recognizer.calibrate(
    samples.map(({row}) => row),
    samples.map(({label}) => label),
    goal,
  );
  return {recognizer, calibration};
}

/** Of all pairs that are the same, or of all that are different, the share that the recognizer takes for the same. */
async function sharesTakenForSame(recognizer: Recognizer, samples: readonly Sample[]) {
  const pairs = samples.flatMap((one, i) => samples.slice(i + 1).map((other) => [one, other] as const));
  const answers = await recognizer.verify(
    pairs.map(([{row}]) => row),
    pairs.map(([, {row}]) => row),
  );
  const share = (ofSame: boolean) => {
    const kept = answers.filter((_, p) => (pairs[p]?.[0].label === pairs[p]?.[1].label) === ofSame);
    return kept.filter(({same}) => same).length / kept.length;
  };
  return {same: share(true), different: share(false)};
}

/** Samples of each class one after the other, as by a listing of folders. */
function classesAt(places: readonly number[], each: number, spread: number): Sample[] {
  const noise = normalNumbers(places.length * each, 3);
  return places.flatMap((x, c) =>
    Array.from({length: each}, (_, i) => ({
      label: String.fromCharCode(97 + c),
      row: [x + spread * (noise[c * each + i] ?? NaN), 0],
    })),
  );
}

describe('The threshold of pairs, whatever the order of the samples', () => {
  it('takes 95 % of all pairs of the frames of a camera for the same, though neighbours are nearly alike', async () => {
    const frames = Array.from({length: 100}, (_, i) => ({label: 'Ada', row: [i / 10, 0]}));
    const inOrder = await calibrated([...frames, {label: 'Bo', row: [50, 0]}], {accept: 0.95});
    const mixed = await calibrated([{label: 'Bo', row: [50, 0]}, ...shuffled(frames, 1)], {accept: 0.95});
    expect(inOrder.calibration.pairThreshold).toBe(mixed.calibration.pairThreshold);
    for (const {recognizer} of [inOrder, mixed]) {
      const {same} = await sharesTakenForSame(recognizer, frames);
      expect(same).toBeGreaterThanOrEqual(0.95);
      // Many pairs are equally far from each other.
      expect(same).toBeLessThan(0.96);
    }
  });

  const SORTED: [string, Sample[]][] = [
    ['four classes, of which the next but one is near', classesAt([0, 100, 1, 101], 100, 0.1)],
    [
      'twenty classes',
      classesAt(
        Array.from(normalNumbers(20, 4), (x) => 10 * x),
        30,
        1,
      ),
    ],
  ];

  it.each(SORTED)('lets in one in a hundred of the different pairs of %s, sorted or not', async (_, samples) => {
    const goal = {falseAccept: 0.01, unknown: [[500, 0]]};
    const sorted = await calibrated(samples, goal);
    const mixed = await calibrated(shuffled(samples, 2), goal);
    expect(sorted.calibration.pairThreshold).toBe(mixed.calibration.pairThreshold);
    const {different} = await sharesTakenForSame(sorted.recognizer, samples);
    // Of the twenty classes 100,000 of 171,600 pairs are drawn.
    expect(different).toBeGreaterThan(0.009);
    expect(different).toBeLessThan(0.011);
  });
});

describe('A calibration', () => {
  const numbers = fc.integer({min: -3, max: 3});
  const row = fc.tuple(numbers, numbers);
  const sample: fc.Arbitrary<Sample> = fc.record({label: fc.constantFrom('a', 'b', 'c', 'ä'), row});
  const goals: fc.Arbitrary<(unknown: number[][]) => CalibrationGoal> = fc.oneof(
    fc.record({accept: fc.constantFrom(0.3, 0.5, 0.95), perClass: fc.boolean(), hasUnknown: fc.boolean()}).map(
      ({hasUnknown, ...goal}) =>
        (unknown: number[][]) =>
          hasUnknown ? {...goal, unknown} : goal,
    ),
    fc.constantFrom(0, 0.2).map((falseAccept) => (unknown: number[][]) => ({falseAccept, unknown})),
  );

  it('is the same to the last bit for every order of the samples', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, {minLength: 1, maxLength: 12}),
        fc.array(row, {minLength: 1, maxLength: 6}),
        fc.constantFrom<Score>('distance', 'cosine'),
        goals,
        fc.nat(),
        async (samples, unknown, score, goal, seed) => {
          const recognizer = await Recognizer.fromCenters(
            [
              [0, 0],
              [2, 1],
              [-2, 1],
              [1, -3],
            ],
            ['a', 'b', 'c', 'ä'],
            {score},
          );
          const report = async (known: readonly Sample[], others: number[][]) => {
            const calibration = await recognizer.calibrate(
              known.map((one) => one.row),
              known.map(({label}) => label),
              goal(others),
            );
            const {classThresholds} = calibration;
            return {calibration, order: classThresholds && [...classThresholds], saved: JSON.stringify(recognizer)};
          };
          const first = await report(samples, unknown);
          expect(await report(shuffled(samples, seed), shuffled(unknown, seed + 1))).toEqual(first);
          expect(await report([...samples].reverse(), [...unknown].reverse())).toEqual(first);
        },
      ),
      {seed: 1, numRuns: 200},
    );
  });

  it('is the same for every order of more samples than can be paired one by one', async () => {
    const values = normalNumbers(3 * 900, 5);
    const samples = Array.from({length: 900}, (_, i) => ({
      label: `class ${i % 7}`,
      row: [(i % 7) + (values[3 * i] ?? NaN), values[3 * i + 1] ?? NaN, values[3 * i + 2] ?? NaN],
    }));
    const unknown = samples.slice(0, 50).map(({row: [x = NaN, ...rest]}) => [x + 9, ...rest]);
    for (const score of ['distance', 'relative', 'cosine'] as const) {
      for (const goal of [{accept: 0.9, perClass: true}, {falseAccept: 0.01}]) {
        const first = await calibrated(samples, {...goal, unknown}, score);
        for (const seed of [1, 2]) {
          const mixed = shuffled(samples, seed);
          const again = await first.recognizer.calibrate(
            mixed.map((one) => one.row),
            mixed.map(({label}) => label),
            {...goal, unknown: shuffled(unknown, seed)},
          );
          expect(again).toEqual(first.calibration);
        }
      }
    }
  });
});

describe('Two samples', () => {
  it('score the same whichever comes first', async () => {
    for (const score of ['distance', 'cosine'] as const) {
      const {recognizer} = await calibrated(classesAt([0, 5], 10, 1), {}, score);
      const rows = classesAt([1, 2, 3, 4], 50, 1).map(({row: [x = NaN]}, i) => [x, Math.sin(i)]);
      const [one, other] = [rows.slice(0, 100), rows.slice(100)];
      expect(await recognizer.verify(one, other)).toEqual(await recognizer.verify(other, one));
    }
  });
});
