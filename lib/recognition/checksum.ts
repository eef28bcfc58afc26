// Constants, and words with a sign: engines multiply them in half the time.
const P1 = 0x9e3779b1 | 0;
const P2 = 0x85ebca77 | 0;
const P3 = 0xc2b2ae3d | 0;
const P4 = 0x27d4eb2f;

/**
 * The checksum XXH32 of Yann Collet, with the seed 0, of whole words of 32 bits. Four sums go on beside each other, so that it
 * takes a fraction of what copying the words takes; and it differs wherever a single word does.
 */
export function checksum(words: Int32Array): number {
  const inFours = words.length - (words.length % 4);
  let [a, b, c, d] = [(P1 + P2) | 0, P2, 0, -P1 | 0];
  for (let i = 0; i < inFours; i += 4) {
    a = (a + Math.imul(words[i] as number, P2)) | 0;
    a = Math.imul((a << 13) | (a >>> 19), P1);
    b = (b + Math.imul(words[i + 1] as number, P2)) | 0;
    b = Math.imul((b << 13) | (b >>> 19), P1);
    c = (c + Math.imul(words[i + 2] as number, P2)) | 0;
    c = Math.imul((c << 13) | (c >>> 19), P1);
    d = (d + Math.imul(words[i + 3] as number, P2)) | 0;
    d = Math.imul((d << 13) | (d >>> 19), P1);
  }
  let sum = inFours > 0 ? rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) : 374761393;
  sum = (sum + 4 * words.length) | 0;
  for (let i = inFours; i < words.length; i++) {
    sum = Math.imul(rotate((sum + Math.imul(words[i] as number, P3)) | 0, 17), P4);
  }
  sum = Math.imul(sum ^ (sum >>> 15), P2);
  sum = Math.imul(sum ^ (sum >>> 13), P3);
  return (sum ^ (sum >>> 16)) >>> 0;
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}
