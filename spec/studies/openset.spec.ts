import '../support/cpu.js';
import * as tf from '@tensorflow/tfjs';

import {Recognizer} from '../../lib/recognition/index.js';
import type {Dataset} from '../../demo/mnist/dataset.js';
import {FEATURE_LAYER} from '../../demo/mnist/network.js';
import {farthest, measureCalibration} from '../../studies/openset/calibration.js';
import type {DigitFeatures} from '../../studies/openset/digit_features.js';
import {drawSamples, fewWithNearestPicture, fewWithRecognizer} from '../../studies/openset/few_samples.js';
import {choiceJobs, comparisonJobs, WEIGHTS} from '../../studies/openset/jobs.js';
import {NETWORKS} from '../../studies/openset/networks.js';
import {parseOptions} from '../../studies/openset/options.js';
import {CHOOSING_SEED, CHOOSING_SPLITS, SEEDS, SPLITS, splitByDigits} from '../../studies/openset/protocol.js';
import {measureQuality, ROC_GRID, rocOnGrid} from '../../studies/openset/quality.js';
import {scoreFeatures, scoreLogits} from '../../studies/openset/scores.js';
import {runTrial} from '../../studies/openset/trial.js';
import {histogramOf} from '../../studies/histogram.js';

/** One picture a label, whose first pixel is its index. */
function numbered(labels: readonly number[]): Dataset {
  return {
    images: tf.tensor2d(labels.map((_, index) => [index, 0])),
    labels: tf.tensor1d([...labels], 'int32'),
    size: labels.length,
  };
}

const firstPixels = ({images}: Dataset) => images.arraySync().map(([pixel]) => pixel);

