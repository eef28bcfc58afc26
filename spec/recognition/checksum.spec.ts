import {checksum} from '../../lib/recognition/checksum.js';

const wordsOf = (text: string) => new Int32Array(new TextEncoder().encode(text).buffer);

describe('The checksum', () => {
  it.each([
    ['', 0x02cc5d05],
    ['abcd', 0xa3643705],
    ['Nobody inspects the spammish repetition!', 0x6ad6f5d9],
  ])('of %p is XXH32', (text, expected) => {
    expect(checksum(wordsOf(text))).toBe(expected);
  });

  it('differs wherever a bit does', () => {
    const words = Int32Array.from({length: 37}, (_, i) => Math.imul(i, 2654435761));
    const seen = new Set([checksum(words)]);
    for (let bit = 0; bit < 32 * words.length; bit++) {
      const changed = words.slice();
      changed[bit >> 5] = (changed[bit >> 5] ?? NaN) ^ (1 << (bit & 31));
      seen.add(checksum(changed));
    }
    expect(seen.size).toBe(1 + 32 * words.length);
  });
});
