/**
 * Another version of Node.js, as npm has it: `tsx scripts/node_program.ts 24` prints where its program is, and installs
 * it into `output/node` before if need be.
 */
import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';

const FOLDER = path.resolve(import.meta.dirname, '../output/node');

/** The program of the newest version with this major number. */
export async function nodeProgram(major: number): Promise<string> {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  // The package `node` has these by an install script.
  const name = `node-${system}-${process.arch}`;
  const folder = path.join(FOLDER, String(major));
  const program = path.join(folder, 'node_modules', name, 'bin', system === 'win' ? 'node.exe' : 'node');
  if (!existsSync(program)) {
    await mkdir(folder, {recursive: true});
    await writeFile(path.join(folder, 'package.json'), '{"private": true}');
    const options = ['--prefer-offline', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', ['install', ...options, `${name}@${major}`], {cwd: folder});
  }
  return program;
}

if (process.argv[1] === import.meta.filename) {
  console.log(await nodeProgram(Number(process.argv[2])));
}
