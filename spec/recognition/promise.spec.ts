import {Recognizer} from '../../lib/recognition/index.js';
import type {Calibration, CalibrationGoal} from '../../lib/recognition/index.js';
import {chanceOfFewer} from '../../lib/recognition/calibration/binomial.js';
import {rankFor, thresholdToAccept, thresholdToRefuse} from '../../lib/recognition/calibration/promise.js';
import {samePairs} from '../../lib/recognition/pairs.js';
import {pairScore} from '../../lib/recognition/scoring.js';
import {mulberry32, normalNumbers} from '../support/random.js';

describe('The chance that fewer than k of n samples are of a kind', () => {
  it('is the sum of the binomial distribution', () => {
    for (const share of [0.003, 0.2, 0.5, 0.95, 0.999]) {
      for (const samples of [1, 2, 7, 30]) {
        let [sum, choices] = [0, 1];
        for (let count = 0; count <= samples; count++) {
          expect(chanceOfFewer(count, samples, share)).toBeCloseTo(sum, 13);
          sum += choices * share ** count * (1 - share) ** (samples - count);
          choices *= (samples - count) / (count + 1);
        }
        expect(chanceOfFewer(samples + 1, samples, share)).toBe(1);
      }
    }
  });

  it('is right for a million', () => {
    const samples = 1_000_000;
    const logFactorials = new Float64Array(samples + 1);
    for (let i = 1; i <= samples; i++) {
      logFactorials[i] = (logFactorials[i - 1] ?? NaN) + Math.log(i);
    }
    const logOf = (count: number) => logFactorials[count] ?? NaN;
    for (const [share, limit] of [
      [0.95, 950_300],
      [0.5, 499_000],
      [0.01, 9_876],
      [1e-6, 3],
    ] as const) {
      let sum = 0;
      for (let count = 0; count < limit; count++) {
        const log = logOf(samples) - logOf(count) - logOf(samples - count);
        sum += Math.exp(log + count * Math.log(share) + (samples - count) * Math.log1p(-share));
      }
      // Logarithms of 1e7 have an absolute error of 1e-8.
      expect(Math.abs(chanceOfFewer(limit, samples, share) - sum)).toBeLessThan(1e-7);
      expect(chanceOfFewer(limit, samples, share)).toBeCloseTo(
        1 - chanceOfFewer(samples + 1 - limit, samples, 1 - share),
        10,
      );
    }
  });

  it('is none where all are of the kind', () => {
    expect([5, 6].map((limit) => chanceOfFewer(limit, 5, 1))).toEqual([0, 1]);
  });
});

const upTo = (count: number) => Array.from({length: count}, (_, i) => i + 1);
const onAverage = (share: number) => ({share, confidence: undefined});

