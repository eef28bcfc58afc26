import {NO_CLASS} from '../kernels/contracts.js';
import type {LabelArgs} from './label_args.js';
import type {LabelForm} from './label_form.js';

/**
 * The check and the conversion of class ids in the memory of this process, in one pass.
 *
 * @param values The ids that the form reads from labels.
 * @param mask One number a sample: 0 where it takes no part.
 * @returns A new array; {@link NO_CLASS} for samples that take no part.
 * @throws RangeError for an id that is no integer in `[0, numClasses)`, if the form allows for such.
 */
export function checkedIds(
  values: ArrayLike<number>,
  mask: ArrayLike<number> | undefined,
  {entryPerClass}: LabelForm,
  {numClasses, ignoreClass, where}: LabelArgs,
): Int32Array {
  const classIds = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (mask?.[i] === 0 || value === ignoreClass || (entryPerClass && value === NO_CLASS)) {
      classIds[i] = NO_CLASS;
    } else if (Number.isInteger(value) && value >= 0 && value < numClasses) {
      classIds[i] = value;
    } else {
      const ignored = ignoreClass === undefined ? '' : `, or the ignored class ${ignoreClass}`;
      throw new RangeError(
        `${where}: expected labels to be integers from 0 to ${numClasses - 1}${ignored}, ` +
          `but got ${value} at index ${i}.`,
      );
    }
  }
  return classIds;
}