describe('the protocol', () => {
  test('has five splits of six different digits', () => {
    expect(SPLITS).toHaveLength(5);
    for (const known of [...SPLITS, ...CHOOSING_SPLITS]) {
      expect(new Set(known).size).toBe(6);
    }
  });

  test('chooses on splits and a seed that it does not report', () => {
    const sets = (splits: readonly (readonly number[])[]) => splits.map((known) => [...known].sort().join(''));
    expect(sets(SPLITS).filter((known) => sets(CHOOSING_SPLITS).includes(known))).toEqual([]);
    expect(SEEDS).not.toContain(CHOOSING_SEED);
  });

  test('trains on known digits alone, and holds one picture in six of them back', () => {
    const digits = [7, 7, 7, 7, 7, 7, 7, 2, 2, 5];
    const split = splitByDigits(numbered(digits), numbered([5, 2, 7]), [2, 7]);
    expect(split.unknown).toEqual([0, 1, 3, 4, 5, 6, 8, 9]);
    expect(firstPixels(split.heldBack)).toEqual([0, 6]);
    expect(firstPixels(split.train)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(split.train.labels.arraySync()).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(firstPixels(split.enrolment)).toEqual([9]);
    expect(split.enrolment.labels.arraySync()).toEqual([4]);
    expect(firstPixels(split.testKnown)).toEqual([1, 2]);
    expect(firstPixels(split.testUnknown)).toEqual([0]);
  });
});

describe('scores', () => {
  const predictions = (logits: number[][], features = logits) => {
    const rows = tf.tensor2d(logits);
    return {logits: rows, features: tf.tensor2d(features), classIds: rows.argMax<tf.Tensor1D>(1)};
  };

  test('of logits name the digit of the highest', async () => {
    const {softmax, logit} = await scoreLogits(
      predictions([
        [1, 3],
        [4, 0],
      ]),
      [8, 9],
    );
    expect(softmax.digits).toEqual([9, 8]);
    expect(logit).toEqual({values: [3, 4], digits: [9, 8]});
    // e^3 / (e^3 + e^1); float32 logits are exact here
    expect(Math.exp(softmax.values[0] ?? NaN)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });

  test('of softmax tell the surest pictures apart, where the maximum itself is 1', async () => {
    const {softmax} = await scoreLogits(
      predictions([
        [100, 0],
        [101, 0],
      ]),
      [8, 9],
    );
    expect(softmax.values[1]).toBeGreaterThan(softmax.values[0] ?? NaN);
  });

  test('of features name the digit of the nearest center', async () => {
    const recognizer = await Recognizer.fromCenters(
      [
        [0, 0],
        [10, 0],
      ],
      ['4', '7'],
      {score: 'distance'},
    );
    const scored = await scoreFeatures(
      recognizer,
      predictions(
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [8, 0],
        ],
      ),
    );
    expect(scored).toEqual({values: [-1, -2], digits: [4, 7]});
  });
});

describe('quality', () => {
  const known = {values: [5, 4, 3, 1], digits: [1, 1, 2, 2]};
  const unknown = {values: [2, 0], digits: [1, 1]};

  test('counts the rightly named, and measures the rest by the package', () => {
    const {accuracy, auroc, fpr95, oscr} = measureQuality(known, [1, 2, 2, 2], unknown);
    expect(accuracy).toBe(3 / 4);
    expect(auroc).toBe(7 / 8);
    expect(fpr95).toBe(1 / 2);
    // Rightly named and accepted: 2 of 4 until the first unknown one comes in, 3 of 4 until the second.
    expect(oscr).toBe((2 / 4 + 3 / 4) / 2);
  });

  test('gives the share accepted where no more than a share of the unknown ones is let in', () => {
    const accepted = rocOnGrid(known, unknown);
    expect(accepted[0]).toBe(3 / 4);
    expect(accepted[ROC_GRID.findIndex((share) => share >= 0.5)]).toBe(1);
    expect(accepted.at(-1)).toBe(1);
  });

  test('shows all pictures in a histogram', () => {
    const histogram = histogramOf(known.values, unknown.values);
    expect([histogram.from, histogram.to]).toEqual([0, 5]);
    for (const shares of [histogram.known, histogram.unknown]) {
      // sums of 60 shares
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
    expect(histogram.unknown[0]).toBe(1 / 2);
    expect(histogram.known.at(-1)).toBe(1 / 4);
  });
});

describe('calibration', () => {
  /** `count` pictures of each digit, at all distances up to `radius` from its center. */
  const cloud = (digit: number, count: number, radius: number): DigitFeatures => ({
    features: tf.tensor2d(Array.from({length: count}, (_, i) => [100 * digit + (radius * (i + 1)) / count, 0])),
    digits: Array.from({length: count}, () => digit),
  });
  const both = (a: DigitFeatures, b: DigitFeatures): DigitFeatures => ({
    features: tf.concat([a.features, b.features]),
    digits: [...a.digits, ...b.digits],
  });

  test('counts the new pictures that are accepted: over all, and by digit with a threshold for each', async () => {
    const recognizer = await Recognizer.fromCenters(
      [
        [0, 0],
        [100, 0],
      ],
      ['0', '1'],
      {score: 'distance'},
    );
    const heldBack = both(cloud(0, 100, 1), cloud(1, 100, 10));
    const shares = await measureCalibration(recognizer, heldBack, both(cloud(0, 100, 2), cloud(1, 100, 10)));
    expect(shares.map(({asked}) => asked)).toEqual([0.9, 0.95, 0.99]);
    const accepted = shares[0]?.accepted;
    const [zeros, ones] = shares[0]?.acceptedByDigit ?? [];
    // Among the hundred of a digit the threshold may lie one further: of the zeros, twice as far, half are accepted.
    expect(zeros).toBeGreaterThanOrEqual(0.45);
    expect(zeros).toBeLessThanOrEqual(0.46);
    expect(ones).toBeGreaterThanOrEqual(0.9);
    expect(ones).toBeLessThanOrEqual(0.91);
    // One threshold for both lies within the ones, far from all zeros: all of these, and 80 of the ones.
    expect(accepted).toBeGreaterThanOrEqual(0.9);
    expect(accepted).toBeLessThanOrEqual(0.91);
  });

  test('looks at the farthest difference of either sign', () => {
    expect(farthest([0.1, -0.3, 0.2])).toBe(0.3);
  });
});

describe('a few samples', () => {
  const at = (points: [digit: number, x: number][]): DigitFeatures => ({
    features: tf.tensor2d(points.map(([, x]) => [x, 1])),
    digits: points.map(([digit]) => digit),
  });
  const enrolment = at(
    [1, 2, 3, 4, 5].flatMap((x): [number, number][] => [
      [8, 20 + x],
      [9, 40 + x],
    ]),
  );

  test('are drawn for each digit, the same ones for the same seed', () => {
    const drawn = drawSamples(enrolment, 2, 'a');
    expect(drawn.digits).toEqual([8, 8, 9, 9]);
    expect(drawSamples(enrolment, 2, 'a').features.arraySync()).toEqual(drawn.features.arraySync());
    const others = ['b', 'c', 'd'].map((seed) => JSON.stringify(drawSamples(enrolment, 2, seed).features.arraySync()));
    expect(new Set([JSON.stringify(drawn.features.arraySync()), ...others]).size).toBeGreaterThan(1);
  });

  test('are enrolled beside the known digits, and forgotten after each draw', async () => {
    const recognizer = await Recognizer.fromCenters([[0, 1]], ['3'], {score: 'distance'});
    // 23 is an 8, and 43 a 9; 9 is nearest to the known 3, and wrong.
    const test = at([
      [3, 1],
      [8, 23],
      [9, 43],
      [9, 9],
    ]);
    const results = await fewWithRecognizer(recognizer, enrolment, test, 3);
    expect(results).toEqual([
      {samples: 1, accuracy: 3 / 4, enrolledAccuracy: 2 / 3},
      {samples: 5, accuracy: 3 / 4, enrolledAccuracy: 2 / 3},
    ]);
    expect(recognizer.labels).toEqual(['3']);
  });

  test('compete with all known pictures for the nearest one', async () => {
    const known = at([
      [3, 0],
      [3, 30],
    ]);
    const test = at([
      [3, 1],
      [3, 31],
      [8, 23],
      [9, 43],
    ]);
    const [, five] = await fewWithNearestPicture(known, enrolment, test, 2);
    expect(five).toEqual({samples: 5, accuracy: 1, enrolledAccuracy: 1});
  });
});

describe('options', () => {
  test('the backend says which network is trained, and in how many processes', () => {
    expect(parseOptions([])).toMatchObject({
      backend: 'wasm',
      network: 'dense',
      seeds: SEEDS,
      docs: 'docs',
      output: 'output',
    });
    expect(parseOptions(['--backend', 'tensorflow'])).toMatchObject({network: 'convolutional', workers: 1});
    expect(parseOptions(['--backend', 'tensorflow', '--workers', '3', '--seeds', '2'])).toMatchObject({
      workers: 3,
      seeds: SEEDS.slice(0, 2),
    });
  });

  test('a quick run takes one seed and writes no page', () => {
    expect(parseOptions(['--quick'])).toMatchObject({seeds: SEEDS.slice(0, 1), docs: false});
  });

  test.each([
    ['--seeds', '4', 'Expected a whole number from 1 to 3.'],
    ['--workers', '0', 'Expected a whole number from 1 to 64.'],
    ['--backend', 'webgl', 'Allowed choices are wasm, cpu, tensorflow.'],
  ])('%s %p is refused', (option, value, message) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect(() => parseOptions([option, value])).toThrow(message);
    } finally {
      write.mockRestore();
    }
  });
});

