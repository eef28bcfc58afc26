/** The bytes that a Base64 text stands for. Browsers and Node both have `atob`, which gives a character a byte. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = characters.charCodeAt(i);
  }
  return bytes;
}

/** So many bytes at once are few enough to be arguments of a function, and make whole groups of four letters. */
const BYTES_AT_ONCE = 3 * 2 ** 12;

/** Bytes as Base64 text. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += BYTES_AT_ONCE) {
    // Spread, they would be asked for one by one, in ten times as long.
    const some = bytes.subarray(start, start + BYTES_AT_ONCE);
    text += btoa(Reflect.apply(String.fromCharCode, undefined, some) as string);
  }
  return text;
}
