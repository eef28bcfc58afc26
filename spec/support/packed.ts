import {execFile} from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {promisify} from 'node:util';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const NOT_SOURCES = ['.git', 'node_modules', 'dist', 'coverage', 'output'];

/**
 * Packs a copy of the repository, so that its `dist` stays as it is for others who use it meanwhile. Gives the tarball,
 * in a folder that must be empty.
 */
export async function pack(folder: string): Promise<string> {
  const copy = path.join(folder, 'repository');
  fs.cpSync(REPOSITORY, copy, {
    recursive: true,
    filter: (file) => !NOT_SOURCES.includes(path.relative(REPOSITORY, file)),
  });
  fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  await run('npm', ['pack', '--pack-destination', folder], copy);
  const [file] = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return path.join(folder, file ?? '');
}

/** Runs a command and gives what it prints; an error tells it as well. */
export async function run(command: string, args: string[], folder: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, {cwd: folder})).stdout;
  } catch (error) {
    const {message, stdout} = error as Error & {stdout: string};
    throw new Error(`${message}\n${stdout}`, {cause: error});
  }
}
