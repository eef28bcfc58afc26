import {seededRandom} from './random.js';
import type {Random} from './random.js';
import {strokePicture} from './stroke_picture.js';
import type {Point} from './stroke_picture.js';

/** Shapes that are drawn without lifting the pen, in a square from 0 to 1 whose y grows downwards. */
const SHAPES: readonly (readonly Point[])[] = [
  // A house.
  [
    [0, 1],
    [0, 0.45],
    [0.5, 0],
    [1, 0.45],
    [1, 1],
    [0, 1],
  ],
  // An arrow.
  [
    [0.5, 1],
    [0.5, 0],
    [0.1, 0.4],
    [0.5, 0],
    [0.9, 0.4],
  ],
  // A bolt of lightning.
  [
    [0.7, 0],
    [0.2, 0.55],
    [0.75, 0.45],
    [0.3, 1],
  ],
  // A spiral.
  Array.from({length: 40}, (_, i) => turned([0.5 * (i / 39), 0], (4.5 * Math.PI * i) / 39)),
  // A heart.
  Array.from({length: 33}, (_, i) => heart((2 * Math.PI * i) / 32)),
];

const SEED = 11;
/** No drawing is turned by more, in radians. */
const TURN = 0.15;
/** None is wider, narrower, higher or lower than the shape by more than this share, nor slants by more. */
const STRETCH = 0.12;
const SLANT = 0.12;
/** How far the hand strays from the shape at most, in sides of the square, and how often it changes its way. */
const TREMBLE = 0.045;
const CHANGES = 9;
/** So many points lie on each line of a shape, so that a line trembles as well. */
const POINTS_PER_LINE = 6;

/** Drawings of signs, 28 x 28 each, as many of each sign as asked for: one shape, drawn with a trembling hand. The same ones every time. */
export function tremblingSigns(count: number): Uint8Array[][] {
  const random = seededRandom(SEED);
  return SHAPES.map((shape) => Array.from({length: count}, () => strokePicture(trembling(random, shape))));
}

function trembling(random: Random, shape: readonly Point[]): Point[] {
  const upTo = (limit: number) => limit * (2 * random() - 1);
  const [turn, slant] = [upTo(TURN), upTo(SLANT)];
  const [width, height] = [Math.exp(upTo(STRETCH)), Math.exp(upTo(STRETCH))];
  const strayed = Array.from({length: CHANGES + 1}, (): Point => [upTo(TREMBLE), upTo(TREMBLE)]);
  const points = shape.flatMap((from, i) => {
    const to = shape[i + 1];
    return to ? Array.from({length: POINTS_PER_LINE}, (_, step) => between(from, to, step / POINTS_PER_LINE)) : [from];
  });
  return points.map(([x, y], i) => {
    const way = (CHANGES * i) / points.length;
    const last = Math.floor(way);
    const [right, down] = between(strayed[last] ?? [0, 0], strayed[last + 1] ?? [0, 0], way - last);
    return turned([width * (x + slant * y) + right, height * y + down], turn);
  });
}

function between([ax, ay]: Point, [bx, by]: Point, part: number): Point {
  return [ax + part * (bx - ax), ay + part * (by - ay)];
}

function turned([x, y]: Point, angle: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos * x - sin * y, sin * x + cos * y];
}

/** The well-known curve that looks like one. */
function heart(t: number): Point {
  return [Math.sin(t) ** 3 / 2, -(13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)) / 32];
}
