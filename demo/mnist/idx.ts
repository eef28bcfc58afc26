/** Size of an MNIST picture, in pixels. */
export const IMAGE_SIZE = 28;
export const NUM_CLASSES = 10;

const IMAGES_MAGIC = 0x00000803;
const LABELS_MAGIC = 0x00000801;

export interface IdxImages {
  count: number;
  /** `count` pictures of `IMAGE_SIZE` x `IMAGE_SIZE`, row by row, 0 (paper) to 255 (ink). */
  pixels: Uint8Array;
}

/** Reads the bytes of an `*-images-idx3-ubyte` file; throws an Error that says what is wrong. */
export function parseIdxImages(bytes: Uint8Array, fileName: string): IdxImages {
  const [count, rows, columns] = parseHeader(bytes, fileName, IMAGES_MAGIC, 3);
  if (rows !== IMAGE_SIZE || columns !== IMAGE_SIZE) {
    throw new Error(`${fileName}: expected pictures of ${IMAGE_SIZE} x ${IMAGE_SIZE}, got ${rows} x ${columns}.`);
  }
  return {count, pixels: parseBody(bytes, fileName, 16, count * rows * columns)};
}

/** Reads the bytes of an `*-labels-idx1-ubyte` file; throws an Error that says what is wrong. */
export function parseIdxLabels(bytes: Uint8Array, fileName: string): Uint8Array {
  const [count] = parseHeader(bytes, fileName, LABELS_MAGIC, 1);
  const labels = parseBody(bytes, fileName, 8, count);
  labels.forEach((label, index) => {
    if (label >= NUM_CLASSES) {
      throw new Error(`${fileName}: expected labels of 0 to ${NUM_CLASSES - 1}, got ${label} at index ${index}.`);
    }
  });
  return labels;
}

type Header<Dimensions extends 1 | 3> = Dimensions extends 1 ? [number] : [number, number, number];

function parseHeader<Dimensions extends 1 | 3>(
  bytes: Uint8Array,
  fileName: string,
  magic: number,
  dimensions: Dimensions,
): Header<Dimensions> {
  const headerSize = 4 * (1 + dimensions);
  if (bytes.length < headerSize) {
    throw new Error(`${fileName}: expected a header of ${headerSize} bytes, got a file of ${bytes.length} bytes.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerSize);
  const received = view.getUint32(0);
  if (received !== magic) {
    throw new Error(`${fileName}: expected the magic number ${magic}, got ${received}.`);
  }
  return Array.from({length: dimensions}, (_, index) => view.getUint32(4 * (1 + index))) as Header<Dimensions>;
}

function parseBody(bytes: Uint8Array, fileName: string, headerSize: number, bodySize: number): Uint8Array {
  if (bytes.length !== headerSize + bodySize) {
    throw new Error(
      `${fileName}: expected ${headerSize + bodySize} bytes, as its header says, ` + `got ${bytes.length} bytes.`,
    );
  }
  return bytes.subarray(headerSize);
}
