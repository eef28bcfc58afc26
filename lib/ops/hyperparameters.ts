import {quote, ValueError} from '../errors.js';
import type {Reduction} from '../kernels/contracts.js';
import {whatIs} from './to_tensor.js';

/** The article's values. */
export const DEFAULT_ALPHA = 0.6;
export const DEFAULT_REDUCTION: Reduction = 'sum';

/**
 * The article's value for a sum. A mean is smaller by the size of the batch, so that it needs a larger weight: 0.03 is
 * what a sum with 0.0005 over batches of 64 pulls.
 */
export const DEFAULT_LOSS_WEIGHTS: Readonly<Record<Reduction, number>> = {sum: 0.0005, mean: 0.03};

/** @throws ValueError unless `alpha` is a number in [0, 1]. */
export function checkAlpha(alpha: unknown, caller: string): asserts alpha is number {
  if (typeof alpha !== 'number' || !(alpha >= 0 && alpha <= 1)) {
    throw new ValueError(`${caller}: expected alpha to be a number from 0 to 1, but got ${quote(alpha)}.`);
  }
}

/** @throws ValueError unless `lossWeight` is a finite number of at least 0. */
export function checkLossWeight(lossWeight: unknown, caller: string): asserts lossWeight is number {
  if (!Number.isFinite(lossWeight) || (lossWeight as number) < 0) {
    throw new ValueError(
      `${caller}: expected lossWeight to be a finite number of at least 0, but got ${quote(lossWeight)}.`,
    );
  }
}

/** @throws ValueError unless `reduction` is a known one. */
export function checkReduction(reduction: unknown, caller: string): asserts reduction is Reduction {
  if (reduction !== 'sum' && reduction !== 'mean') {
    throw new ValueError(`${caller}: expected reduction to be 'sum' or 'mean', but got ${quote(reduction)}.`);
  }
}

/** @throws ValueError unless `ignoreClass` is an integer or absent. */
export function checkIgnoreClass(ignoreClass: unknown, caller: string): asserts ignoreClass is number | undefined {
  if (ignoreClass !== undefined && !Number.isInteger(ignoreClass)) {
    throw new ValueError(`${caller}: expected ignoreClass to be an integer, but got ${quote(ignoreClass)}.`);
  }
}

/**
 * Refuses what is no object of options, and names that nothing reads: most often they are misspelt.
 *
 * @param known The names that the message lists.
 * @param inherited Further names that are known.
 * @throws ValueError naming what is not known, and what is.
 */
export function checkKnown(
  args: unknown,
  known: readonly string[],
  caller: string,
  inherited: readonly string[] = [],
): void {
  // By its tag, since an array, a number and a Map have no names that could be unknown.
  if (Object.prototype.toString.call(args) !== '[object Object]') {
    throw new ValueError(`${caller}: expected an object of ${known.join(', ')}, but got ${whatIs(args)}.`);
  }
  const unknown = Object.keys(args as object).filter((name) => !known.includes(name) && !inherited.includes(name));
  if (unknown.length > 0) {
    const others = inherited.length > 0 ? ', and the arguments of every tf.layers layer' : '';
    throw new ValueError(`${caller}: expected ${known.join(', ')}${others}, but got unknown ${quote(unknown)}.`);
  }
}