describe('How many samples a wish takes', () => {
  it.each([
    [0.95, 0.9, 45],
    [0.95, 0.95, 59],
    [0.99, 0.9, 230],
    [0.99, 0.95, 299],
    [0.5, 0.5, 1],
    [0.95, undefined, 19],
    [0.99, undefined, 99],
    [1, 0.9, Infinity],
    [1, undefined, Infinity],
  ])('%p with confidence %p: %p, and not one less', (share, confidence, needed) => {
    const wish = {share, confidence};
    expect(thresholdToAccept([1], wish).assurance.needed).toBe(needed);
    expect(thresholdToRefuse([1], wish).assurance.needed).toBe(needed);
    const last = Math.min(needed, 1000);
    expect(rankFor(last, wish) <= last).toBe(needed < Infinity);
    expect(rankFor(last - 1, wish)).toBe(last);
  });

  it.each([
    // What docs/recognition.md says: n, asked, confidence, the share that is paid.
    [45, 0.95, 0.9, 0.978],
    [100, 0.95, 0.9, 0.98],
    [500, 0.95, 0.9, 0.962],
    [1000, 0.95, 0.9, 0.959],
    [5000, 0.95, 0.9, 0.954],
    [230, 0.99, 0.9, 0.996],
    [1000, 0.99, 0.9, 0.994],
    [5000, 0.99, 0.9, 0.992],
  ])('%p samples pay for %p with confidence %p by accepting %p on average', (samples, share, confidence, paid) => {
    const {assurance} = thresholdToAccept(upTo(samples), {share, confidence});
    expect(assurance.expected.toFixed(3)).toBe(paid.toFixed(3));
    expect(assurance.samples).toBe(samples);
    expect(assurance.confidence).toBeGreaterThanOrEqual(confidence);
    expect(thresholdToRefuse(upTo(samples), {share, confidence}).assurance.expected).toBeCloseTo(
      1 - assurance.expected,
      12,
    );
  });

  it('is told with which confidence too few keep it', () => {
    const {threshold, assurance} = thresholdToAccept([3, 1, 2, 5, 4], {share: 0.99, confidence: 0.9});
    expect(threshold).toBe(1);
    expect(assurance).toEqual({
      samples: 5,
      needed: 230,
      confidence: expect.closeTo(1 - 0.99 ** 5, 12),
      expected: 5 / 6,
    });
    const refusing = thresholdToRefuse([3, 1, 2, 5, 4], {share: 0.99, confidence: 0.9});
    expect(refusing.threshold).toBe(5 + 2 ** -50);
    expect(refusing.assurance).toEqual({...assurance, expected: expect.closeTo(1 / 6, 12)});
  });
});

/** As version 0.2 chose thresholds. */
function before(scores: readonly number[], share: number) {
  const sorted = [...scores].sort((a, b) => b - a);
  const letIn = Math.floor((sorted.length + 1) * share + 1e-9);
  const mustStayOut = sorted[letIn] ?? -Infinity;
  return {
    toAccept: sorted[Math.ceil((sorted.length + 1) * share - 1e-9) - 1] ?? sorted.at(-1),
    toRefuse: sorted.filter((score) => score > mustStayOut).at(-1),
  };
}

describe('A threshold without confidence', () => {
  it('is what it was', () => {
    const random = mulberry32(3);
    for (const count of [1, 2, 5, 18, 19, 20, 98, 99, 100, 777]) {
      for (const scores of [Array.from({length: count}, random), upTo(count).map((i) => Math.floor(i / 3))]) {
        for (const share of [0.01, 0.05, 0.07, 0.25, 0.5, 0.9, 0.95, 0.99]) {
          const {toAccept, toRefuse} = before(scores, share);
          expect(thresholdToAccept(scores, onAverage(share)).threshold).toBe(toAccept);
          const {threshold} = thresholdToRefuse(scores, onAverage(1 - share));
          expect(toRefuse ?? threshold).toBe(threshold);
          expect(toRefuse !== undefined || threshold > Math.max(...scores)).toBe(true);
        }
      }
    }
  });

  it('counts the new sample among those that are there', () => {
    expect(thresholdToAccept(upTo(19), onAverage(0.95)).threshold).toBe(1);
    expect(thresholdToAccept(upTo(19), onAverage(0.9)).threshold).toBe(2);
    expect(thresholdToAccept(upTo(20), onAverage(0.95)).threshold).toBe(1);
    // 100 * 0.07 is 7.000000000000001.
    expect(thresholdToAccept(upTo(99), onAverage(0.07)).threshold).toBe(93);
    expect(thresholdToAccept(upTo(19), onAverage(1)).threshold).toBe(1);
    expect(thresholdToAccept(upTo(19), onAverage(1e-12)).threshold).toBe(19);
  });

  it('lets in no more unknown ones, counting the new sample', () => {
    expect(thresholdToRefuse(upTo(20), onAverage(0.9)).threshold).toBe(19);
    expect(thresholdToRefuse(upTo(20), onAverage(0.95)).threshold).toBe(20);
    expect(thresholdToRefuse(upTo(20), onAverage(1 - 0.99)).threshold).toBe(1);
  });

  it('is next above the highest where nothing may be let in', () => {
    expect(thresholdToRefuse(upTo(20), onAverage(1)).threshold).toBe(20 + 2 ** -48);
    expect(thresholdToRefuse([-20], onAverage(1)).threshold).toBe(-20 + 2 ** -48);
    expect(thresholdToRefuse([0], onAverage(1)).threshold).toBe(Number.MIN_VALUE);
    expect(thresholdToRefuse([-0], onAverage(1)).threshold).toBe(Number.MIN_VALUE);
  });

  it('does not let in what equals what must stay out', () => {
    expect(thresholdToRefuse([5, 4, 4, 4, 3, 2, 1, 0, -1], onAverage(0.75)).threshold).toBe(5);
    expect(thresholdToRefuse([4, 4, 4, 3], onAverage(0.75)).threshold).toBe(4 + 2 ** -50);
  });
});

