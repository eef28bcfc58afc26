import {POOLED_SIZE} from '../mnist/pool.js';

/** Ink from which on a pixel is drawn. */
const THRESHOLD = 0.35;

/** A picture of `POOLED_SIZE` as text, two rows of pixels to a line. */
export function drawDigit(pixels: readonly number[]): string {
  const inked = (row: number, column: number) => (pixels[row * POOLED_SIZE + column] ?? 0) >= THRESHOLD;
  const lines: string[] = [];
  for (let row = 0; row < POOLED_SIZE; row += 2) {
    let line = '';
    for (let column = 0; column < POOLED_SIZE; column++) {
      const upper = inked(row, column);
      const lower = inked(row + 1, column);
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }
    lines.push(line);
  }
  return lines.join('\n');
}
