import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

import {unzipSync} from 'fflate';
import {PNG} from 'pngjs';

import {AREA, SIZE} from './pictures.js';
import type {Characters} from './pictures.js';

/** The two small background sets: 5 alphabets each, 20 pictures of each character. */
export type SmallSet = 1 | 2;

/** One of Lake's twenty runs: which of twenty known characters does each test picture show? */
export interface OneShotRun {
  /** 20 pictures of `AREA` values. */
  test: Float32Array;
  /** One picture of each character. */
  known: Float32Array;
  /** For each test picture the place of its character among the known ones. */
  right: number[];
}

const RUNS = 20;

export async function readSmallSet(folder: string, nth: SmallSet): Promise<Characters> {
  const files = await unzip(join(folder, `images_background_small${nth}.zip`));
  const names = Object.keys(files).filter((name) => /^[^_].*\.png$/.test(name));
  names.sort();
  const characters = names.map((name) => name.slice(0, name.lastIndexOf('/')));
  const alphabets = characters.map((name) => name.slice(0, name.lastIndexOf('/')));
  return {pixels: decode(files, names), labels: numbered(characters), alphabets: numbered(alphabets)};
}

export async function readRuns(folder: string): Promise<OneShotRun[]> {
  const files = await unzip(join(folder, 'all_runs.zip'));
  return Array.from({length: RUNS}, (_, run) => {
    const list = new TextDecoder().decode(files[`run${String(run + 1).padStart(2, '0')}/class_labels.txt`]);
    const pairs = list.split('\n').flatMap((line) => {
      const [test, known] = line.trim().split(/\s+/);
      return test && known ? [{test, known}] : [];
    });
    const known = [...new Set(pairs.map((pair) => pair.known))].sort();
    return {
      test: decode(
        files,
        pairs.map((pair) => pair.test),
      ),
      known: decode(files, known),
      right: pairs.map((pair) => known.indexOf(pair.known)),
    };
  });
}

async function unzip(file: string): Promise<Record<string, Uint8Array>> {
  return unzipSync(await readFile(file));
}

/** Each value's number in the order of first appearance. */
function numbered(values: readonly string[]): number[] {
  const numbers = new Map([...new Set(values)].map((value, number) => [value, number]));
  return values.map((value) => numbers.get(value) ?? NaN);
}

function decode(files: Readonly<Record<string, Uint8Array>>, names: readonly string[]): Float32Array {
  const pixels = new Float32Array(names.length * AREA);
  names.forEach((name, index) => {
    const bytes = files[name];
    if (bytes === undefined) {
      throw new Error(`Expected the archive to have '${name}'.`);
    }
    pixels.set(shrink(PNG.sync.read(Buffer.from(bytes))), index * AREA);
  });
  return pixels;
}

/** Ink, 0 to 1, averaged over the area that a pixel of the small picture covers. */
export function shrink({data, width, height}: {data: Uint8Array; width: number; height: number}): Float32Array {
  const small = new Float32Array(AREA);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = 1 - (data[4 * (y * width + x)] ?? NaN) / 255;
      for (const [row, partOfRow] of ink > 0 ? covered(y, height) : []) {
        for (const [column, partOfColumn] of covered(x, width)) {
          const at = row * SIZE + column;
          small[at] = (small[at] ?? NaN) + ink * partOfRow * partOfColumn;
        }
      }
    }
  }
  return small;
}

/** The small pixels that a pixel of the large picture falls into, with the part of them that it fills. */
function covered(at: number, size: number): [small: number, part: number][] {
  const [begin, end] = [(at * SIZE) / size, ((at + 1) * SIZE) / size];
  const first = Math.floor(begin);
  const next = first + 1;
  return end <= next || next === SIZE
    ? [[first, end - begin]]
    : [
        [first, next - begin],
        [next, end - next],
      ];
}
