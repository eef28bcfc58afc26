import {IMAGE_SIZE} from '../mnist/idx.js';
import type {Pictures} from './protocol.js';

/** In pixels, to the right and down. */
const SHIFTS = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/**
 * The pictures, and copies shifted by a pixel to each side. Networks that learn from them bring digits of other hands nearer
 * to their centers: a drawing has to be nearer, too, to be accepted as a digit.
 */
export function withShiftedCopies({images: {count, pixels}, labels}: Pictures): Pictures {
  const copies = new Uint8Array(SHIFTS.length * pixels.length);
  SHIFTS.forEach(([right, down], copy) => {
    const target = copies.subarray(copy * pixels.length, (copy + 1) * pixels.length);
    // As a whole: what would come over from the row or picture beside it is paper in MNIST, whose digits stand in the middle.
    const by = down * IMAGE_SIZE + right;
    target.set(by >= 0 ? pixels.subarray(0, pixels.length - by) : pixels.subarray(-by), Math.max(by, 0));
  });
  return {
    images: {count: SHIFTS.length * count, pixels: copies},
    labels: Uint8Array.from(SHIFTS.flatMap(() => [...labels])),
  };
}
