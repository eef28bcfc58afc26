import {Recognizer} from '../../lib/recognition/index.js';
import {normalNumbers, shuffled} from '../support/random.js';

/** A wide class at 0 and a tight one at 10. One in ten of the wide one is nearer to the tight one. */
const CLASSES = [
  {name: 'wide', at: 0, spread: 4},
  {name: 'tight', at: 10, spread: 0.1},
];

interface Samples {
  rows: number[][];
  names: string[];
}

/** @param counts How many of each class. */
function drawn(counts: readonly number[], seed: number): Samples {
  const samples = CLASSES.flatMap(({name, at, spread}, c) =>
    Array.from(normalNumbers(counts[c] ?? 0, 2 * seed + c), (value) => ({name, row: [at + spread * value, 0]})),
  );
  const mixed = shuffled(samples, seed);
  return {rows: mixed.map(({row}) => row), names: mixed.map(({name}) => name)};
}

async function recognizerOf(): Promise<Recognizer> {
  return Recognizer.fromCenters(
    CLASSES.map(({at}) => [at, 0]),
    CLASSES.map(({name}) => name),
  );
}

/** Of the samples of each class that are named rightly, the share that is accepted. */
async function acceptedOfEach(recognizer: Recognizer, {rows, names}: Samples): Promise<number[]> {
  const answers = await recognizer.identify(rows);
  return CLASSES.map(({name}) => {
    const own = answers.filter(({nearest}, i) => names[i] === name && nearest[0]?.label === name);
    return own.filter(({accepted}) => accepted).length / own.length;
  });
}

/** How likely a standard normal number is below z: Abramowitz and Stegun, 7.1.26. */
function normalBelow(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp((-z * z) / 2)) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** The exact share of new samples of each class that are accepted, among those that are named rightly. */
function expectedOfEach(thresholds: ReadonlyMap<string, number>): number[] {
  const [wide = NaN, tight = NaN] = CLASSES.map(({name, spread}) => -(thresholds.get(name) ?? NaN) / spread);
  // What is below 5 is named wide.
  const below = (x: number) => normalBelow(Math.min(x, 5 / 4));
  return [(below(wide) - below(-wide)) / below(Infinity), 2 * normalBelow(tight) - 1];
}

describe('Thresholds of each class, where classes overlap', () => {
  it('accept the share asked for of the samples of each that are named rightly', async () => {
    const recognizer = await recognizerOf();
    const {rows, names} = drawn([4000, 4000], 1);
    await recognizer.calibrate(rows, names, {accept: 0.95, perClass: true});
    for (const share of await acceptedOfEach(recognizer, drawn([4000, 4000], 2))) {
      // The standard deviation of both together is 0.005.
      expect(Math.abs(share - 0.95)).toBeLessThan(0.015);
    }
  });

  it.each([
    // n, less one in ten of the wide that are named tight; three standard deviations of the mean.
    {samples: 500, accept: 0.95, calibrations: 60, most: 1 / 400, chance: 0.004},
    {samples: 40, accept: 0.8, calibrations: 400, most: 1 / 30, chance: 0.0095},
  ])('accept it on average over calibrations, and one in n more at most: %j', async (one) => {
    const {samples, accept, calibrations, most, chance} = one;
    const recognizer = await recognizerOf();
    const sums = [0, 0];
    for (let seed = 0; seed < calibrations; seed++) {
      const {rows, names} = drawn([samples, samples], 100 + seed);
      const {classThresholds} = await recognizer.calibrate(rows, names, {accept, perClass: true});
      expectedOfEach(classThresholds ?? new Map<string, number>()).forEach((share, c) => {
        sums[c] = (sums[c] ?? 0) + share;
      });
    }
    for (const sum of sums) {
      expect(sum / calibrations).toBeGreaterThan(accept - chance);
      expect(sum / calibrations).toBeLessThan(accept + most + chance);
    }
  });

  it('are the same however many samples there are of another class', async () => {
    const recognizer = await recognizerOf();
    const thresholdsWith = async (wide: number) => {
      const {rows, names} = drawn([wide, 500], 4);
      return (await recognizer.calibrate(rows, names, {perClass: true})).classThresholds?.get('tight');
    };
    const alone = await thresholdsWith(0);
    expect(alone).toBeGreaterThan(-0.25);
    expect(await thresholdsWith(300)).toBe(alone);
    expect(await thresholdsWith(3000)).toBe(alone);
  });

  it('are not loosened by samples that are named wrongly', async () => {
    const recognizer = await recognizerOf();
    const {rows, names} = drawn([500, 500], 5);
    const before = await recognizer.calibrate(rows, names, {perClass: true});
    // One in ten that is labelled tight is far away on the side of the wide class.
    const wrong = Array.from({length: 50}, (_, i) => ({row: [-100 - i, 0], name: 'tight'}));
    const after = await recognizer.calibrate(
      [...rows, ...wrong.map(({row}) => row)],
      [...names, ...wrong.map(({name}) => name)],
      {perClass: true},
    );
    expect(after.classThresholds).toEqual(before.classThresholds);
    // 5 away from the tight class, and from everything that it ever was.
    expect((await recognizer.identify([[10, 5]]))[0]?.accepted).toBe(false);
  });

  it('need samples enough that are named rightly', async () => {
    const recognizer = await recognizerOf();
    const rightly = (count: number) => Array.from({length: count}, (_, i) => [i / 10, 0]);
    const thresholds = async (samples: number[][]) =>
      (
        await recognizer.calibrate(
          samples,
          samples.map(() => 'wide'),
          {perClass: true},
        )
      ).classThresholds;
    // 19 to accept 95 %; those at 9 are named tight.
    expect((await thresholds([...rightly(18), [9, 0], [9, 0]]))?.size).toBe(0);
    expect((await thresholds([...rightly(19), [9, 0], [9, 0]]))?.get('wide')).toBeCloseTo(-1.8, 6);
  });
});