describe('jobs', () => {
  test('compare both trainings on every split with every seed, from the same weights and batches', () => {
    const trials = comparisonJobs(parseOptions([])).filter((job) => job.kind === 'trial');
    expect(trials).toHaveLength(2 * SPLITS.length * SEEDS.length);
    const {lossWeight} = NETWORKS.dense;
    for (const known of SPLITS) {
      for (const seed of SEEDS) {
        const both = trials.filter((trial) => trial.known === known && trial.seed === seed);
        expect(both.map((trial) => trial.lossWeight)).toEqual([0, lossWeight]);
        expect({...both[0], lossWeight}).toEqual(both[1]);
      }
    }
  });

  test('train otherwise with turned and mirrored copies, of which there are eight times as many pictures', () => {
    const jobs = comparisonJobs(parseOptions(['--turned', '--splits', '2', '--seeds', '1']));
    const trials = jobs.filter((job) => job.kind === 'trial');
    expect(trials.map(({known}) => known)).toEqual([SPLITS[0], SPLITS[0], SPLITS[1], SPLITS[1]]);
    expect(trials.every(({turned, epochs}) => turned && epochs === NETWORKS.dense.turnedEpochs)).toBe(true);
  });

  test('train as often as they are told, with copies and without', () => {
    const epochsOf = (...options: string[]) => {
      const all = ['--epochs', '40', '--splits', '1', '--seeds', '1', ...options];
      return comparisonJobs(parseOptions(all)).map((job) => job.kind === 'trial' && job.epochs);
    };
    expect(epochsOf()).toEqual([40, 40, false]);
    expect(epochsOf('--turned')).toEqual([40, 40, false]);
    expect(choiceJobs(parseOptions(['--epochs', '40']))[0]).toMatchObject({epochs: 40});
  });

  test('try every weight on every split of the choice', () => {
    expect(choiceJobs(parseOptions([]))).toHaveLength(CHOOSING_SPLITS.length * WEIGHTS.length);
  });

  test('are fewer with --quick', () => {
    const jobs = comparisonJobs(parseOptions(['--quick']));
    expect(jobs).toHaveLength(3 * SPLITS.length);
    expect(jobs.every(({draws}) => draws === 20)).toBe(true);
  });
});

