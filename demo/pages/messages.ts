import {block, button} from './elements.js';

/** Of whatever a worker was asked that has been closed since: another has taken its place. */
export class Closed extends Error {}

/** Something that the visitor should know of, as a sentence. */
export function showNotice(sentence: string): void {
  show('notice', sentence);
}

/** Something that went wrong, as a sentence. */
export function showError(error: unknown): void {
  // The visitor has gone on to something else.
  if (!(error instanceof Closed)) {
    show('error', error instanceof Error ? error.message : String(error));
  }
}

export function clearError(): void {
  block('error').hidden = true;
}

/** Runs what a visitor has asked for; if it fails, the page says so. */
export function attempt(action: () => Promise<void>): void {
  clearError();
  action().catch(showError);
}

export function onClick(id: string, action: () => Promise<void>): void {
  button(id).addEventListener('click', () => {
    attempt(action);
  });
}

function show(id: string, sentence: string): void {
  const place = block(id);
  place.textContent = sentence;
  place.hidden = false;
}
