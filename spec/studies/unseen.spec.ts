import '../support/cpu.js';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import * as tf from '@tensorflow/tfjs';
import {strToU8, zipSync} from 'fflate';
import {PNG} from 'pngjs';

import {alter, UNALTERED} from '../../studies/alter.js';
import {atUnitLength} from '../../studies/unseen/embedding.js';
import type {Rows} from '../../studies/unseen/embedding.js';
import {readRuns, readSmallSet, shrink} from '../../studies/unseen/omniglot.js';
import {parseOptions} from '../../studies/unseen/options.js';
import {AREA, SIZE} from '../../studies/unseen/pictures.js';
import type {Characters} from '../../studies/unseen/pictures.js';
import {SEEDS, SETTINGS, trialsOf} from '../../studies/unseen/protocol.js';
import {measureQuality, oneShotErrors, pairsWithinAlphabets} from '../../studies/unseen/quality.js';
import {measureTemplates} from '../../studies/unseen/templates.js';
import {runTrial, savedResults} from '../../studies/unseen/trial.js';

/** Features of width 1. */
const line = (...values: number[]): Rows => ({values: Float32Array.from(values), width: 1});

/** A picture with ink at these places, row by row. */
function picture(...places: [row: number, column: number][]): Float32Array {
  const pixels = new Float32Array(AREA);
  for (const [row, column] of places) {
    pixels[row * SIZE + column] = 1;
  }
  return pixels;
}

const inkOf = (pixels: Float32Array) =>
  [...pixels.keys()].filter((at) => (pixels[at] ?? 0) > 0.5).map((at) => [Math.floor(at / SIZE), at % SIZE]);

describe('pictures', () => {
  const altered = (source: Float32Array, change: Partial<typeof UNALTERED>) => {
    const target = new Float32Array(AREA);
    alter(SIZE, source, 0, {...UNALTERED, ...change}, target, 0);
    return target;
  };

  test('stay as they are, move and turn', () => {
    const source = picture([3, 5], [10, 20]);
    expect(altered(source, {})).toEqual(source);
    expect(inkOf(altered(source, {shiftX: 2, shiftY: -1}))).toEqual([
      [4, 3],
      [11, 18],
    ]);
    expect(inkOf(altered(source, {turn: Math.PI}))).toEqual([
      [17, 7],
      [24, 22],
    ]);
    // Steps half as large through the source make it twice as large.
    expect(inkOf(altered(picture([13, 13], [13, 14], [14, 13], [14, 14]), {scaleX: 0.5, scaleY: 0.5}))).toHaveLength(
      16,
    );
  });

  test('are made smaller by the mean of the area that a pixel covers', () => {
    // 56 x 56 pixels of white, and ink in three of the four that the pixel (1, 2) covers.
    const data = new Uint8Array(4 * 56 * 56).fill(255);
    for (const [y, x] of [
      [2, 4],
      [2, 5],
      [3, 4],
    ] as const) {
      data.fill(0, 4 * (y * 56 + x), 4 * (y * 56 + x) + 3);
    }
    const small = shrink({data, width: 56, height: 56});
    expect(small[SIZE + 2]).toBe(0.75);
    expect(small.reduce((sum, value) => sum + value, 0)).toBe(0.75);
    // 105 pixels are no multiple of 28: none of the ink is lost. float32 sums
    const black = shrink({data: new Uint8Array(4 * 105 * 105), width: 105, height: 105});
    expect(Math.min(...black)).toBeCloseTo(1, 5);
    expect(Math.max(...black)).toBeCloseTo(1, 5);
  });
});

