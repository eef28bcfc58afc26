import {IMAGE_SIZE} from '../mnist/idx.js';
import type {Pictures} from './protocol.js';
import {seededRandom} from './random.js';
import type {Random} from './random.js';
import {strokePicture} from './stroke_picture.js';
import type {Point} from './stroke_picture.js';

/** What looks like MNIST and is no digit: with it the page measures, and a table compares, how much of it is refused. */
export const KINDS = ['scribbles', 'polygons and stars', 'turned digits'] as const;
export type Kind = (typeof KINDS)[number];

const AREA = IMAGE_SIZE * IMAGE_SIZE;
const SEED = 7;
/** A quarter turn makes a 0 of a 0. */
const ROUND_DIGIT = 0;

/** The same ones every time, each 28 x 28; turned digits are made from these test pictures. */
export function nonDigits(count: number, test: Pictures): Record<Kind, Uint8Array[]> {
  const random = seededRandom(SEED);
  const make = (create: () => Uint8Array) => Array.from({length: count}, create);
  const turned = turnable(test);
  return {
    scribbles: make(() => strokePicture(scribble(random))),
    'polygons and stars': make(() => strokePicture(corners(random))),
    'turned digits': Array.from({length: count}, (_, i) =>
      quarterTurn(turned[i % turned.length] ?? new Uint8Array(AREA), i % 2 === 0),
    ),
  };
}

/** A smooth line through some points anywhere. */
function scribble(random: Random): Point[] {
  const points = Array.from({length: 6 + Math.floor(6 * random())}, () => [random(), random()] as const);
  return points.slice(1, -1).flatMap((at, i) => {
    const from = middle(points[i] ?? at, at);
    const to = middle(at, points[i + 2] ?? at);
    return Array.from({length: 8}, (_, step) => {
      const t = step / 8;
      return middle(between(from, at, t), between(at, to, t), t);
    });
  });
}

/** A triangle, a quadrangle, or a star of 5 to 8 corners, turned and a little uneven: of more corners a polygon looks like a 0. */
function corners(random: Random): Point[] {
  const star = random() < 0.5;
  const count = star ? 5 + Math.floor(4 * random()) : 3 + Math.floor(2 * random());
  const step = star ? 2 + Math.floor((count > 6 ? 2 : 1) * random()) : 1;
  const turn = 2 * Math.PI * random();
  const radii = Array.from({length: count}, () => 0.8 + 0.4 * random());
  const path: Point[] = [];
  // A star of an even number of corners is two polygons: each is drawn in one line with the next.
  for (let i = 0; i <= count; i++) {
    const corner = (i * step + (star && count % step === 0 ? Math.floor((i * step) / count) : 0)) % count;
    const angle = turn + (2 * Math.PI * corner) / count;
    const radius = radii[corner] ?? 1;
    path.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }
  return path;
}

function turnable({images, labels}: Pictures): Uint8Array[] {
  return [...labels].flatMap((label, i) =>
    label === ROUND_DIGIT || i >= images.count ? [] : [images.pixels.subarray(i * AREA, (i + 1) * AREA)],
  );
}

function quarterTurn(picture: Uint8Array, left: boolean): Uint8Array {
  return picture.map((_, i) => {
    const [x, y] = [i % IMAGE_SIZE, Math.floor(i / IMAGE_SIZE)];
    const last = IMAGE_SIZE - 1;
    return (left ? picture[x * IMAGE_SIZE + last - y] : picture[(last - x) * IMAGE_SIZE + y]) ?? 0;
  });
}

function middle(a: Point, b: Point, t = 0.5): Point {
  return between(a, b, t);
}

function between([ax, ay]: Point, [bx, by]: Point, t: number): Point {
  return [ax + t * (bx - ax), ay + t * (by - ay)];
}
