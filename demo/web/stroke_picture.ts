import {IMAGE_SIZE} from '../mnist/idx.js';

export type Point = readonly [x: number, y: number];

/** MNIST fits the ink of its digits into a box of 20 x 20, with the center of mass in the middle of 28 x 28. */
export const BOX_SIZE = 20;
/** About what the pens of MNIST left. */
const PEN_RADIUS = 1.2;
/** The edge of a line is half a pixel wide. */
const REACH = PEN_RADIUS + 0.5;

/** A line drawn with a round pen, of any size and anywhere, as MNIST has it: 28 x 28, 0 (paper) to 255 (ink). */
export function strokePicture(path: readonly Point[]): Uint8Array {
  const [left, right] = extent(path.map(([x]) => x));
  const [top, bottom] = extent(path.map(([, y]) => y));
  const scale = (BOX_SIZE - 2 * PEN_RADIUS) / Math.max(right - left, bottom - top, 1e-6);
  const placed = path.map(
    ([x, y]) =>
      [IMAGE_SIZE / 2 + scale * (x - (left + right) / 2), IMAGE_SIZE / 2 + scale * (y - (top + bottom) / 2)] as const,
  );
  const [massX, massY] = centerOfMass(drawn(placed));
  return drawn(placed.map(([x, y]) => [x + IMAGE_SIZE / 2 - massX, y + IMAGE_SIZE / 2 - massY] as const));
}

function drawn(path: readonly Point[]): Uint8Array {
  const picture = new Uint8Array(IMAGE_SIZE * IMAGE_SIZE);
  path.slice(1).forEach((to, k) => {
    const from = path[k] ?? to;
    const [left, right] = pixelsAround(from[0], to[0]);
    const [top, bottom] = pixelsAround(from[1], to[1]);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const at = y * IMAGE_SIZE + x;
        const ink = 255 * Math.min(REACH - distanceToSegment([x + 0.5, y + 0.5], from, to), 1);
        picture[at] = Math.max(picture[at] ?? 0, ink);
      }
    }
  });
  return picture;
}

/** The first and the last pixel that a line from one coordinate to the other can reach. */
function pixelsAround(from: number, to: number): [number, number] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return [Math.max(Math.floor(low - REACH), 0), Math.min(Math.floor(high + REACH), IMAGE_SIZE - 1)];
}

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const part = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - ax - part * dx, y - ay - part * dy);
}

function centerOfMass(picture: Uint8Array): Point {
  let [mass, x, y] = [0, 0, 0];
  picture.forEach((value, i) => {
    mass += value;
    x += value * ((i % IMAGE_SIZE) + 0.5);
    y += value * (Math.floor(i / IMAGE_SIZE) + 0.5);
  });
  return [x / mass, y / mass];
}

function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
