/** A part of the plane: its middle and half the side of the square that is shown. */
export interface View {
  x: number;
  y: number;
  radius: number;
}

/** Points beyond these parts of all may lie outside, so that a few do not rule the zoom. */
const LOW = 0.002;
const HIGH = 0.998;
const MARGIN = 1.15;
const MIN_RADIUS = 1e-3;
const GLIDE_MS = 250;

/** What should be seen: nearly all features, all centers, and one more point if there is one. */
export function frameView(features: Float32Array, centers: Float32Array, point?: {x: number; y: number}): View {
  const [left, right] = extent(features, centers, 0, point?.x);
  const [bottom, top] = extent(features, centers, 1, point?.y);
  return {
    x: (left + right) / 2,
    y: (bottom + top) / 2,
    radius: Math.max((MARGIN * Math.max(right - left, top - bottom)) / 2, MIN_RADIUS),
  };
}

/** A part of the way to the goal: most of it within `GLIDE_MS`, however often it is called. */
export function glide(view: View, goal: View, elapsedMs: number): View {
  const part = 1 - Math.exp(-elapsedMs / GLIDE_MS);
  return {
    x: view.x + part * (goal.x - view.x),
    y: view.y + part * (goal.y - view.y),
    radius: view.radius + part * (goal.radius - view.radius),
  };
}

function extent(features: Float32Array, centers: Float32Array, axis: 0 | 1, also?: number): [number, number] {
  const onAxis = (_: number, i: number) => i % 2 === axis;
  const sorted = features.filter(onAxis).filter(Number.isFinite).sort();
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? 0;
  const others = [...centers.filter(onAxis), also ?? NaN].filter(Number.isFinite);
  return [Math.min(at(LOW), ...others), Math.max(at(HIGH), ...others)];
}
