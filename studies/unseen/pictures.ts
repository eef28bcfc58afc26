/** Height and width of the pictures that the network looks at. */
export const SIZE = 28;
export const AREA = SIZE * SIZE;

/** Pictures of characters, each of which is a class. */
export interface Characters {
  /** One picture after the other, `AREA` values each, 0 (paper) to 1 (ink). */
  pixels: Float32Array;
  /** One a picture: the character that it shows, from 0. */
  labels: number[];
  /** One a picture: the alphabet that the character belongs to, from 0. */
  alphabets: number[];
}

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

/** Writes the picture that begins at `from` of `source`, altered, to `to` of `target`. Between pixels it is interpolated. */
export function alter(source: Float32Array, from: number, change: Alteration, target: Float32Array, to: number): void {
  const {turn, shear, scaleX, scaleY, shiftX, shiftY} = change;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  // From a place in the altered picture to one in the source, both from the middle: scaled, sheared, turned, shifted.
  const [xx, xy] = [cos * scaleX, (cos * shear - sin) * scaleY];
  const [yx, yy] = [sin * scaleX, (sin * shear + cos) * scaleY];
  const middle = (SIZE - 1) / 2;
  const at = (row: number, column: number) =>
    row < 0 || row >= SIZE || column < 0 || column >= SIZE ? 0 : (source[from + row * SIZE + column] ?? NaN);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const x = xx * (column - middle) + xy * (row - middle) + middle + shiftX;
      const y = yx * (column - middle) + yy * (row - middle) + middle + shiftY;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, down] = [x - left, y - top];
      target[to + row * SIZE + column] =
        (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
        down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
    }
  }
}

/** All pictures four times, turned by quarters. Each turn makes a class of its own of each character. */
export function withTurnedCopies({pixels, labels}: Characters): Pick<Characters, 'pixels' | 'labels'> {
  const classes = new Set(labels).size;
  const turned = new Float32Array(4 * pixels.length);
  for (let quarter = 0; quarter < 4; quarter++) {
    for (let index = 0; index < labels.length; index++) {
      const to = quarter * pixels.length + index * AREA;
      alter(pixels, index * AREA, {...UNALTERED, turn: (quarter * Math.PI) / 2}, turned, to);
    }
  }
  return {pixels: turned, labels: [0, 1, 2, 3].flatMap((quarter) => labels.map((label) => label + quarter * classes))};
}
