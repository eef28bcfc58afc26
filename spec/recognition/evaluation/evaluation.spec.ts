import {
  auroc,
  compactness,
  equalErrorRate,
  falseAcceptAt,
  oscr,
  recallAt1,
  rocCurve,
} from '../../../lib/recognition/index.js';
import fixture from '../../fixtures/measures.json' with {type: 'json'};

/** Both sides compute in double precision; what is left is the rounding of a few sums. */
const TOLERANCE = 1e-12;

describe.each(fixture.scores)('Of scores where $name', (scores) => {
  const {known, unknown, correct} = scores;

  it('auroc is that of scikit-learn', () => {
    expect(Math.abs(auroc(known, unknown) - scores.auroc)).toBeLessThan(TOLERANCE);
  });

  it('rocCurve is that of scikit-learn', () => {
    const expected = scores.rocCurve.map(({threshold, ...shares}) => ({threshold: threshold ?? Infinity, ...shares}));
    expect(rocCurve(known, unknown)).toEqual(expected);
  });

  it.each(Object.entries(scores.falseAcceptAt))('falseAcceptAt %s is that of scikit-learn', (accept, expected) => {
    expect(Math.abs(falseAcceptAt(known, unknown, Number(accept)) - expected)).toBeLessThan(TOLERANCE);
  });

  it('oscr is the area by scikit-learn', () => {
    expect(Math.abs(oscr(known, correct, unknown) - scores.oscr)).toBeLessThan(TOLERANCE);
  });

  it('equalErrorRate lies where the errors of scikit-learn are closest', () => {
    const {rate, threshold} = equalErrorRate(known, unknown);
    expect(threshold).toBe(scores.equalErrorRate.threshold);
    expect(Math.abs(rate - scores.equalErrorRate.rate)).toBeLessThan(TOLERANCE);
  });

  it('typed arrays, in any order, give the same', () => {
    const reversed = Float64Array.from(known).reverse();
    expect(auroc(reversed, Float64Array.from(unknown))).toBe(auroc(known, unknown));
    expect(oscr(reversed, [...correct].reverse().map(Number), unknown)).toBe(oscr(known, correct, unknown));
  });
});

describe.each(fixture.features)('Of features with $name', ({features, labels, ...expected}) => {
  it('compactness is that of scikit-learn', async () => {
    const measured = await compactness(features, labels);
    for (const key of ['intraClass', 'interClass', 'ratio'] as const) {
      expect(Math.abs(measured[key] - expected.compactness[key])).toBeLessThan(TOLERANCE);
    }
  });

  it('recallAt1 is that of scikit-learn', async () => {
    expect(Math.abs((await recallAt1(features, labels)) - expected.recallAt1)).toBeLessThan(TOLERANCE);
  });
});

describe('Measures of scores', () => {
  const MEASURES = {
    auroc,
    rocCurve,
    falseAcceptAt,
    equalErrorRate,
    oscr: (known: ArrayLike<number>, unknown: ArrayLike<number>) => oscr(known, Array.from(known).fill(1), unknown),
  };

  describe.each(Object.entries(MEASURES))('%s', (name, measure) => {
    it('refuses a group without scores', () => {
      expect(() => measure([], [1])).toThrow(
        new RegExp(`^${name}: expected at least one score in \\w+, but got \\[\\]`),
      );
      expect(() => measure([1], new Float32Array(0))).toThrow(
        /at least one score in (unknown|different|unknownScores)/,
      );
    });

    it('refuses what is no number', () => {
      expect(() => measure([1, NaN], [1])).toThrow(`${name}: expected numbers as scores, but got NaN at index 1 of`);
      expect(() => measure([1], ['2'] as unknown as number[])).toThrow('expected numbers as scores, but got "2"');
    });

    it('refuses scores that are all the same', () => {
      expect(() => measure([7, 7], [7])).toThrow(`${name}: expected scores that differ, but all are 7.`);
    });

    it('takes infinite scores', () => {
      expect(() => measure([Infinity, 0], [-Infinity])).not.toThrow();
    });

    it('leaves its arguments as they are', () => {
      const known = [1, 3, 2];
      const unknown = Float64Array.of(2, 0, 1);
      measure(known, unknown);
      expect(known).toEqual([1, 3, 2]);
      expect(unknown).toEqual(Float64Array.of(2, 0, 1));
    });
  });

  it('take time as for sorting, not for all pairs', () => {
    // All pairs of these would take minutes.
    const scores = Float64Array.from({length: 300_000}, (_, i) => (i * 7919) % 300_007);
    expect(auroc(scores, scores)).toBe(0.5);
  });

  it('at a score of minus infinity still count all samples', () => {
    expect(auroc([-Infinity, 1], [-Infinity])).toBe(0.75);
    expect(rocCurve([1], [-Infinity]).at(-1)).toEqual({threshold: -Infinity, accepted: 1, falselyAccepted: 1});
  });
});

