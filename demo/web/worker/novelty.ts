/** Tells what is like the pictures of training from what is not, by the distance to the nearest center. */

/** Part of the pictures held back from training that count as digits, for each of the ten. */
const KNOWN_QUANTILE = 0.9;
/** With fewer held-back pictures than this, a digit takes the limit of all. */
const MIN_PICTURES = 5;

export interface Nearest {
  digit: number;
  distance: number;
}

/** The center nearest to a point of the plane. `centers`: x and y, one after the other. */
export function nearestCenter(x: number, y: number, centers: ArrayLike<number>): Nearest {
  let nearest: Nearest = {digit: NaN, distance: Infinity};
  for (let digit = 0; 2 * digit < centers.length; digit++) {
    const distance = Math.hypot(x - (centers[2 * digit] ?? NaN), y - (centers[2 * digit + 1] ?? NaN));
    if (distance < nearest.distance) {
      nearest = {digit, distance};
    }
  }
  return nearest;
}

/** For each center the distance within which most of the held-back pictures lie that are nearest to it. */
export function knownLimits(heldBack: ArrayLike<number>, centers: ArrayLike<number>): number[] {
  const all: number[] = [];
  const byDigit: number[][] = Array.from({length: centers.length / 2}, () => []);
  for (let i = 0; i < heldBack.length; i += 2) {
    const {digit, distance} = nearestCenter(heldBack[i] ?? NaN, heldBack[i + 1] ?? NaN, centers);
    all.push(distance);
    byDigit[digit]?.push(distance);
  }
  return byDigit.map((distances) => quantile(distances.length < MIN_PICTURES ? all : distances));
}

function quantile(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(KNOWN_QUANTILE * sorted.length)] ?? NaN;
}
