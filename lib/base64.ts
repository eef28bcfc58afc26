/** The bytes that a Base64 text stands for. Browsers and Node both have `atob`, which gives a character a byte. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = characters.charCodeAt(i);
  }
  return bytes;
}

/** Bytes as Base64 text. */
export function encodeBase64(bytes: Uint8Array): string {
  let characters = '';
  for (const byte of bytes) {
    characters += String.fromCharCode(byte);
  }
  return btoa(characters);
}
