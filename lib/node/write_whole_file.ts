/// <reference types="node" />
import {randomUUID} from 'node:crypto';
import {open, rename, rm} from 'node:fs/promises';

/**
 * Writes a file that is there as a whole or, where the program is stopped or the disk is full, as it was before: the content
 * is written beside it and flushed to the disk, and then takes its place.
 *
 * @throws What Node.js throws, with its `code`.
 * @example
 * ```js
 * const recognizer = new Recognizer();
 * await recognizer.enroll('a', [[0, 1]]);
 * await writeWholeFile('recognizer.json', JSON.stringify(recognizer));
 * ```
 */
export async function writeWholeFile(file: string, content: string | Uint8Array): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, {force: true});
    throw error;
  }
}
