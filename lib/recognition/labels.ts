import {quote, ValueError} from '../errors.js';

/** @throws ValueError unless it can be the label of a class, or the name of a template: a string. */
export function checkLabel(label: unknown, caller: string, what = 'a label'): asserts label is string {
  if (typeof label !== 'string') {
    throw new ValueError(`${caller}: expected ${what} to be a string, but got ${quote(label)}.`);
  }
}

/** @throws ValueError unless it can be the label of a sample that is measured, a string or a number. */
export function checkStringOrNumber(label: unknown, caller: string): asserts label is string | number {
  if (typeof label !== 'string' && (typeof label !== 'number' || isNaN(label))) {
    throw new ValueError(`${caller}: expected a label to be a string or a number, but got ${quote(label)}.`);
  }
}

/**
 * A copy of the labels of samples, so that it does not matter what the caller changes later.
 *
 * @param check What throws for a label that is none.
 * @throws ValueError for what is no array or typed array of labels.
 */
export function copyLabels<Label>(
  labels: ArrayLike<Label>,
  check: (label: unknown, caller: string) => asserts label is Label,
  caller: string,
): Label[] {
  // Whoever writes JavaScript may pass anything, a text as well, which is no array of its letters.
  const given: unknown = labels;
  if (typeof given !== 'object' || !Number.isInteger((given as ArrayLike<Label> | null)?.length)) {
    throw new ValueError(`${caller}: expected an array of labels, one a sample, but got ${quote(labels)}.`);
  }
  return Array.from(labels, (label: unknown) => {
    check(label, caller);
    return label;
  });
}
