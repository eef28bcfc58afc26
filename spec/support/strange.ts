import {mulberry32} from './random.js';

/** What a place of a file may be changed to. No size is so large that a layer of it would only need long to be made. */
const VALUES: readonly unknown[] = [
  ...[NaN, Infinity, -Infinity, 0, -0, 1, 2, -1, 1.5, 1e30, -1e30],
  ...[null, undefined, true, false, '', ' ', 'a', '__proto__', 'constructor', 'toString', 'embedding', 'float32'],
  ...['Dense', 'CenterLossLayer', 'Functional', 'Lambda', [], {}, [0], [[]], [null, 6]],
  {class_name: 'Dense', config: {}},
];

/**
 * As many changed copies of a file, the same each time: in a value of what is JSON in it, in a byte of its weights, or in their
 * number.
 */
export function* strangeCopies<File extends {weightData?: unknown}>(
  {weightData, ...others}: File,
  count: number,
): Generator<File> {
  const random = mulberry32(26);
  const below = (end: number) => Math.floor(end * random());
  const oneOf = <T>(items: ArrayLike<T>): T => items[below(items.length)] as T;
  const text = JSON.stringify(others);
  const bytes = new Uint8Array(weightData as ArrayBuffer);
  for (let i = 0; i < count; i++) {
    const copy = JSON.parse(text) as File;
    let data = bytes.slice();
    const kind = i % 6;
    if (kind === 0) {
      data[below(data.length)] = below(256);
    } else if (kind === 1) {
      data = data.slice(0, below(data.length));
    } else {
      const places = placesOf(copy);
      const [holder, key] = oneOf(places);
      const [otherHolder, otherKey] = oneOf(places);
      if (kind === 2) {
        Reflect.deleteProperty(holder, key);
      } else {
        holder[key] = kind === 3 ? structuredClone(otherHolder[otherKey]) : oneOf(VALUES);
      }
    }
    yield {...copy, weightData: data.buffer};
  }
}

/** All places in what a file holds: whatever is in an object or an array, at any depth, as its holder and its key. */
export function placesOf(holder: object): [Record<string, unknown>, string][] {
  return Object.entries(holder).flatMap(([key, value]: [string, unknown]) => [
    [holder as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...(typeof value === 'object' && value !== null ? placesOf(value) : []),
  ]);
}

/** What any object has without having been given it: nothing, unless a file has changed what all objects are made of. */
export function inheritedKeys(): string[] {
  const keys: string[] = [];
  for (const key in {}) {
    keys.push(key);
  }
  return keys;
}
