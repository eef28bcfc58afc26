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
