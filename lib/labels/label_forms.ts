import {quote, ValueError} from '../errors.js';
import {CLASS_IDS} from './class_id_form.js';
import type {LabelForm, Shape} from './label_form.js';
import {ONE_HOT} from './one_hot_form.js';

/** All forms of labels. Where a shape fits several, the first of them is meant. */
const LABEL_FORMS: readonly LabelForm[] = [CLASS_IDS, ONE_HOT];

const LABEL_DTYPES = ['int32', 'float32', 'bool'];

/** What is known of labels before their values are. */
interface LabelsInfo {
  shape: Shape;
  dtype: string;
}

/**
 * The form of labels, told by their shape.
 *
 * @param where Who is asking, for the error message.
 * @throws ValueError for a dtype that cannot hold labels, and for a shape that no form has.
 */
export function labelFormOf(
  {shape, dtype}: LabelsInfo,
  leadingShape: Shape,
  numClasses: number,
  where: string,
): LabelForm {
  if (!LABEL_DTYPES.includes(dtype)) {
    throw new ValueError(`${where}: expected labels of dtype ${LABEL_DTYPES.join(', ')}, but got dtype ${dtype}.`);
  }
  const form = LABEL_FORMS.find((candidate) =>
    candidate.shapes(leadingShape, numClasses).some((expected) => fits(shape, expected)),
  );
  if (!form) {
    const expected = LABEL_FORMS.map(
      (known) => `${known.name} of shape ${known.shapes(leadingShape, numClasses).map(quote).join(' or ')}`,
    );
    throw new ValueError(
      `${where}: expected labels to be ${expected.join(', or ')}, but got labels of shape ${quote(shape)}.`,
    );
  }
  return form;
}

function fits(shape: Shape, expected: Shape): boolean {
  return (
    shape.length === expected.length &&
    shape.every((dim, i) => dim === null || expected[i] === null || dim === expected[i])
  );
}