describe('quality', () => {
  test('a test picture is named by the most alike of the known ones', () => {
    const runs = [
      {test: line(0, 9), known: line(1, 8), right: [0, 1]},
      {test: line(0, 9), known: line(1, 8), right: [0, 0]},
    ];
    expect(oneShotErrors(runs)).toBe(1 / 4);
  });

  test('pairs are of one alphabet: of a character, or of two', () => {
    const scores = pairsWithinAlphabets(line(0, 1, 3, 7), {labels: [0, 0, 1, 2], alphabets: [0, 0, 0, 1]});
    expect(scores).toEqual({genuine: [-1], impostor: [-9, -4]});
  });

  test('false rejects are counted where one impostor in a hundred is let in', async () => {
    const impostor = Array.from({length: 200}, (_, index) => -index);
    // Two of 200 impostors may be let in, those at 0 and -1. A threshold of -1.5 does that, and one of -2.5 lets a third one in.
    const quality = await measureQuality(
      line(0, 1, 5, 6),
      {labels: [0, 0, 1, 1], alphabets: [0, 0, 0, 0]},
      {genuine: [1, 0.5, -0.5, -1.5, -2.5], impostor},
    );
    expect(quality.falseRejectAt1).toBeCloseTo(1 / 5, 12);
    expect(quality.recallAt1).toBe(1);
  });

  test('at unit length rows have their direction alone', () => {
    expect(atUnitLength({values: Float32Array.of(3, 4, 0, 2), width: 2}).values).toEqual(
      Float32Array.of(0.6, 0.8, 0, 1),
    );
  });
});

test('templates: the mean of two looks lies between them, where each look is near itself', () => {
  // Four characters by ten people. As classes of two looks: the first two, and the last two.
  const labels = [0, 1, 2, 3].flatMap((character) => Array.from({length: 10}, () => character));
  const places = [0, 20, 5, 6];
  const features = line(...labels.map((character, index) => (places[character] ?? NaN) + (index % 10) / 100));
  const errors = measureTemplates(features, {labels, alphabets: labels.map(() => 0)}, 2);
  const of = (samples: number, looks: number, templates: string) =>
    errors.find((one) => one.samples === samples && one.looks === looks && one.templates === templates)?.errors;
  expect(of(1, 1, 'mean')).toBe(0);
  expect(of(1, 1, 'each')).toBeUndefined();
  expect(of(5, 1, 'each')).toBe(0);
  // The first character, at 0, is nearer to 5.5 than to 10, the mean of its class.
  expect(of(5, 2, 'mean')).toBe(1 / 4);
  expect(of(5, 2, 'looks')).toBe(0);
  expect(of(5, 2, 'each')).toBe(0);
});

