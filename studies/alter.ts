/** How a picture is altered before it is looked at. */
export interface Alteration {
  /** In radians. */
  turn: number;
  shear: number;
  /** Factors. */
  scaleX: number;
  scaleY: number;
  /** In pixels. */
  shiftX: number;
  shiftY: number;
}

export const UNALTERED: Alteration = {turn: 0, shear: 0, scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0};

/**
 * Writes the picture that begins at `from` of `source`, altered, to `to` of `target`. Between pixels it is interpolated; beyond
 * the picture there is paper, 0.
 *
 * @param side Height and width, in pixels.
 */
export function alter(
  side: number,
  source: Float32Array,
  from: number,
  change: Alteration,
  target: Float32Array,
  to: number,
): void {
  const {turn, shear, scaleX, scaleY, shiftX, shiftY} = change;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  // From a place in the altered picture to one in the source, both from the middle: scaled, sheared, turned, shifted.
  const [xx, xy] = [cos * scaleX, (cos * shear - sin) * scaleY];
  const [yx, yy] = [sin * scaleX, (sin * shear + cos) * scaleY];
  const middle = (side - 1) / 2;
  const at = (row: number, column: number) =>
    row < 0 || row >= side || column < 0 || column >= side ? 0 : (source[from + row * side + column] ?? NaN);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = xx * (column - middle) + xy * (row - middle) + middle + shiftX;
      const y = yx * (column - middle) + yy * (row - middle) + middle + shiftY;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, down] = [x - left, y - top];
      target[to + row * side + column] =
        (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
        down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
    }
  }
}
