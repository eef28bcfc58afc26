import {IMAGE_SIZE} from '../../../demo/mnist/idx.js';
import {KINDS, nonDigits} from '../../../demo/web/non_digits.js';
import {nearness, titleOf, verdictOf} from '../../../demo/web/page/verdict.js';
import {FURTHER_DRAWINGS, TAUGHT_DRAWINGS} from '../../../demo/web/protocol.js';
import type {Answer} from '../../../demo/web/protocol.js';
import {withShiftedCopies} from '../../../demo/web/shifted.js';
import {strokePicture} from '../../../demo/web/stroke_picture.js';
import {tremblingSigns} from '../../../demo/web/trembling_signs.js';
import {Judge} from '../../../demo/web/worker/judge.js';
import {principalAxes, project} from '../../../demo/web/worker/projection.js';

const AREA = IMAGE_SIZE * IMAGE_SIZE;
const SIGNS = [{name: 'star', mark: 0, pictures: []}];

const answer = (changes: Partial<Answer>): Answer => ({
  digit: 3,
  probability: 0.9,
  accepted: true,
  nearest: [
    {classId: 3, distance: 1},
    {classId: 8, distance: 2},
  ],
  limit: 2,
  fartherOut: 40,
  x: 0,
  y: 0,
  ...changes,
});

describe('the words of an answer', () => {
  test('name a digit and say how many known ones lie farther out', () => {
    expect(verdictOf(answer({}), SIGNS, 0.95)).toEqual({
      kind: 'known',
      title: 'This is a 3',
      reason: '40 of 100 known digits lie farther out than this.',
    });
  });

  test('say why something is refused', () => {
    expect(verdictOf(answer({accepted: false, fartherOut: 2}), SIGNS, 0.95)).toEqual({
      kind: 'unknown',
      title: 'Unlike all it knows',
      reason: 'Only 2 of 100 known digits lie farther out; below 5 it refuses.',
    });
  });

  test('do not contradict each other: between two digits they are unsure', () => {
    expect(verdictOf(answer({digit: 8}), SIGNS, 0.95).title).toBe('Between 3 and 8: unsure');
  });

  test('name a sign that was taught, whatever softmax says', () => {
    const nearest = [{classId: 10, distance: 1}];
    expect(verdictOf(answer({digit: 8, nearest}), SIGNS, 0.95).title).toBe('This is “star”');
    expect(titleOf(10, SIGNS)).toBe('“star”');
  });

  test('nearness is a half at the limit', () => {
    expect([nearness(0, 2), nearness(2, 2), nearness(6, 2)]).toEqual([1, 0.5, 0.25]);
  });
});

