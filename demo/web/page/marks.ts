/** How a sign of the visitor's own is shown: by shape and color. */
export interface Mark {
  glyph: string;
  color: string;
  /** Of a circle of radius 1. */
  corners: readonly (readonly [x: number, y: number])[];
}

/** Dark and strong beside the digits' colors, and of other shapes than the digits' dots. */
export const MARKS: readonly Mark[] = [
  {glyph: '◆', color: '#d6006e', corners: polygon(4, 0)},
  {glyph: '■', color: '#00775c', corners: polygon(4, Math.PI / 4)},
  {glyph: '▲', color: '#0050c8', corners: polygon(3, -Math.PI / 2)},
  {glyph: '★', color: '#7a5a00', corners: star()},
  {glyph: '▼', color: '#5f259f', corners: polygon(3, Math.PI / 2)},
  {glyph: '◀', color: '#006d8f', corners: polygon(3, Math.PI)},
];

function polygon(corners: number, turn: number): [number, number][] {
  return Array.from({length: corners}, (_, i) => onCircle(1, turn + (2 * Math.PI * i) / corners));
}

function star(): [number, number][] {
  return Array.from({length: 10}, (_, i) => onCircle(i % 2 === 0 ? 1.15 : 0.5, (Math.PI * i) / 5 - Math.PI / 2));
}

function onCircle(radius: number, angle: number): [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
