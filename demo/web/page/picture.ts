import {context2d} from '../../pages/elements.js';
import {IMAGE_SIZE} from '../../mnist/idx.js';
import {BOX_SIZE} from '../stroke_picture.js';

/** Alpha of a pixel that counts as ink. */
const INK = 16;

export interface Ink {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Center of mass. */
  x: number;
  y: number;
}

/** Where the ink of a drawing is; nothing if there is none. `alpha` is that of `width` pixels a row. */
export function findInk(alpha: ArrayLike<number>, width: number): Ink | undefined {
  let [left, top, right, bottom, mass, massX, massY] = [Infinity, Infinity, -1, -1, 0, 0, 0];
  for (let i = 0; i < alpha.length; i++) {
    const value = alpha[i] ?? 0;
    if (value >= INK) {
      const [x, y] = [i % width, Math.floor(i / width)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      mass += value;
      massX += value * (x + 0.5);
      massY += value * (y + 0.5);
    }
  }
  return mass > 0
    ? {left, top, width: right + 1 - left, height: bottom + 1 - top, x: massX / mass, y: massY / mass}
    : undefined;
}

/** Where MNIST puts a drawing: its ink within 20 x 20 pixels, its center of mass in the middle of 28 x 28. */
export function placeInk({left, top, width, height, x, y}: Ink): Record<'x' | 'y' | 'width' | 'height', number> {
  const scale = BOX_SIZE / Math.max(width, height);
  return {
    x: IMAGE_SIZE / 2 - (x - left) * scale,
    y: IMAGE_SIZE / 2 - (y - top) * scale,
    width: width * scale,
    height: height * scale,
  };
}

/** A drawing of opaque ink as MNIST has it: 28 x 28, 0 (paper) to 255 (ink). Nothing if there is no ink. */
export function toPicture(drawing: HTMLCanvasElement): Uint8Array | undefined {
  const ink = findInk(alphaOf(drawing), drawing.width);
  if (!ink) {
    return undefined;
  }
  const target = document.createElement('canvas');
  target.width = target.height = IMAGE_SIZE;
  const context = context2d(target);
  context.imageSmoothingQuality = 'high';
  const {x, y, width, height} = placeInk(ink);
  context.drawImage(drawing, ink.left, ink.top, ink.width, ink.height, x, y, width, height);
  return alphaOf(target);
}

/** Draws a picture of 28 x 28 in one colour onto a canvas of any size. */
export function drawPicture(target: HTMLCanvasElement, picture: Uint8Array, color: string): void {
  const small = document.createElement('canvas');
  small.width = small.height = IMAGE_SIZE;
  const context = context2d(small);
  const pixels = context.createImageData(IMAGE_SIZE, IMAGE_SIZE);
  picture.forEach((value, i) => {
    pixels.data[4 * i + 3] = value;
  });
  context.putImageData(pixels, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = color;
  context.fillRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);

  const onto = context2d(target);
  onto.clearRect(0, 0, target.width, target.height);
  onto.imageSmoothingQuality = 'high';
  onto.drawImage(small, 0, 0, target.width, target.height);
}

function alphaOf(canvas: HTMLCanvasElement): Uint8Array {
  const {data} = context2d(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return Uint8Array.from({length: data.length / 4}, (_, i) => data[4 * i + 3] ?? 0);
}