describe('the judge', () => {
  // Ten centers on a line, 10 apart; of each digit 20 pictures, 0.05 to 1 from its center.
  const digits = Array.from({length: 10}, (_, digit) => digit);
  const centers = Float32Array.from(digits.flatMap((digit) => [10 * digit, 0]));
  const labels = digits.flatMap((digit) => Array.from({length: 20}, () => digit));
  const heldBack = {
    values: Float32Array.from(labels.flatMap((digit, i) => [10 * digit, ((i % 20) + 1) / 20])),
    rows: 200,
  };
  const judgeWith = (signs: {values: Float32Array; rows: number}[]) =>
    Judge.create({width: 2, centers, signs, heldBack, heldBackLabels: labels, judgedBy: 'distance'});

  test('accepts what is as near as known digits are, and counts those that lie farther out', async () => {
    const judge = await judgeWith([]);
    const [near, far] = await judge.judge(Float32Array.of(30, 0.52, 35, 0));
    expect(near).toMatchObject({accepted: true, fartherOut: 50});
    expect(near?.nearest[0]).toMatchObject({classId: 3, distance: expect.closeTo(0.52, 5)});
    expect(far).toMatchObject({accepted: false, fartherOut: 0});
    expect(far?.nearest.map(({classId}) => classId)).toEqual([3, 4]);
    // Of 200, and one more for the picture that is asked about, 94 % are 189.
    expect(near?.limit).toBeCloseTo(0.95, 5);
  });

  test('knows a sign by the mean of its pictures, with the limit of the digits', async () => {
    const judge = await judgeWith([{values: Float32Array.of(35, 8, 35, 10, 35, 12), rows: 3}]);
    const [sign, nothing] = await judge.judge(Float32Array.of(35, 10.5, 35, 14));
    expect(sign).toMatchObject({accepted: true});
    expect(sign?.nearest[0]?.classId).toBe(10);
    expect(nothing).toMatchObject({accepted: false});
  });

  test('may judge by the angle, which the length of the features does not change', async () => {
    const around = Float32Array.from(digits.flatMap((digit) => [Math.cos(digit / 2), Math.sin(digit / 2)]));
    const values = Float32Array.from(
      labels.flatMap((digit, i) => [Math.cos(digit / 2 + (i % 20) / 200), Math.sin(digit / 2 + (i % 20) / 200)]),
    );
    const judge = await Judge.create({
      width: 2,
      centers: around,
      signs: [],
      heldBack: {values, rows: 200},
      heldBackLabels: labels,
      judgedBy: 'cosine',
    });
    const [near, far] = await judge.judge(Float32Array.of(7, 0.1, 7 * Math.cos(0.2), 7 * Math.sin(0.2)));
    expect(near).toMatchObject({accepted: true});
    expect(near?.nearest[0]).toMatchObject({classId: 0, distance: expect.closeTo(1 - Math.cos(0.1 / 7), 4)});
    expect(far).toMatchObject({accepted: false});
  });

  test('measures the share that is refused, whatever signs are known', async () => {
    const judge = await judgeWith([{values: Float32Array.of(35, 0), rows: 1}]);
    expect((await judge.judge(Float32Array.of(35, 0)))[0]).toMatchObject({accepted: true});
    expect(await judge.refused(Float32Array.of(30, 0.5, 35, 0, 95, 50, 0, 0))).toBe(0.5);
  });

  describe('teaches the built-in signs by their first drawings and measures which of the others are named', () => {
    const at = (x: number, y: number, times: number) => Array.from({length: times}, () => [x, y]).flat();
    // Drawings that teach, one to each side of (x, 8); then further ones.
    const sign = (x: number, further: number[]) => [
      ...at(x - 1, 8, 1),
      ...at(x, 8, TAUGHT_DRAWINGS - 2),
      ...at(x + 1, 8, 1),
      ...further,
    ];
    const rowsOf = (...values: number[][]) => {
      const flat = Float32Array.from(values.flat());
      return {values: flat, rows: flat.length / 2};
    };
    const away = (x: number, far: number) => [...at(x, 8.9, FURTHER_DRAWINGS - far), ...at(x, 9, far)];

    test('one that is farther out than the limit of the digits is not named', async () => {
      const judge = await judgeWith([]);
      expect(await judge.named(rowsOf(sign(35, away(35, 0)), sign(55, away(55, 0))))).toBe(1);
      expect(await judge.named(rowsOf(sign(35, away(35, 5)), sign(55, away(55, 1))))).toBe(34 / 40);
    });

    test('nor is one that is taken for another sign, or for a digit', async () => {
      const judge = await judgeWith([]);
      expect(await judge.named(rowsOf(sign(35, away(35, 0)), sign(55, away(35, 0))))).toBe(0.5);
      expect(await judge.named(rowsOf(sign(35, at(30, 0, FURTHER_DRAWINGS)), sign(55, away(55, 0))))).toBe(0.5);
    });

    test('whatever the visitor has taught', async () => {
      const judge = await judgeWith([{values: Float32Array.of(35, 8.9), rows: 1}]);
      expect(await judge.named(rowsOf(sign(35, away(35, 0)), sign(55, away(55, 0))))).toBe(1);
      expect((await judge.judge(Float32Array.of(55, 8)))[0]).toMatchObject({accepted: false});
    });
  });
});

describe('the plane of more than two features', () => {
  // Ten times as wide along the first of these directions as along the second, hardly anything along the third.
  const directions = [
    [0.6, 0.8, 0],
    [-0.8, 0.6, 0],
    [0, 0, 1],
  ] as const;
  const points = Array.from({length: 60}, (_, i) => [
    5 + 10 * Math.sin(i),
    Math.cos(2 * i),
    0.01 * Math.sin(5 * i + 1),
  ]);
  const features = Float32Array.from(
    points.flatMap(([a = 0, b = 0, c = 0]) =>
      [0, 1, 2].map((j) => a * (directions[0][j] ?? 0) + b * (directions[1][j] ?? 0) + c * (directions[2][j] ?? 0)),
    ),
  );

  test('is spanned by the two directions in which the features differ most', () => {
    let projection = principalAxes(features, 3, undefined);
    projection = principalAxes(features, 3, projection);
    projection.axes.forEach((axis, i) => {
      const along = [...axis].reduce((sum, value, j) => sum + value * (directions[i]?.[j] ?? 0), 0);
      expect(Math.abs(along)).toBeCloseTo(1, 3);
    });
    const xs = project(features, projection).filter((_, i) => i % 2 === 0);
    expect(xs.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 2);
  });

  test('does not turn over from frame to frame', () => {
    const first = principalAxes(features, 3, undefined);
    const turned = {middle: first.middle, axes: [first.axes[0].map((v) => -v), first.axes[1].map((v) => -v)] as const};
    const next = principalAxes(features, 3, turned);
    const along = next.axes[0].reduce((sum, value, j) => sum + value * (turned.axes[0][j] ?? 0), 0);
    expect(along).toBeCloseTo(1, 3);
  });

  test('is the features themselves where there are two', () => {
    const two = Float32Array.of(1, 2, 3, 5);
    expect(project(two, principalAxes(two, 2, undefined))).toEqual(two);
  });

  test('stays where all features are equal', () => {
    const same = new Float32Array(12).fill(2);
    expect([...project(same, principalAxes(same, 3, undefined))]).toEqual(Array.from({length: 8}, () => 0));
  });
});

