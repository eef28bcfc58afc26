import {quote, ValueError, whatIs} from './errors.js';

/**
 * Refuses options that nothing reads, which most often are misspelt, and what is no object with options.
 *
 * @param known The names that the message lists.
 * @param others Further names that are known, and what the message says of them.
 * @throws ValueError naming what is not known.
 */
export function checkOptions(
  options: unknown,
  known: readonly string[],
  caller: string,
  others: {readonly names: readonly string[]; readonly said: string} = {names: [], said: ''},
): asserts options is object {
  const expected = known.join(', ') + others.said;
  // Neither a list, nor a Map or a Promise, whose content is no property of it.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new ValueError(`${caller}: expected an object with ${expected}, but got ${whatIs(options)}.`);
  }
  const unknown = Object.keys(options as object).filter(
    (name) => !known.includes(name) && !others.names.includes(name),
  );
  if (unknown.length > 0) {
    throw new ValueError(`${caller}: expected ${expected}, but got unknown ${quote(unknown)}.`);
  }
}
