import {quote, ValueError} from './errors.js';

/**
 * Refuses options that nothing reads, which most often are misspelt, and what is no object with options.
 *
 * @param known The names that the message lists.
 * @param inherited Further names that are known.
 * @throws ValueError naming what is not known.
 */
export function checkOptions(
  options: unknown,
  known: readonly string[],
  caller: string,
  inherited: readonly string[] = [],
): asserts options is object {
  const others = inherited.length > 0 ? ', and the arguments of every tf.layers layer' : '';
  const expected = `${known.join(', ')}${others}`;
  // Neither a list, nor a Map or a Promise, whose content is no property of it.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new ValueError(`${caller}: expected an object with ${expected}, but got ${quote(options)}.`);
  }
  const unknown = Object.keys(options as object).filter((name) => !known.includes(name) && !inherited.includes(name));
  if (unknown.length > 0) {
    throw new ValueError(`${caller}: expected ${expected}, but got unknown ${quote(unknown)}.`);
  }
}
