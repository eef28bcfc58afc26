import type {RecognizerData} from '../../lib/recognition/index.js';
import {placesOf} from '../support/strange.js';
import {mulberry32} from '../support/random.js';

/** What a place of plain data may be changed to. */
const VALUES: readonly unknown[] = [
  ...[NaN, Infinity, -Infinity, 0, -0, 1, 2, -1, -3, 1.5, 1e15, 1e16, 1e30, 1e300, 2 ** 24, 2 ** 53, 1e-40],
  ...[null, undefined, true, false, '', ' ', 'a', 'Ada', '%%%', '1', '__proto__', 'AAAA', 'AADAfwAAAAAAAAAA'],
  ...['distance', 'relative', 'cosine', 'each', 'mean', 'glasses', [], {}, [0], [[]], 10n],
];

const CHARACTERS = '0123456789-+.eE"\\,:{}[]abcdAZ/= \u0000é\ud83d';

/** As many changed copies of a saved recognizer, the same each time: in its text, in its values, in the bytes of its centers. */
export function* changesOf(data: RecognizerData, count: number): Generator {
  const random = mulberry32(20);
  const below = (end: number) => Math.floor(end * random());
  const oneOf = <T>(items: ArrayLike<T>): T => items[below(items.length)] as T;
  const text = JSON.stringify(data);

  const changeText = (): unknown => {
    for (;;) {
      const at = below(text.length);
      const removed = oneOf([0, 1, 1, 1, 2, 5, 20]);
      const added = Array.from({length: below(4)}, () => oneOf(CHARACTERS)).join('');
      const changed = text.slice(0, at) + added + text.slice(at + removed);
      try {
        return JSON.parse(changed);
      } catch {
        // Not even JSON: another one.
      }
    }
  };

  const changeValue = (): unknown => {
    const root = {data: JSON.parse(text) as unknown};
    const places = placesOf(root);
    const [holder, key] = oneOf(places);
    const [otherHolder, otherKey] = oneOf(places);
    const kind = below(5);
    if (kind === 0) {
      Reflect.deleteProperty(holder, key);
    } else if (kind === 1) {
      holder[key] = structuredClone(otherHolder[otherKey]);
    } else if (kind === 2) {
      holder[
        oneOf(['threshold', 'width', 'samples', 'label', 'template', 'templates', 'format', 'treshold', '0', '7'])
      ] = oneOf(VALUES);
    } else if (kind === 3 && typeof holder[key] === 'number') {
      holder[key] = holder[key] * oneOf([-1, 0.5, 1 + 1e-9, 1.1, 2]);
    } else {
      holder[key] = oneOf(VALUES);
    }
    return root.data;
  };

  const changeBytes = (): unknown => {
    const changed = JSON.parse(text) as RecognizerData;
    const own = oneOf(changed.classes);
    const bytes = Buffer.from(own.center, 'base64');
    bytes[below(bytes.length)] = below(256);
    own.center = bytes.subarray(0, oneOf([12, 12, 12, 12, 11, 8, 0])).toString('base64');
    return changed;
  };

  const kinds = [changeText, changeValue, changeBytes];
  for (let i = 0; i < count; i++) {
    yield kinds[i % kinds.length]?.();
  }
}
