/** Longer names do not fit beside a mark. */
export const MAX_NAME = 16;

/** Control characters, and marks that turn the direction of the text around them: nothing of them is seen. */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * A name as the page shows it: without what is not seen, in the one Unicode form in which the same name is found again, and
 * cut between whole characters, of which an emoji is one. Empty if nothing is left.
 */
export function signName(text: string): string {
  // What is far too long is not looked through whole.
  const seen = text
    .slice(0, 64 * MAX_NAME)
    .normalize('NFC')
    .replace(UNSEEN, '')
    .trim();
  let name = '';
  for (const {segment} of new Intl.Segmenter('en').segment(seen)) {
    if (name.length + segment.length > MAX_NAME) {
      break;
    }
    name += segment;
  }
  return name.trim();
}
