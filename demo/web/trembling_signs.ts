import {seededRandom} from './random.js';
import type {Random} from './random.js';
import {strokePicture} from './stroke_picture.js';
import type {Point} from './stroke_picture.js';

/** Signs that are drawn without lifting the pen, in a square from 0 to 1 whose y grows downwards. */
const SIGNS: readonly (readonly Point[])[] = [
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
/** Of a turn of the paper in radians, of a stretching and of a slant. */
const TURN = 0.15;
const STRETCH = 0.12;
const SLANT = 0.12;
/** How far the hand wanders, in widths of the sign, and in how many places it changes its mind. */
const TREMBLE = 0.045;
const PLACES = 9;
/** The hand wanders smoothly: a line between corners is drawn through so many points. */
const POINTS_A_LINE = 6;

/** Of each sign so many drawings, 28 x 28: one shape, and a hand that trembles. The same ones every time. */
export function tremblingSigns(count: number): Uint8Array[][] {
  const random = seededRandom(SEED);
  return SIGNS.map((sign) => Array.from({length: count}, () => strokePicture(drawnBy(random, sign))));
}

function drawnBy(random: Random, sign: readonly Point[]): Point[] {
  const between = (limit: number) => limit * (2 * random() - 1);
  const turn = between(TURN);
  const slant = between(SLANT);
  const [width, height] = [Math.exp(between(STRETCH)), Math.exp(between(STRETCH))];
  const wander = Array.from({length: PLACES + 1}, (): Point => [between(TREMBLE), between(TREMBLE)]);
  const points = sign
    .slice(1)
    .flatMap((to, i) => Array.from({length: POINTS_A_LINE}, (_, step) => mix(sign[i] ?? to, to, step / POINTS_A_LINE)))
    .concat(sign.slice(-1));
  return points.map(([x, y], i) => {
    const place = (PLACES * i) / points.length;
    const [offX, offY] = mix(wander[Math.floor(place)] ?? [0, 0], wander[Math.floor(place) + 1] ?? [0, 0], place % 1);
    return turned([width * (x + slant * y) + offX, height * y + offY], turn);
  });
}

function mix([ax, ay]: Point, [bx, by]: Point, part: number): Point {
  return [ax + part * (bx - ax), ay + part * (by - ay)];
}

function turned([x, y]: Point, angle: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos * x - sin * y, sin * x + cos * y];
}

/** A well-known curve. */
function heart(t: number): Point {
  return [Math.sin(t) ** 3 / 2, -(13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)) / 32];
}