describe('falseAcceptAt', () => {
  it('asks for 95 % by default', () => {
    const known = Array.from({length: 20}, (_, i) => i);
    // The threshold is 1: it accepts 19 of 20.
    expect(falseAcceptAt(known, [0, 0.5, 1, 30])).toBe(0.5);
  });

  it('takes a share that is met exactly, in spite of rounding', () => {
    const known = Array.from({length: 100}, (_, i) => 100 - i);
    // 0.07 * 100 is 7.000000000000001.
    expect(falseAcceptAt(known, [93.5, 94, 94.5, 95], 0.07)).toBe(0.75);
  });

  it.each([0, -0.5, 1.01, NaN])('refuses to accept a share of %p', (accept) => {
    expect(() => falseAcceptAt([1], [0], accept)).toThrow(
      `falseAcceptAt: expected accept to be above 0 and at most 1, but got ${accept}.`,
    );
  });
});

describe('oscr', () => {
  it('refuses a list of what is correct that has another length', () => {
    expect(() => oscr([1, 2], [true], [0])).toThrow(
      'oscr: expected knownCorrect to have 2 values, one for each known score, but got 1.',
    );
  });

  it('is the AUROC where all are named rightly', () => {
    expect(oscr([3, 1, 2, 2], [1, 1, 1, 1], [2, 0])).toBe(auroc([3, 1, 2, 2], [2, 0]));
  });
});

describe('compactness', () => {
  it('takes the width of a Float32Array from the labels', async () => {
    expect(await compactness(Float32Array.of(0, 0, 0, 2, 4, 0, 4, 2), [0, 0, 1, 1])).toEqual({
      intraClass: 1,
      interClass: 4,
      ratio: 0.25,
    });
  });

  it('is the mean over all pairs of classes', async () => {
    const {interClass} = await compactness([[0], [1], [3]], Int32Array.of(5, 6, 7));
    expect(interClass).toBe(2);
  });

  it('refuses a single class', async () => {
    await expect(compactness([[1], [2]], ['a', 'a'])).rejects.toThrow(
      'compactness: expected samples of at least two classes, but got 1.',
    );
  });

  it('refuses classes that are all in one place', async () => {
    await expect(compactness([[2], [2]], ['a', 'b'])).rejects.toThrow(
      'compactness: expected classes that differ, but all have the same mean.',
    );
  });

  it('refuses no samples, and another number of labels', async () => {
    await expect(compactness([], [])).rejects.toThrow('compactness: expected at least one sample, but got none.');
    await expect(compactness([[1], [2]], ['a'])).rejects.toThrow(
      'compactness: expected one label a sample, but got 1 labels for 2 samples.',
    );
  });
});

describe('recallAt1()', () => {
  it('is the share of samples whose nearest other sample has their label', async () => {
    expect(await recallAt1([[0], [1], [10], [12], [2]], ['a', 'a', 'b', 'b', 'b'])).toBe(4 / 5);
  });

  it('does not count samples that are alone with their label', async () => {
    expect(await recallAt1([[0], [1], [2]], ['a', 'a', 'b'])).toBe(1);
  });

  it('takes the first of equally near ones', async () => {
    expect(await recallAt1([[0], [1], [-1]], ['a', 'a', 'b'])).toBe(1);
    expect(await recallAt1([[0], [-1], [1]], ['a', 'b', 'a'])).toBe(0.5);
  });

  it('finds the other one among equal samples', async () => {
    expect(await recallAt1([[0], [0], [5]], ['a', 'a', 'b'])).toBe(1);
    expect(await recallAt1([[0], [0], [0], [5]], ['a', 'b', 'a', 'c'])).toBe(0.5);
  });

  it('refuses labels that all differ, and features that are all the same', async () => {
    await expect(recallAt1([[0], [1]], ['a', 'b'])).rejects.toThrow(
      'recallAt1: expected two samples with the same label, but all 2 differ.',
    );
    await expect(recallAt1([[1], [1]], ['a', 'a'])).rejects.toThrow(
      'recallAt1: expected features that differ, but all are [1].',
    );
  });
});