/** How many of so many promises may be broken that hold with this probability: three standard errors more. */
const mostBroken = (promises: number, confidence: number) =>
  promises * (1 - confidence) + 3 * Math.sqrt(promises * confidence * (1 - confidence));

describe('A promise', () => {
  it.each([
    [45, 0.95],
    [59, 0.95],
    [230, 0.99],
  ])('of 10,000 calibrations of %p samples is kept by as many as said', (samples, share) => {
    const CALIBRATIONS = 10_000;
    const random = mulberry32(samples);
    const wish = {share, confidence: 0.9};
    const [own, ownOfRefusal] = [thresholdToAccept, thresholdToRefuse].map(
      (choose) => choose(upTo(samples), onAverage(share)).assurance.confidence,
    );
    const broken = {accept: 0, refuse: 0, onAverage: 0, refusingOnAverage: 0};
    let accepted = 0;
    for (let i = 0; i < CALIBRATIONS; i++) {
      // Of scores from 0 to 1 the share that is accepted of all that there are is 1 - threshold.
      const scores = Array.from({length: samples}, random);
      const {threshold} = thresholdToAccept(scores, wish);
      accepted += 1 - threshold;
      broken.accept += Number(1 - threshold < share);
      broken.refuse += Number(thresholdToRefuse(scores, wish).threshold < share);
      broken.onAverage += Number(1 - thresholdToAccept(scores, onAverage(share)).threshold < share);
      broken.refusingOnAverage += Number(thresholdToRefuse(scores, onAverage(share)).threshold < share);
    }
    expect(broken.accept).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 0.9));
    expect(broken.refuse).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 0.9));
    // Without confidence, as often as the report says.
    expect(broken.onAverage).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, own ?? NaN));
    expect(CALIBRATIONS - broken.onAverage).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 1 - (own ?? NaN)));
    expect(broken.refusingOnAverage).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, ownOfRefusal ?? NaN));
    // No more is paid than said.
    expect(accepted / CALIBRATIONS).toBeCloseTo(thresholdToAccept(upTo(samples), wish).assurance.expected, 3);
  });

  it.each([
    [1000, 0.95],
    [5000, 0.99],
  ])('of 10,000 calibrations of %p samples is kept by as many as said, counted', (samples, share) => {
    const CALIBRATIONS = 10_000;
    const rank = rankFor(samples, {share, confidence: 0.9});
    const end = share * 2 ** 32;
    // The generator xorshift32 of George Marsaglia: it asks for no globals, of which Jest makes slow ones.
    let state = samples;
    let broken = 0;
    for (let i = 0; i < CALIBRATIONS; i++) {
      // Too few are accepted if the score of this rank is one of the highest that make up the share.
      let above = 0;
      for (let sample = 0; sample < samples; sample++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        if (state >>> 0 < end) {
          above++;
        }
      }
      if (above >= rank) {
        broken++;
      }
    }
    expect(broken).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 0.9));
    expect(broken).toBeGreaterThan(CALIBRATIONS / 20);
    const scores = Array.from({length: samples}, mulberry32(samples)).sort((a, b) => a - b);
    const wish = {share, confidence: 0.9};
    expect(thresholdToAccept(scores, wish).threshold).toBe(scores.at(-rank));
    const refusing = thresholdToRefuse(scores, wish).threshold;
    expect(refusing > (scores[rank - 1] ?? NaN) && refusing < (scores[rank] ?? NaN)).toBe(true);
  });

  it('of refusal is kept where scores are equal', () => {
    const CALIBRATIONS = 2000;
    const random = mulberry32(8);
    let broken = 0;
    for (let i = 0; i < CALIBRATIONS; i++) {
      // A share of 0.06 scores 1, the highest: it has to be refused.
      const scores = Array.from({length: 100}, () => Number(random() < 0.06));
      broken += Number(thresholdToRefuse(scores, {share: 0.95, confidence: 0.9}).threshold <= 1);
    }
    expect(broken).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 0.9));
  });
});

