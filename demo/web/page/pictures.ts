import {IMAGE_SIZE, parseIdxImages, parseIdxLabels} from '../../mnist/idx.js';
import {FIRST_SAMPLES, HELD_BACK_SAMPLES, TRAIN_SAMPLES} from '../mnist_parts.js';
import type {MnistFile} from '../mnist_parts.js';
import type {MnistPictures, Pictures} from '../protocol.js';
import {TooLate, withinTime} from '../within_time.js';

const AREA = IMAGE_SIZE * IMAGE_SIZE;
const HEADER_BYTES = 16;
const COUNT_AT = 4;
const GZIP_MAGIC = 0x1f8b;
/** Nothing new for so long: the visitor should not wait without a word. */
const STALLED_MS = 30_000;

export interface LoadingPictures {
  /** Enough to begin with. */
  first: Promise<MnistPictures>;
  all: Promise<MnistPictures>;
}

/**
 * Fetches what the Vite plugin has put beside the page. Both promises reject with a sentence for the page.
 *
 * @param onProgress Is told the part of the training pictures that has arrived, from 0 to 1.
 */
export function loadPictures(folder: string, samples: number, onProgress: (part: number) => void): LoadingPictures {
  const needed = HELD_BACK_SAMPLES + Math.min(samples, FIRST_SAMPLES);
  const file = (name: MnistFile) => read(folder, name);
  const test = Promise.all([file('t10k-images-idx3-ubyte.gz'), file('t10k-labels-idx1-ubyte.gz')]).then(
    ([images, labels]) => toPictures('t10k', images, labels),
  );
  const trainLabels = file('train-labels-idx1-ubyte.gz');
  let trainImages: Promise<Uint8Array> | undefined;
  const firstImages = new Promise<Uint8Array>((resolve) => {
    let waiting = true;
    trainImages = read(folder, 'train-images-idx3-ubyte.gz', (bytes, size) => {
      const count = Math.max(Math.floor((size - HEADER_BYTES) / AREA), 0);
      onProgress(count / (HELD_BACK_SAMPLES + TRAIN_SAMPLES));
      if (waiting && count >= needed) {
        waiting = false;
        resolve(shortened(bytes(), needed));
      }
    });
  });
  const pictures = async (images: Promise<Uint8Array>): Promise<MnistPictures> => {
    try {
      const [trainBytes, labelBytes, testPictures] = await Promise.all([images, trainLabels, test]);
      const labels = parseIdxLabels(labelBytes, 'train-labels-idx1-ubyte.gz');
      const train = {images: parseIdxImages(trainBytes, 'train-images-idx3-ubyte.gz'), labels};
      return {
        heldBack: part(train, 0, HELD_BACK_SAMPLES),
        train: part(train, HELD_BACK_SAMPLES, train.images.count),
        test: testPictures,
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The pictures of the digits could not be loaded. ${reason} Please reload the page.`, {
        cause: error,
      });
    }
  };
  const all = pictures(trainImages ?? firstImages);
  // If the file ends early, or never comes, then so do the first pictures.
  const first = Promise.race([pictures(firstImages), all]);
  all.catch(() => undefined);
  return {first, all};
}

/** Pictures `begin` to `end`, as arrays of their own. */
export function part({images, labels}: Pictures, begin: number, end: number): Pictures {
  return {
    images: {count: end - begin, pixels: images.pixels.slice(begin * AREA, end * AREA)},
    labels: labels.slice(begin, end),
  };
}

function toPictures(name: 'train' | 't10k', images: Uint8Array, labels: Uint8Array): Pictures {
  return {
    images: parseIdxImages(images, `${name}-images-idx3-ubyte.gz`),
    labels: parseIdxLabels(labels, `${name}-labels-idx1-ubyte.gz`),
  };
}

/** The first pictures of an IDX file, as an IDX file. */
function shortened(bytes: Uint8Array, count: number): Uint8Array {
  const file = bytes.slice(0, HEADER_BYTES + count * AREA);
  new DataView(file.buffer).setUint32(COUNT_AT, count);
  return file;
}

/** @param onBytes Is told how much has arrived, and can have it. */
async function read(
  folder: string,
  file: MnistFile,
  onBytes?: (bytes: () => Uint8Array, size: number) => void,
): Promise<Uint8Array> {
  const stalled = `The server has stopped sending the file ${file}.`;
  let response;
  try {
    response = await withinTime(fetch(new URL(file, folder)), STALLED_MS, stalled);
  } catch (error) {
    if (error instanceof TooLate) {
      throw error;
    }
    throw new Error(`The server of the file ${file} cannot be reached.`, {cause: error});
  }
  if (!response.ok || !response.body) {
    throw new Error(`The server answered ${response.status} for the file ${file}.`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const bytes = () => concat(chunks, size);
  const reader = (await unzipped(response.body)).getReader();
  try {
    for (;;) {
      const {done, value} = await withinTime(reader.read(), STALLED_MS, stalled);
      if (done) {
        return bytes();
      }
      chunks.push(value);
      size += value.length;
      onBytes?.(bytes, size);
    }
  } catch (error) {
    // The stream's own errors say nothing to a visitor.
    throw error instanceof TooLate ? error : new Error(`The file ${file} is damaged.`, {cause: error});
  }
}

/** Some servers declare the gzip to the browser, which has then undone it. */
async function unzipped(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<ReadableStream<Uint8Array>> {
  const [look, whole] = body.tee();
  const reader = look.getReader();
  const {value} = await reader.read();
  void reader.cancel();
  const gzipped = value !== undefined && value.length > 1 && ((value[0] ?? 0) << 8) + (value[1] ?? 0) === GZIP_MAGIC;
  return gzipped ? whole.pipeThrough(new DecompressionStream('gzip')) : whole;
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const joined = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
