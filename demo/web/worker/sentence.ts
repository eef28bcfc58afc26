import {BACKEND_TITLES} from '../protocol.js';
import type {Backend} from '../protocol.js';

/** What the visitor should know and can do about an error while training. */
export function sentenceFor(error: unknown, backend: Backend): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/memory|allocation|array length/i.test(reason)) {
    return (
      `The memory did not suffice for training on ${BACKEND_TITLES[backend]}. ` +
      'Please choose a smaller batch or another backend, and press Start.'
    );
  }
  return `Training on ${BACKEND_TITLES[backend]} has stopped: ${reason} Another backend may help.`;
}
