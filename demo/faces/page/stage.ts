import {context2d, cssValue} from '../../pages/elements.js';
import type {Face} from '../worker/main.js';

/** The side of a picture that is kept of a face. */
const PICTURE_SIZE = 96;
/** The detector's box ends at brows and chin. */
const MARGIN = 0.2;
/** Of what a face is called, in pixels of the page. */
const LABEL_HEIGHT = 24;

type Box = Face['box'];

/** Draws the boxes of faces with what they are called, over a film or with the picture itself. */
export function drawFaces(
  stage: HTMLCanvasElement,
  frame: HTMLCanvasElement,
  isFilm: boolean,
  faces: readonly {box: Box; title: string; isRefused: boolean}[],
): void {
  stage.width = frame.width;
  stage.height = frame.height;
  const context = context2d(stage);
  if (!isFilm) {
    context.drawImage(frame, 0, 0);
  }
  // The stage is shown larger or smaller than it is.
  const pixel = Math.max(stage.width / stage.clientWidth, stage.height / stage.clientHeight);
  context.font = `600 ${String(15 * pixel)}px ${cssValue('--font')}`;
  context.textBaseline = 'middle';
  context.lineWidth = 3 * pixel;
  const labelHeight = LABEL_HEIGHT * pixel;
  for (const {box, title, isRefused} of faces) {
    context.strokeStyle = isRefused ? '#ffb4ab' : '#ffffff';
    context.setLineDash(isRefused ? [8 * pixel, 6 * pixel] : []);
    context.strokeRect(box.x, box.y, box.width, box.height);
    const top = Math.min(box.y + box.height, stage.height - labelHeight);
    context.fillStyle = 'rgb(0 0 0 / 75%)';
    context.fillRect(box.x, top, context.measureText(title).width + 16 * pixel, labelHeight);
    context.fillStyle = context.strokeStyle;
    context.fillText(title, box.x + 8 * pixel, top + labelHeight / 2);
  }
}

/** A small picture of a face, as a data URL. */
export function pictureOf(frame: HTMLCanvasElement, {x, y, width, height}: Box): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = PICTURE_SIZE;
  const side = Math.max(width, height) * (1 + 2 * MARGIN);
  const [left, top] = [x + (width - side) / 2, y + (height - side) / 2];
  context2d(canvas).drawImage(frame, left, top, side, side, 0, 0, PICTURE_SIZE, PICTURE_SIZE);
  return canvas.toDataURL('image/jpeg', 0.8);
}
