import {context2d, cssValue, onPixelRatioChange} from '../../pages/elements.js';
import {DIGIT_COLORS} from '../../mnist/colors.js';
import {NUM_CLASSES} from '../../mnist/idx.js';
import type {Answer, SideFrame, Sign} from '../protocol.js';
import {MARKS} from './marks.js';
import {frameView, glide} from './view.js';
import type {View} from './view.js';

/** Longest time that points take from one frame to the next. */
const MAX_MOTION_MS = 500;
const POINT_RADIUS = 1.7;
const CROSS_RADIUS = 5.5;
const MARK_RADIUS = 5;

type Points = Pick<SideFrame, 'features' | 'centers' | 'signs'>;

/** Draws the features of one network, moving from frame to frame. */
export class Plane {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly labels: Uint8Array;
  private from: Points | undefined;
  private to: Points | undefined;
  private motion = {begin: 0, duration: 0};
  private view: View | undefined;
  private viewTime = 0;
  private answer: Answer | undefined;
  private signs: readonly Sign[] = [];
  private highlighted: number | undefined;
  private requested = false;

  constructor(canvas: HTMLCanvasElement, labels: Uint8Array) {
    this.canvas = canvas;
    this.context = context2d(canvas);
    this.labels = labels;
    new ResizeObserver(() => {
      // The canvas is empty now; waiting would show that.
      this.draw(performance.now());
    }).observe(canvas);
    onPixelRatioChange(() => {
      this.request();
    });
  }

  show(frame: Points): void {
    const now = performance.now();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.from = this.to && !still ? this.current(now) : frame;
    this.to = frame;
    const sinceLast = now - this.motion.begin;
    this.motion = {begin: now, duration: still ? 0 : Math.min(sinceLast, MAX_MOTION_MS)};
    this.request();
  }

  /** Forgets where the points were, so that the next frame does not fly in from there. */
  restart(): void {
    this.to = undefined;
    this.view = undefined;
  }

  showAnswer(answer: Answer | undefined): void {
    this.answer = answer;
    this.request();
  }

  setSigns(signs: readonly Sign[]): void {
    this.signs = signs;
    this.request();
  }

  highlight(digit: number | undefined): void {
    this.highlighted = digit;
    this.request();
  }

  request(): void {
    if (!this.requested) {
      this.requested = true;
      requestAnimationFrame((now) => {
        this.requested = false;
        this.draw(now);
      });
    }
  }

