import {context2d, cssValue, onThemeChange} from '../../pages/elements.js';
import {drawPicture, toPicture} from './picture.js';

/** Of a pad of 280 pixels: about what the pens of MNIST left on 28. */
const PEN_WIDTH = 22;

type Point = readonly [x: number, y: number];

/** No digits, for those who cannot or do not want to draw: parts of the pad, from 0 to 1. */
const NO_DIGITS: readonly (readonly Point[])[] = [
  Array.from({length: 6}, (_, i) => onCircle(0.5, 0.5, 0.36, (4 * Math.PI * i) / 5 - Math.PI / 2)),
  Array.from({length: 90}, (_, i) => onCircle(0.5, 0.5, 0.38 * (i / 89), i / 5)),
  Array.from({length: 10}, (_, i) => [0.12 + (0.76 * i) / 9, i % 2 === 0 ? 0.25 : 0.75] as const),
  Array.from({length: 120}, (_, i) => {
    const angle = (2 * Math.PI * i) / 119;
    return [
      0.5 + 0.024 * 16 * Math.sin(angle) ** 3,
      0.5 - 0.024 * (13 * Math.cos(angle) - 5 * Math.cos(2 * angle) - 2 * Math.cos(3 * angle) - Math.cos(4 * angle)),
    ] as const;
  }),
];

/** A canvas to draw on with mouse, finger or pen. Calls back with the picture after every change, if there is ink. */
export class DrawingPad {
  private readonly pad: HTMLCanvasElement;
  private readonly seen: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly onChange: (picture: Uint8Array | undefined) => void;
  private pen: {pointer: number; at: Point} | undefined;
  private nextNoDigit = 0;

  constructor(pad: HTMLCanvasElement, seen: HTMLCanvasElement, onChange: (picture: Uint8Array | undefined) => void) {
    this.pad = pad;
    this.seen = seen;
    this.context = context2d(pad);
    this.onChange = onChange;
    pad.addEventListener('pointerdown', (event) => {
      // A second finger does not draw.
      if (event.button === 0 && !this.pen) {
        pad.setPointerCapture(event.pointerId);
        const at = this.at(event);
        this.pen = {pointer: event.pointerId, at};
        this.line([at, at]);
      }
    });
    pad.addEventListener('pointermove', (event) => {
      if (this.pen?.pointer === event.pointerId) {
        const path = [this.pen.at, ...places(event).map((one) => this.at(one))];
        this.pen.at = path.at(-1) ?? this.pen.at;
        this.line(path);
      }
    });
    for (const type of ['pointerup', 'pointercancel'] as const) {
      pad.addEventListener(type, (event) => {
        if (this.pen?.pointer === event.pointerId) {
          this.pen = undefined;
          this.changed();
        }
      });
    }
    onThemeChange(() => {
      this.recolor();
    });
  }

  clear(): void {
    this.context.clearRect(0, 0, this.pad.width, this.pad.height);
    this.changed();
  }

  /** A picture of MNIST, taken as it is. */
  show(picture: Uint8Array): void {
    drawPicture(this.pad, picture, cssValue('--ink'));
    this.hand(picture);
  }

  /** Draws something that is no digit, each time something else. */
  showNoDigit(): void {
    this.context.clearRect(0, 0, this.pad.width, this.pad.height);
    const {width, height} = this.pad;
    this.line((NO_DIGITS[this.nextNoDigit] ?? []).map(([x, y]) => [x * width, y * height]));
    this.nextNoDigit = (this.nextNoDigit + 1) % NO_DIGITS.length;
    this.changed();
  }

  private at(event: PointerEvent): Point {
    const {left, top, width, height} = this.pad.getBoundingClientRect();
    return [((event.clientX - left) * this.pad.width) / width, ((event.clientY - top) * this.pad.height) / height];
  }

  private line(path: readonly Point[]): void {
    const {context} = this;
    context.strokeStyle = cssValue('--ink');
    context.lineWidth = PEN_WIDTH;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    path.forEach(([x, y]) => {
      context.lineTo(x, y);
    });
    context.stroke();
  }

  private recolor(): void {
    const {context} = this;
    context.globalCompositeOperation = 'source-in';
    context.fillStyle = cssValue('--ink');
    context.fillRect(0, 0, this.pad.width, this.pad.height);
    context.globalCompositeOperation = 'source-over';
    this.changed();
  }

  private changed(): void {
    this.hand(toPicture(this.pad));
  }

  private hand(picture: Uint8Array | undefined): void {
    drawPicture(this.seen, picture ?? new Uint8Array(this.seen.width * this.seen.height), cssValue('--ink'));
    this.onChange(picture);
  }
}

/** All the places that a fast pen has been at since the last event: on plain http, and in some browsers, only the last one. */
function places(event: PointerEvent): PointerEvent[] {
  // Typed as always there.
  const {getCoalescedEvents} = event as Partial<PointerEvent>;
  return [...(getCoalescedEvents?.call(event) ?? []), event];
}

function onCircle(x: number, y: number, radius: number, angle: number): Point {
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}
