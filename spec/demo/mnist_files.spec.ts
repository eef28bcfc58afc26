import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {readMnist} from '../../demo/node/mnist_files.js';
import {idxBytes} from './idx_files.js';

test('any folder with files of the names and the format of MNIST can take its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idx-'));
  try {
    const pixels = Array.from({length: 28 * 28}, (_, index) => index % 256);
    await writeFile(join(folder, 't10k-images-idx3-ubyte'), idxBytes([2051, 1, 28, 28], pixels));
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxBytes([2049, 1], [7]));
    const {images, labels} = await readMnist('t10k', folder);
    expect(images).toEqual({count: 1, pixels: Uint8Array.from(pixels)});
    expect(Array.from(labels)).toEqual([7]);
    await expect(readMnist('train', folder)).rejects.toThrow('train-images-idx3-ubyte');
  } finally {
    await rm(folder, {recursive: true});
  }
});
