import type {LabelForm} from './label_form.js';

/** An integer a sample: of the samples' leading shape, with or without a last axis of 1. */
export const CLASS_IDS: LabelForm = {
  name: 'class ids',
  shapes: (leadingShape) => [leadingShape, [...leadingShape, 1]],
  idsOnHost: (values) => values,
  entryPerClass: false,
};