  /** As many pixels as the screen has: a window may be moved to another one. */
  private fit(): void {
    const {canvas} = this;
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    const height = Math.round(canvas.clientHeight * devicePixelRatio);
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, {width, height});
    }
    this.context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  }

  private current(now: number): Points {
    const {from, to} = this;
    if (!from || !to) {
      return {features: new Float32Array(), centers: new Float32Array(), signs: new Float32Array()};
    }
    const done = this.motion.duration > 0 ? Math.min((now - this.motion.begin) / this.motion.duration, 1) : 1;
    const between = (a: Float32Array, b: Float32Array) =>
      done >= 1 ? b : b.map((value, i) => (a[i] ?? value) + done * (value - (a[i] ?? value)));
    return {
      features: between(from.features, to.features),
      centers: between(from.centers, to.centers),
      signs: between(from.signs, to.signs),
    };
  }

  private draw(now: number): void {
    const {context, canvas} = this;
    this.fit();
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    if (!this.to || canvas.width === 0) {
      return;
    }
    const {features, centers, signs} = this.current(now);
    const goal = frameView(features, centers, this.answer);
    const still = this.motion.duration === 0;
    this.view = this.view && !still ? glide(this.view, goal, now - this.viewTime) : goal;
    this.viewTime = now;

    const {view} = this;
    const scale = Math.min(canvas.clientWidth, canvas.clientHeight) / (2 * view.radius);
    const toX = (x: number) => canvas.clientWidth / 2 + (x - view.x) * scale;
    const toY = (y: number) => canvas.clientHeight / 2 - (y - view.y) * scale;
    this.drawPoints(features, toX, toY);
    this.drawSigns(signs, toX, toY);
    this.drawAnswer(centers, toX, toY);
    this.drawCenters(centers, toX, toY);

    const settled = Math.abs(view.radius - goal.radius) + Math.hypot(view.x - goal.x, view.y - goal.y);
    if (now < this.motion.begin + this.motion.duration || settled > 0.002 * goal.radius) {
      this.request();
    }
  }

  private drawPoints(features: Float32Array, toX: (x: number) => number, toY: (y: number) => number): void {
    const {context} = this;
    const dots = DIGIT_COLORS.map(() => new Path2D());
    this.labels.forEach((label, i) => {
      const x = toX(features[2 * i] ?? NaN);
      const y = toY(features[2 * i + 1] ?? NaN);
      const dot = dots[label];
      dot?.moveTo(x + POINT_RADIUS, y);
      dot?.arc(x, y, POINT_RADIUS, 0, 2 * Math.PI);
    });
    dots.forEach((dot, digit) => {
      context.globalAlpha = this.highlighted === undefined || this.highlighted === digit ? 0.8 : 0.08;
      context.fillStyle = DIGIT_COLORS[digit] ?? '';
      context.fill(dot);
    });
    context.globalAlpha = 1;
  }

  /** The drawings of the signs, each sign with its own mark. */
  private drawSigns(points: Float32Array, toX: (x: number) => number, toY: (y: number) => number): void {
    const {context} = this;
    const marks = this.signs.flatMap(({mark, pictures}) => pictures.map(() => MARKS[mark]));
    marks.forEach((mark, i) => {
      const x = toX(points[2 * i] ?? NaN);
      const y = toY(points[2 * i + 1] ?? NaN);
      const shape = new Path2D();
      mark?.corners.forEach(([dx, dy]) => {
        shape.lineTo(x + MARK_RADIUS * dx, y + MARK_RADIUS * dy);
      });
      shape.closePath();
      this.stroke(shape, cssValue('--plane'), 2.5);
      context.fillStyle = mark?.color ?? '';
      context.fill(shape);
    });
  }

  private titleOf(classId: number): string {
    return classId < NUM_CLASSES ? String(classId) : (this.signs[classId - NUM_CLASSES]?.name ?? '');
  }

  /** Crosses with their digit, so that nothing depends on telling colours apart. */
  private drawCenters(centers: Float32Array, toX: (x: number) => number, toY: (y: number) => number): void {
    const {context} = this;
    const ink = cssValue('--ink');
    const paper = cssValue('--plane');
    const crosses = new Path2D();
    for (let digit = 0; 2 * digit < centers.length; digit++) {
      const x = toX(centers[2 * digit] ?? NaN);
      const y = toY(centers[2 * digit + 1] ?? NaN);
      crosses.moveTo(x - CROSS_RADIUS, y - CROSS_RADIUS);
      crosses.lineTo(x + CROSS_RADIUS, y + CROSS_RADIUS);
      crosses.moveTo(x + CROSS_RADIUS, y - CROSS_RADIUS);
      crosses.lineTo(x - CROSS_RADIUS, y + CROSS_RADIUS);
    }
    context.lineCap = 'round';
    this.stroke(crosses, paper, 5.5);
    this.stroke(crosses, ink, 2.2);
    context.font = `600 13px ${cssValue('--font')}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (let digit = 0; 2 * digit < centers.length; digit++) {
      const x = toX(centers[2 * digit] ?? NaN) + CROSS_RADIUS + 4;
      const y = toY(centers[2 * digit + 1] ?? NaN) - CROSS_RADIUS - 2;
      context.lineWidth = 4;
      context.strokeStyle = paper;
      context.strokeText(this.titleOf(digit), x, y);
      context.fillStyle = ink;
      context.fillText(this.titleOf(digit), x, y);
    }
  }

  /** The drawing, and the way to the nearest center. */
  private drawAnswer(centers: Float32Array, toX: (x: number) => number, toY: (y: number) => number): void {
    const {context, answer} = this;
    if (!answer) {
      return;
    }
    const ink = cssValue('--ink');
    const x = toX(answer.x);
    const y = toY(answer.y);
    const way = new Path2D();
    way.moveTo(x, y);
    const nearest = answer.nearest[0]?.classId ?? NaN;
    way.lineTo(toX(centers[2 * nearest] ?? NaN), toY(centers[2 * nearest + 1] ?? NaN));
    context.setLineDash([5, 4]);
    this.stroke(way, ink, 1.5);
    context.setLineDash([]);
    const mark = new Path2D();
    mark.arc(x, y, 6.5, 0, 2 * Math.PI);
    this.stroke(mark, cssValue('--plane'), 7);
    this.stroke(mark, ink, 3);
    context.fillStyle = cssValue('--accent');
    context.fill(mark);
  }

  private stroke(path: Path2D, style: string, width: number): void {
    this.context.strokeStyle = style;
    this.context.lineWidth = width;
    this.context.stroke(path);
  }
}
