import {quote, ValueError} from './errors.js';

/**
 * How the losses of the samples become one number. The mean is over the samples that take part; the softmax loss of a
 * model is averaged over all samples.
 */
export type Reduction = 'sum' | 'mean';

/** The article's values. */
export const DEFAULT_ALPHA = 0.6;
export const DEFAULT_LOSS_WEIGHT = 0.0005;
export const DEFAULT_REDUCTION: Reduction = 'sum';

/** @throws ValueError unless `alpha` is a number in [0, 1]. */
export function checkAlpha(alpha: unknown, where: string): asserts alpha is number {
  if (typeof alpha !== 'number' || !(alpha >= 0 && alpha <= 1)) {
    throw new ValueError(`${where}: expected alpha to be a number from 0 to 1, but got ${quote(alpha)}.`);
  }
}

/** @throws ValueError unless `lossWeight` is a finite number of at least 0. */
export function checkLossWeight(lossWeight: unknown, where: string): asserts lossWeight is number {
  if (!Number.isFinite(lossWeight) || (lossWeight as number) < 0) {
    throw new ValueError(
      `${where}: expected lossWeight to be a finite number of at least 0, but got ${quote(lossWeight)}.`,
    );
  }
}

/** @throws ValueError unless `reduction` is a known one. */
export function checkReduction(reduction: unknown, where: string): asserts reduction is Reduction {
  if (reduction !== 'sum' && reduction !== 'mean') {
    throw new ValueError(`${where}: expected reduction to be 'sum' or 'mean', but got ${quote(reduction)}.`);
  }
}

/** @throws ValueError unless `ignoreClass` is an integer or absent. */
export function checkIgnoreClass(ignoreClass: unknown, where: string): asserts ignoreClass is number | undefined {
  if (ignoreClass !== undefined && !Number.isInteger(ignoreClass)) {
    throw new ValueError(`${where}: expected ignoreClass to be an integer, but got ${quote(ignoreClass)}.`);
  }
}
