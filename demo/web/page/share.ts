import {block, canvas, context2d, cssValue} from '../../pages/elements.js';
import {SIDES} from '../protocol.js';

const FILE_NAME = 'center-loss.png';
const MARGIN = 32;
const PLANE = 560;
const TOP = 150;
const BOTTOM = 60;
const TITLES = {softmax: 'Softmax alone', 'center-loss': 'With center loss'};

/** A picture of both planes with their numbers: handed to the device where it shares files, else downloaded. */
export async function share(): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => {
    draw().toBlob(resolve);
  });
  if (!blob) {
    throw new Error('This browser could not make a picture of the planes.');
  }
  const file = new File([blob], FILE_NAME, {type: blob.type});
  // Typed as always there.
  const {canShare} = navigator as Partial<Navigator>;
  if (canShare?.call(navigator, {files: [file]}) === true) {
    await navigator.share({files: [file], title: document.title}).catch((error: unknown) => {
      // The visitor has changed their mind.
      if (!(error instanceof DOMException && error.name === 'AbortError')) {
        throw error;
      }
    });
  } else {
    download(file);
  }
}

function draw(): HTMLCanvasElement {
  const sheet = document.createElement('canvas');
  sheet.width = 3 * MARGIN + 2 * PLANE;
  sheet.height = TOP + PLANE + BOTTOM;
  const context = context2d(sheet);
  const text = (line: string, x: number, y: number, style: string, color: string) => {
    context.font = `${style} ${cssValue('--font')}`;
    context.fillStyle = cssValue(color);
    context.fillText(line, x, y);
  };
  context.fillStyle = cssValue('--paper');
  context.fillRect(0, 0, sheet.width, sheet.height);
  text('Center loss, live: what two networks make of handwritten digits', MARGIN, 50, '700 30px', '--ink');
  SIDES.forEach((side, i) => {
    const left = MARGIN + i * (PLANE + MARGIN);
    const number = (name: string) => block(`${name}-${side}`).textContent;
    text(TITLES[side], left, 100, '600 24px', '--ink');
    text(
      `Accuracy ${number('accuracy')} · Spread ${number('ratio')} · Refused ${number('refused')} · Signs ${number('named')}`,
      left,
      132,
      '400 18px',
      '--soft',
    );
    context.fillStyle = cssValue('--plane');
    context.fillRect(left, TOP, PLANE, PLANE);
    drawPlane(context, canvas(`plane-${side}`), left);
    text(block(`layer-${side}`).textContent, left, TOP + PLANE + 34, '400 18px', '--faint');
  });
  return sheet;
}

/** As large as it fits, with the colors that the page shows. */
function drawPlane(context: CanvasRenderingContext2D, plane: HTMLCanvasElement, left: number): void {
  const scale = PLANE / Math.max(plane.width, plane.height);
  const [width, height] = [scale * plane.width, scale * plane.height];
  context.filter = getComputedStyle(plane).filter;
  context.drawImage(plane, left + (PLANE - width) / 2, TOP + (PLANE - height) / 2, width, height);
  context.filter = 'none';
}

function download(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 1000);
}