/** How likely a standard normal number is below z: Abramowitz and Stegun, 7.1.26. */
function normalBelow(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp((-z * z) / 2)) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** How likely the difference of two normal numbers is at most this, if their means are so far apart. */
const differenceWithin = (limit: number, apart: number, deviation = Math.SQRT2) =>
  normalBelow((limit - apart) / deviation) - normalBelow((-limit - apart) / deviation);

/** Where the classes are, and the unknown one. Normal numbers around them. */
const PLACES = [0, 40];
const UNKNOWN = 3;

async function calibrations(
  count: number,
  each: number,
  goal: (unknown: number[][]) => CalibrationGoal,
  look: (calibration: Calibration) => void,
): Promise<void> {
  const names = PLACES.map((place) => `at ${place}`);
  const recognizer = await Recognizer.fromCenters(
    PLACES.map((place) => [place]),
    names,
  );
  const numbers = normalNumbers(count * 3 * each, each);
  for (let i = 0; i < count; i++) {
    const own = numbers.subarray(3 * each * i, 3 * each * (i + 1));
    const samples = PLACES.map((place, c) => Array.from(own.subarray(c * each, (c + 1) * each), (x) => [place + x]));
    const unknown = Array.from(own.subarray(2 * each), (x) => [UNKNOWN + x]);
    const labels = names.flatMap((name) => Array.from({length: each}, () => name));
    look(await recognizer.calibrate(samples.flat(), labels, goal(unknown)));
  }
}

describe('A recognizer keeps what it promises with a confidence of 0.9', () => {
  const CALIBRATIONS = 500;

  it.each([45, 80])('for all, for each class and for pairs, of %p samples a class', async (each) => {
    const broken = {all: 0, class: 0, pairs: 0};
    await calibrations(
      CALIBRATIONS,
      each,
      () => ({accept: 0.9, perClass: true, confidence: 0.9}),
      (report) => {
        const {threshold, classThresholds, classAssurances, pairThreshold = NaN, pairAssurance} = report;
        broken.all += Number(differenceWithin(-threshold, 0, 1) < 0.9);
        broken.class += Number(differenceWithin(-(classThresholds?.get('at 0') ?? NaN), 0, 1) < 0.9);
        broken.pairs += Number(differenceWithin(-pairThreshold, 0) < 0.9);
        expect([report.tooFew, classAssurances?.get('at 0')?.samples]).toEqual([false, each]);
        expect(pairAssurance?.samples).toBe(2 * Math.floor(each / 2));
      },
    );
    for (const count of Object.values(broken)) {
      expect(count).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 0.9));
      // And does not promise much too little.
      expect(count).toBeGreaterThan(CALIBRATIONS / 40);
    }
  });

  it.each([30, 60])('for unknown ones, and for pairs that are different, of %p samples a class', async (each) => {
    const broken = {all: 0, pairs: 0};
    const goal = (unknown: number[][]) => ({falseAccept: 0.1, unknown, confidence: 0.9});
    await calibrations(CALIBRATIONS, each, goal, ({threshold, pairThreshold = NaN}) => {
      broken.all += Number(differenceWithin(-threshold, UNKNOWN, 1) > 0.1);
      // Three kinds of pairs, as many of each: two of them are far apart.
      broken.pairs += Number(differenceWithin(-pairThreshold, UNKNOWN) / 3 > 0.1);
    });
    for (const count of Object.values(broken)) {
      expect(count).toBeLessThanOrEqual(mostBroken(CALIBRATIONS, 0.9));
      expect(count).toBeGreaterThan(CALIBRATIONS / 40);
    }
  });

  it('and could not, if pairs shared samples', () => {
    let broken = 0;
    const numbers = normalNumbers(CALIBRATIONS * 45, 1);
    for (let i = 0; i < CALIBRATIONS; i++) {
      const known = {values: numbers.subarray(45 * i, 45 * (i + 1)), rows: 45, width: 1};
      const pairs = samePairs({known, labels: Array.from({length: 45}, () => 'a')});
      const scores = pairs.map(([one, other]) => pairScore(one, other, 'distance'));
      broken += Number(differenceWithin(-thresholdToAccept(scores, {share: 0.9, confidence: 0.9}).threshold, 0) < 0.9);
    }
    expect(broken).toBeGreaterThan(CALIBRATIONS / 4);
  });
});