describe('the protocol', () => {
  test('trains both sets without and with center loss, alike but for the weight', () => {
    const trials = trialsOf(SEEDS, 7);
    expect(trials).toHaveLength(4 * SEEDS.length);
    for (const [index, trial] of trials.entries()) {
      if (index % 2 === 0) {
        expect({...trial, lossWeight: SETTINGS.lossWeight}).toEqual(trials[index + 1]);
        expect(trial.lossWeight).toBe(0);
      }
    }
    expect(trials.slice(0, 4).map(({set, seed}) => [set, seed])).toEqual([
      [1, 1],
      [1, 1],
      [2, 1],
      [2, 1],
    ]);
  });

  test('asks for the folder of Omniglot', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect(() => parseOptions([])).toThrow("required option '--omniglot <folder>' not specified");
    } finally {
      write.mockRestore();
    }
    expect(parseOptions(['--omniglot', 'data', '--seeds', '2'])).toMatchObject({
      omniglot: 'data',
      seeds: [1, 2],
      epochs: SETTINGS.epochs,
      output: 'output',
      docs: 'docs',
    });
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unseen-'));
  });
  afterEach(async () => {
    await rm(folder, {recursive: true});
  });

  /** White, with one row of ink. */
  function png(row: number): Uint8Array {
    const image = new PNG({width: SIZE, height: SIZE});
    image.data.fill(255);
    image.data.fill(0, 4 * SIZE * row, 4 * SIZE * (row + 1));
    for (let at = 3; at < image.data.length; at += 4) {
      image.data[at] = 255;
    }
    return new Uint8Array(PNG.sync.write(image));
  }
  const rowsOf = (pixels: Float32Array) =>
    Array.from({length: pixels.length / AREA}, (_, index) => inkOf(pixels.subarray(index * AREA))[0]?.[0]);

  test('a set has its characters and alphabets by the folders of the pictures', async () => {
    await writeFile(
      join(folder, 'images_background_small2.zip'),
      zipSync({
        'images_background_small2/Greek/character02/2_01.png': png(3),
        'images_background_small2/Greek/character01/1_01.png': png(1),
        'images_background_small2/Greek/character01/1_02.png': png(2),
        'images_background_small2/Latin/character01/3_01.png': png(4),
        '__MACOSX/images_background_small2/Greek/character01/._1_01.png': strToU8('no picture'),
      }),
    );
    const {pixels, labels, alphabets} = await readSmallSet(folder, 2);
    expect(labels).toEqual([0, 0, 1, 2]);
    expect(alphabets).toEqual([0, 0, 0, 1]);
    expect(rowsOf(pixels)).toEqual([1, 2, 3, 4]);
  });

  test('a run says which known picture shows what a test picture shows', async () => {
    const runs = Object.fromEntries(
      Array.from({length: 20}, (_, index) => `run${String(index + 1).padStart(2, '0')}`).flatMap((run, index) => [
        [
          `${run}/class_labels.txt`,
          strToU8(
            `${run}/test/item01.png ${run}/training/class02.png\n${run}/test/item02.png ${run}/training/class01.png\n`,
          ),
        ],
        [`${run}/test/item01.png`, png(index)],
        [`${run}/test/item02.png`, png(1)],
        [`${run}/training/class01.png`, png(2)],
        [`${run}/training/class02.png`, png(3)],
      ]),
    );
    await writeFile(join(folder, 'all_runs.zip'), zipSync(runs));
    const read = await readRuns(folder);
    expect(read).toHaveLength(20);
    expect(read.map(({test}) => rowsOf(test))).toEqual(Array.from({length: 20}, (_, index) => [index, 1]));
    expect(read[0]?.right).toEqual([1, 0]);
    expect(rowsOf(read[0]?.known ?? new Float32Array())).toEqual([2, 3]);
  });

  test('a training is done once: its results are saved, and its network, which gives the same ones', async () => {
    // Two alphabets of two characters, six pictures each: with turned copies one batch.
    const labels = Array.from({length: 24}, (_, index) => Math.floor(index / 6));
    const set: Characters = {
      // Ink all over: of two dots a network of few filters may see nothing.
      pixels: Float32Array.from({length: labels.length * AREA}, (_, i) => Math.abs(Math.sin(i * i))),
      labels,
      alphabets: labels.map((label) => Math.floor(label / 2)),
    };
    const run = {test: set.pixels.slice(0, AREA), known: set.pixels.slice(0, 5 * AREA), right: [0]};
    const omniglot = {sets: {1: set, 2: set}, runs: [run]};
    const trial = {set: 1, seed: 1, lossWeight: 0.3, epochs: 1} as const;
    const shares: number[] = [];
    const steps = (count: number) => Array.from({length: count}, (_, step) => (step + 1) / count);
    const first = await runTrial(trial, omniglot, folder, (share) => shares.push(share), 8);
    expect(shares).toEqual(steps(1));
    const before = tf.memory().numTensors;
    expect(await savedResults(trial, folder)).toEqual(first);
    expect(await savedResults({...trial, epochs: 2}, folder)).toBeUndefined();
    expect(await savedResults({...trial, seed: 2}, folder)).toBeUndefined();
    expect(await runTrial(trial, omniglot, folder, (share) => shares.push(share), 8)).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
    expect(shares).toEqual(steps(1));
    expect(first.measured.map(({looks, score}) => `${looks}, ${score}`)).toEqual([
      'one look, distance',
      'one look, cosine',
      'nine looks, distance',
      'nine looks, cosine',
    ]);
    // A picture is most alike to itself.
    expect(first.measured[0]?.oneShotErrors).toBe(0);
    // Another number of epochs is another training.
    await runTrial({...trial, epochs: 2}, omniglot, folder, (share) => shares.push(share), 8);
    expect(shares).toEqual([...steps(1), ...steps(2)]);
  }, 600_000);
});
