import {alter, UNALTERED} from '../alter.js';

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

/** All pictures four times, turned by quarters. Each turn makes a class of its own of each character. */
export function withTurnedCopies({pixels, labels}: Characters): Pick<Characters, 'pixels' | 'labels'> {
  const classes = new Set(labels).size;
  const turned = new Float32Array(4 * pixels.length);
  for (let quarter = 0; quarter < 4; quarter++) {
    for (let index = 0; index < labels.length; index++) {
      const to = quarter * pixels.length + index * AREA;
      alter(SIZE, pixels, index * AREA, {...UNALTERED, turn: (quarter * Math.PI) / 2}, turned, to);
    }
  }
  return {pixels: turned, labels: [0, 1, 2, 3].flatMap((quarter) => labels.map((label) => label + quarter * classes))};
}
