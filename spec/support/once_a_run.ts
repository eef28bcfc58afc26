import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {waitFor} from './wait_for.js';

/** Far above what anything takes that is made here, on a machine that has much else to do. */
const GIVE_UP_MS = 10 * 60_000;

/**
 * Makes what several spec files need and what takes long: the first file of a run that asks for it makes it, the others wait
 * for that. The folder is there until the run has ended.
 *
 * @param make Fills an empty folder.
 */
export async function onceARun(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  // Set before any file of the run begins, in whatever process.
  const run = process.env['SPECS_RUN_FOLDER'];
  if (run === undefined) {
    throw new Error('Expected Jest to have run once_a_run_begin.mjs.');
  }
  const folder = path.join(run, name);
  const [made, failed] = [`${folder}.made`, `${folder}.failed`];
  // Of several that make the folder at once, one succeeds.
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    try {
      await make(folder);
    } catch (error) {
      await writeFile(failed, String(error));
      throw error;
    }
    await writeFile(made, '');
    return folder;
  }
  await waitFor(
    `another spec file to make ${name}`,
    () => existsSync(made) || existsSync(failed),
    (isOver) => isOver,
    GIVE_UP_MS,
  );
  if (existsSync(failed)) {
    throw new Error(`Another spec file could not make ${name}: ${await readFile(failed, 'utf8')}`);
  }
  return folder;
}
