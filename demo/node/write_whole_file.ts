import {rename, rm, writeFile} from 'node:fs/promises';
import process from 'node:process';

/** Writes a file that is there as a whole or, where the program is stopped meanwhile, as it was before. */
export async function writeWholeFile(file: string, content: string | Uint8Array): Promise<void> {
  const beside = `${file}.${process.pid}`;
  try {
    await writeFile(beside, content, {flush: true});
    await rename(beside, file);
  } catch (error) {
    await rm(beside, {force: true});
    throw error;
  }
}
