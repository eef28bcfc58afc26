import {execFile} from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {promisify} from 'node:util';
import {onceARun} from './once_a_run.js';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const NOT_SOURCES = ['.git', 'node_modules', 'dist', 'coverage', 'output'];

/** The tarball of the package, which is packed once a run. */
export async function packedTarball(): Promise<string> {
  const folder = await onceARun('tarball', pack);
  const [file = ''] = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return path.join(folder, file);
}

/** Packs a copy of the repository, so that its `dist` stays as it is for others who use it meanwhile. */
async function pack(folder: string): Promise<void> {
  const copy = path.join(folder, 'repository');
  fs.cpSync(REPOSITORY, copy, {
    recursive: true,
    filter: (file) =>
      !path
        .relative(REPOSITORY, file)
        .split(path.sep)
        .some((name) => NOT_SOURCES.includes(name)),
  });
  fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  await run('npm', ['pack', '--pack-destination', folder], copy);
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
