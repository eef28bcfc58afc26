import {Recognizer} from '../../lib/recognition/index.js';
import type {CalibrationGoal, RecognizerData} from '../../lib/recognition/index.js';
import {knownScores, shareUpTo} from '../../lib/recognition/calibration/known_scores.js';
import {normalNumbers} from '../support/random.js';

const again = (recognizer: Recognizer) => Recognizer.fromJSON(JSON.parse(JSON.stringify(recognizer)) as RecognizerData);

async function calibrated(distances: readonly number[], goal: CalibrationGoal = {}): Promise<Recognizer> {
  const recognizer = await Recognizer.fromCenters([[0], [1e6]], ['a', 'b']);
  await recognizer.calibrate(
    distances.map((distance) => [distance]),
    distances.map(() => 'a'),
    goal,
  );
  return recognizer;
}

describe('How typical an answer is', () => {
  it('is the share of known samples that score at most as much, saved or not', async () => {
    const recognizer = await calibrated([1, 2, 2, 3]);
    for (const one of [recognizer, again(recognizer)]) {
      const found = await one.identify([[0], [1], [1.5], [2], [3], [3.1], [1e6]]);
      expect(found.map(({typicality}) => typicality)).toEqual([1, 1, 0.75, 0.75, 0.25, 0, 1]);
      // Differences of pairs: 0, 1, 1, 1, 1, 2.
      const pairs = await one.verify([[5], [5], [5], [5], [5]], [[5], [5.5], [6], [7], [8]]);
      expect(pairs.map(({typicality}) => typicality)).toEqual([1, 5 / 6, 5 / 6, 1 / 6, 0]);
    }
  });

  it('is that of pairs with the same label, whatever the goal is', async () => {
    const recognizer = await calibrated([1, 2, 2, 3], {falseAccept: 0.5, unknown: [[9]]});
    expect((await recognizer.verify([[5]], [[7]]))[0]?.typicality).toBe(1 / 6);
  });

  it('is undefined before calibration, for pairs of none, and of what earlier versions saved', async () => {
    const recognizer = await Recognizer.fromCenters([[0]], ['a']);
    expect((await recognizer.identify([[1]]))[0]).toHaveProperty('typicality', undefined);
    const single = await calibrated([1]);
    single.pairThreshold = -1;
    expect((await single.verify([[1]], [[1]]))[0]).toHaveProperty('typicality', undefined);
    const {scores, pairScores, ...saved} = (await calibrated([1, 2])).toJSON();
    expect([scores, pairScores]).toEqual([[-2, -1], [-1]]);
    const old = Recognizer.fromJSON(saved);
    expect((await old.identify([[1]]))[0]).toEqual({
      label: 'a',
      accepted: true,
      nearest: [{label: 'a', score: -1}],
    });
    expect(old.toJSON()).toEqual(saved);
  });

  it('stays when a threshold is set', async () => {
    const recognizer = await calibrated([1, 2, 3, 4]);
    recognizer.threshold = -1;
    expect((await recognizer.identify([[3]]))[0]).toMatchObject({accepted: false, typicality: 0.5});
  });

  it.each([0.9, 0.95, 1])('says of what is refused that fewer than 1 - %p are like it or less', async (accept) => {
    for (const count of [20, 99, 500]) {
      const distances = Array.from(normalNumbers(count, count), Math.abs);
      const recognizer = await calibrated(distances, {accept});
      const kept = Math.min(Math.ceil((count + 1) * accept - 1e-9), count);
      const found = await recognizer.identify(distances.map((distance) => [distance + 1e-4]));
      for (const {accepted, typicality} of found) {
        expect(accepted).toBe((typicality ?? NaN) > (count - kept) / count);
      }
    }
  });

  it('is kept as 1,000 quantiles, and rounded down to a thousandth', () => {
    for (const count of [1000, 1001, 1999, 12_345]) {
      const scores = [...normalNumbers(count, count)];
      const {samples} = knownScores({
        known: scores.map((score) => ({label: '', score})),
        labels: [],
        unknown: [],
        same: [],
        pairs: [],
      });
      expect(samples).toHaveLength(1000);
      for (const score of [...normalNumbers(200, 1), Math.max(...scores), Math.min(...scores) - 1]) {
        const exact = scores.filter((one) => one <= score).length / count;
        expect(shareUpTo(samples, score)).toBe(Math.floor(1000 * exact + 1e-9) / 1000);
      }
    }
  });
});
