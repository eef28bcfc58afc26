/** The bytes of an IDX file: big-endian 32-bit header, then the body. */
export function idxBytes(header: readonly number[], body: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * header.length + body.length);
  const view = new DataView(bytes.buffer);
  header.forEach((value, index) => {
    view.setUint32(4 * index, value);
  });
  bytes.set(body, 4 * header.length);
  return bytes;
}