describe('A calibration of too few samples', () => {
  it.each<[string, CalibrationGoal, boolean]>([
    ['to accept 99 %', {accept: 0.99}, true],
    ['to accept 83 %', {accept: 5 / 6}, false],
    ['to accept 60 % for sure', {accept: 0.6, confidence: 0.95}, true],
    ['to accept 60 % nearly for sure', {accept: 0.6, confidence: 0.9}, false],
    ['to let in 10 %', {falseAccept: 0.1, unknown: [[1], [2], [3], [4], [5]]}, true],
    ['to let in 17 %', {falseAccept: 1 / 6, unknown: [[1], [2], [3], [4], [5]]}, false],
    // Three of one class, two of the other.
    ['to accept 75 % of each class', {accept: 0.75, perClass: true}, true],
    ['to accept 66 % of each class', {accept: 0.66, perClass: true}, false],
  ])('says so: five samples %s', async (_, goal, tooFew) => {
    const recognizer = await Recognizer.fromCenters([[0], [9]], ['a', 'b']);
    const report = await recognizer.calibrate([[0], [1], [2], [9], [8]], ['a', 'a', 'a', 'b', 'b'], goal);
    expect(report.tooFew).toBe(tooFew);
  });

  it('counts a class without samples as one with too few, and tells how many each has', async () => {
    const recognizer = await Recognizer.fromCenters([[0], [9], [20]], ['a', 'b', 'c']);
    const report = await recognizer.calibrate([[0], [1], [9], [1]], ['a', 'a', 'b', 'b'], {
      accept: 0.66,
      perClass: true,
    });
    expect(report.tooFew).toBe(true);
    expect(report.classThresholds).toEqual(new Map([['a', -1]]));
    expect([...(report.classAssurances ?? [])].map(([label, {samples, needed}]) => [label, samples, needed])).toEqual([
      ['a', 2, 2],
      ['b', 1, 2],
    ]);
  });

  it('has pairs of which no two share a sample, the same ones in any order', async () => {
    const recognizer = await Recognizer.fromCenters([[0], [9]], ['a', 'b']);
    const report = await recognizer.calibrate([[0], [1], [2], [9], [8]], ['a', 'a', 'a', 'b', 'b'], {confidence: 0.9});
    expect(report.pairAssurance).toMatchObject({samples: 2, needed: 45});
    const again = await recognizer.calibrate([[8], [2], [1], [9], [0]], ['b', 'a', 'a', 'b', 'a'], {confidence: 0.9});
    expect(again).toEqual(report);
  });
});