test.each(['dense', 'convolutional'] as const)('the weights of the %s network depend on the seed alone', (network) => {
  const weights = (seed: number) => {
    const classifier = NETWORKS[network].create(64, seed, 6);
    expect(classifier.getLayer(FEATURE_LAYER).outputShape).toEqual([null, 64]);
    expect(classifier.outputShape).toEqual([null, 6]);
    const [first] = classifier.getWeights();
    return Array.from(first?.dataSync() ?? []);
  };
  expect(weights(1)).toEqual(weights(1));
  expect(weights(1)).not.toEqual(weights(2));
});

describe('a trial', () => {
  const labels = Array.from({length: 240}, (_, index) => Math.floor(index / 24));
  /** Pictures that show their digit by the place of a bright pixel. */
  const pictures = (): Dataset => ({
    images: tf.tensor2d(labels.map((digit) => Array.from({length: 14 * 14}, (_, pixel) => (pixel === digit ? 1 : 0)))),
    labels: tf.tensor1d(labels, 'int32'),
    size: labels.length,
  });
  const known = SPLITS[0] ?? [];

  const trial = {
    kind: 'trial',
    network: 'dense',
    known,
    seed: 1,
    lossWeight: 0.03,
    turned: false,
    epochs: 1,
    draws: 1,
  } as const;

  test('measures everything, tells how far it is, and leaves no tensors', async () => {
    const train = pictures();
    const test = pictures();
    // tf.layers makes some tensors once and for all.
    await runTrial(trial, train, test, () => undefined);
    const before = tf.memory().numTensors;
    const shares: number[] = [];
    const results = await runTrial(trial, train, test, (share) => shares.push(share));
    expect(tf.memory().numTensors).toBe(before);
    expect(shares).toContain(0.8);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(Object.keys(results.scores)).toEqual(['softmax', 'logit', 'distance', 'relative', 'cosine']);
    for (const {accuracy, auroc, oscr} of Object.values(results.scores)) {
      expect(accuracy).toBeGreaterThanOrEqual(oscr);
      expect(auroc).toBeGreaterThanOrEqual(oscr);
    }
    expect(results.calibration.cosine.map(({asked}) => asked)).toEqual([0.9, 0.95, 0.99]);
    expect(results.fewSamples.cosine.map(({samples}) => samples)).toEqual([1, 5]);
    const {scores} = await runTrial({...trial, turned: true}, train, test, () => undefined);
    expect(tf.memory().numTensors).toBe(before);
    // Of an upright picture no turned digit is said.
    expect(scores.softmax.accuracy).toBeGreaterThan(0);
  }, 600_000);
});