describe('withShiftedCopies', () => {
  test('gives each picture as it is, and shifted by a pixel to each side, with its label', () => {
    const dot = (x: number, y: number) =>
      Uint8Array.from({length: AREA}, (_, i) => (i === y * IMAGE_SIZE + x ? 255 : 0));
    const {images, labels} = withShiftedCopies({
      images: {count: 2, pixels: Uint8Array.from([...dot(5, 7), ...dot(9, 3)])},
      labels: Uint8Array.of(4, 1),
    });
    expect(images.count).toBe(10);
    expect([...labels]).toEqual([4, 1, 4, 1, 4, 1, 4, 1, 4, 1]);
    const places = Array.from({length: 10}, (_, i) => {
      const at = images.pixels.subarray(i * AREA, (i + 1) * AREA).indexOf(255);
      return [at % IMAGE_SIZE, Math.floor(at / IMAGE_SIZE)];
    });
    expect(places.filter((_, i) => i % 2 === 0)).toEqual([
      [5, 7],
      [6, 7],
      [4, 7],
      [5, 8],
      [5, 6],
    ]);
    expect(places.filter((_, i) => i % 2 === 1)).toEqual([
      [9, 3],
      [10, 3],
      [8, 3],
      [9, 4],
      [9, 2],
    ]);
  });
});

describe('pictures that are no digits', () => {
  // A bar at the left edge, as an 1 would be, and a 0, which stays a 0 when it is turned.
  const bar = Uint8Array.from({length: AREA}, (_, i) => (i % IMAGE_SIZE < 3 ? 255 : 0));
  const pair = {images: {count: 2, pixels: Uint8Array.from([...bar, ...bar])}, labels: Uint8Array.of(0, 1)};

  test('are the same every time, as many of each kind as asked for', () => {
    const pictures = nonDigits(4, pair);
    expect(KINDS.map((kind) => pictures[kind].length)).toEqual([4, 4, 4]);
    expect(nonDigits(4, pair)).toEqual(pictures);
  });

  test('are digits turned by a quarter', () => {
    const [left, right] = nonDigits(2, pair)['turned digits'];
    const rows = (picture: Uint8Array | undefined) =>
      Array.from({length: IMAGE_SIZE}, (_, y) => picture?.[y * IMAGE_SIZE + 14]);
    expect(rows(left).lastIndexOf(255)).toBe(27);
    expect(rows(left).indexOf(255)).toBe(25);
    expect(rows(right).indexOf(255)).toBe(0);
    expect(rows(right).lastIndexOf(255)).toBe(2);
  });

  test('strokes are placed as MNIST places its digits', () => {
    const picture = strokePicture([
      [100, 100],
      [100, 500],
      [300, 500],
    ]);
    let [mass, x, y] = [0, 0, 0];
    picture.forEach((value, i) => {
      mass += value;
      x += value * ((i % IMAGE_SIZE) + 0.5);
      y += value * (Math.floor(i / IMAGE_SIZE) + 0.5);
    });
    expect(x / mass).toBeCloseTo(14, 1);
    expect(y / mass).toBeCloseTo(14, 1);
    const inked = [...picture.keys()].filter((i) => (picture[i] ?? 0) > 127).map((i) => Math.floor(i / IMAGE_SIZE));
    expect(Math.max(...inked) - Math.min(...inked) + 1).toBe(20);
  });
});

describe('drawings of signs', () => {
  const COUNT = 23;
  const signs = tremblingSigns(COUNT);

  test('are the same every time, as many of each sign as asked for', () => {
    expect(tremblingSigns(COUNT)).toEqual(signs);
    expect(signs.map((drawings) => drawings.length)).toEqual(signs.map(() => COUNT));
  });

  test('are all different', () => {
    expect(new Set(signs.flat().map(String)).size).toBe(signs.length * COUNT);
  });

  test('keep the shape of their sign: each is more like the other drawings of it than like those of any other sign', () => {
    const away = (one: Uint8Array, other: Uint8Array) =>
      one.reduce((sum, value, i) => sum + (value - (other[i] ?? NaN)) ** 2, 0);
    const mean = (one: Uint8Array, others: readonly Uint8Array[]) =>
      others.reduce((sum, other) => sum + away(one, other), 0) / others.length;
    signs.forEach((drawings, own) => {
      for (const drawing of drawings) {
        const distances = signs.map((others) =>
          mean(
            drawing,
            others.filter((other) => other !== drawing),
          ),
        );
        expect(distances.indexOf(Math.min(...distances))).toBe(own);
      }
    });
  });
});
