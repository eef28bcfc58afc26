import {quote, ValueError} from './errors.js';

/** Dimensions as `tf.layers` gives them: `null` where they are not known before the data come. */
export type Shape = readonly (number | null)[];

export type LabelForm = 'class ids' | 'one-hot';

const LABEL_DTYPES = ['int32', 'float32', 'bool'];

/**
 * Tells class ids from one-hot labels by their shape.
 *
 * @throws ValueError if the shape is neither.
 */
export function labelForm(labelShape: Shape, leadingShape: Shape, numClasses: number, where: string): LabelForm {
  if (fits(labelShape, leadingShape) || fits(labelShape, [...leadingShape, 1])) {
    return 'class ids';
  }
  if (fits(labelShape, [...leadingShape, numClasses])) {
    return 'one-hot';
  }
  const ids = quote(leadingShape);
  const idColumn = quote([...leadingShape, 1]);
  const oneHot = quote([...leadingShape, numClasses]);
  throw new ValueError(
    `${where}: expected labels to be class ids of shape ${ids} or ${idColumn}, or one-hot of shape ${oneHot}, ` +
      `but got labels of shape ${quote(labelShape)}.`,
  );
}

function fits(shape: Shape, expected: Shape): boolean {
  return (
    shape.length === expected.length &&
    shape.every((dim, i) => dim === null || expected[i] === null || dim === expected[i])
  );
}

/** @throws ValueError for a dtype that cannot hold labels. */
export function checkLabelDType(dtype: string, where: string): void {
  if (!LABEL_DTYPES.includes(dtype)) {
    throw new ValueError(`${where}: expected labels of dtype ${LABEL_DTYPES.join(', ')}, but got dtype ${dtype}.`);
  }
}
