/**
 * An argument that has the wrong type, shape or value. TensorFlow.js keeps its own `ValueError` private; like there,
 * the message names the layer or function, what was expected and what came.
 */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** What an object is that `instanceof` does not know, though it looks like one of tf.layers. */
export const OF_ANOTHER_COPY = 'of another copy of @tensorflow/tfjs-layers. Let the program have one copy';

/** A value as it should stand in an error message: short, telling `'10'` from `10`, and never an error of its own. */
export function quote(value: unknown): string {
  if (typeof value === 'bigint') {
    return `${value}n`;
  }
  if (typeof value === 'number' || value === undefined) {
    return String(value);
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    return typeof value;
  }
  const text = jsonOf(value) ?? 'an object';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A value as it stands in messages; of an object that is neither plain nor an array, such as a Promise, what it is. */
export function whatIs(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return Object(value) !== value || ['Object', 'Array'].includes(tag) ? quote(value) : tag;
}

/** Undefined where there is none: of circles, of what is too deep, and of objects whose own code throws. */
function jsonOf(value: unknown): string | undefined {
  try {
    return ArrayBuffer.isView(value)
      ? `${value.constructor.name} of ${value.byteLength} bytes`
      : JSON.stringify(value, (_, inner: unknown) =>
          // JSON has no bigint, and makes null of what is not finite.
          typeof inner === 'bigint' || (typeof inner === 'number' && !isFinite(inner)) ? quote(inner) : inner,
        );
  } catch {
    return undefined;
  }
}
