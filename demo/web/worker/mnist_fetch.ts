import {createDataset} from '../../mnist/dataset.js';
import type {Dataset} from '../../mnist/dataset.js';
import {IMAGE_SIZE, parseIdxImages, parseIdxLabels} from '../../mnist/idx.js';
import type {IdxImages} from '../../mnist/idx.js';
import {HELD_BACK_SAMPLES, TRAIN_SAMPLES} from '../mnist_parts.js';
import type {MnistFile} from '../mnist_parts.js';

const AREA = IMAGE_SIZE * IMAGE_SIZE;
const GZIP_MAGIC = 0x1f8b;

export interface Pictures {
  images: IdxImages;
  labels: Uint8Array;
}

export interface MnistPictures {
  train: Pictures;
  /** Training pictures that no network is trained on. */
  heldBack: Pictures;
  test: Pictures;
}

/** Fetches what the Vite plugin has put beside the page; rejects with a sentence for the page. */
export async function fetchMnist(folder: string): Promise<MnistPictures> {
  const fetchPictures = async (imagesFile: MnistFile, labelsFile: MnistFile): Promise<Pictures> => {
    const [images, labels] = await Promise.all([fetchFile(folder, imagesFile), fetchFile(folder, labelsFile)]);
    return {images: parseIdxImages(images, imagesFile), labels: parseIdxLabels(labels, labelsFile)};
  };
  try {
    const [train, test] = await Promise.all([
      fetchPictures('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'),
      fetchPictures('t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'),
    ]);
    return {
      train: part(train, 0, TRAIN_SAMPLES),
      heldBack: part(train, TRAIN_SAMPLES, TRAIN_SAMPLES + HELD_BACK_SAMPLES),
      test,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The pictures of the digits could not be loaded. ${reason} Please reload the page.`, {
      cause: error,
    });
  }
}

export function toDataset({images, labels}: Pictures, samples = images.count): Dataset {
  return createDataset(images, labels, samples);
}

export function part({images, labels}: Pictures, begin: number, end: number): Pictures {
  return {
    images: {count: end - begin, pixels: images.pixels.subarray(begin * AREA, end * AREA)},
    labels: labels.subarray(begin, end),
  };
}

async function fetchFile(folder: string, file: MnistFile): Promise<Uint8Array> {
  let response;
  try {
    response = await fetch(new URL(file, folder));
  } catch {
    throw new Error(`The server of the file ${file} cannot be reached.`);
  }
  if (!response.ok) {
    throw new Error(`The server answered ${response.status} for the file ${file}.`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Some servers declare the gzip to the browser, which has then undone it.
  const gzipped = bytes.length > 2 && new DataView(bytes.buffer).getUint16(0) === GZIP_MAGIC;
  return gzipped ? gunzip(bytes, file) : bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new Error(`The file ${file} is damaged.`);
  }
}
