import {hasHalfFloats} from '../../lib/kernels/exact_ids.js';
import {readsLabelsAtOnce} from './tensors.js';

type ConditionalIt = (title: string, run: jest.ProvidesCallback) => void;

/**
 * `it`, where a condition holds that depends on the backend. Elsewhere the spec is skipped, and its title says why.
 *
 * @param reason Completes "skipped, since ..." where the condition does not hold.
 */
export function itWhere(condition: boolean, reason: string): ConditionalIt {
  return (title, run) => {
    if (condition) {
      it(title, run);
    } else {
      xit(`${title} (skipped, since ${reason})`, run);
    }
  };
}

/** For numbers too large, too small or too close to each other for 16-bit floats. */
export const itWithFloat32 = itWhere(!hasHalfFloats(), '16-bit floats do not hold these numbers');

/** For what a training step does about the values of its labels within the step. */
export const itWhereLabelsAreReadAtOnce = itWhere(readsLabelsAtOnce(), 'reading labels at once would stall a GPU');

/** For what it does about them in a following step. */
export const itWhereLabelsAreReadLater = itWhere(!readsLabelsAtOnce(), 'labels are read at once on this backend');
