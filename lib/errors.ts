/**
 * An argument that has the wrong type, shape or value. TensorFlow.js keeps its own `ValueError` private; like there,
 * the message names the layer or function, what was expected and what came.
 */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** What an object is that `instanceof` does not know, though it looks like one of tf.layers. */
export const OF_ANOTHER_COPY = 'of another copy of @tensorflow/tfjs-layers. Let the program have one copy';

/** A value as it should stand in an error message: short, and telling `'10'` from `10`. */
export function quote(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) {
    return String(value);
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    return typeof value;
  }
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
