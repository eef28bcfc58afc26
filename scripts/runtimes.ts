/**
 * Other programs that run JavaScript, as npm has them: `tsx scripts/runtimes.ts node 24` prints where Node.js 24 is,
 * and installs it into `output/runtimes` before if need be.
 * `runtimes.json` has the version and the hash of each.
 */
import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';

import LOCKED from './runtimes.json' with {type: 'json'};

export type RuntimeName = keyof typeof PACKAGES;

const FOLDER = path.resolve(import.meta.dirname, '../output/runtimes');
const {platform, arch} = process;
const IS_WINDOWS = platform === 'win32';

/**
 * The packages with the programs for this machine. The packages `node`, `deno` and `bun` have them by install scripts,
 * which do not run here.
 */
const PACKAGES = {
  node: {name: `node-${IS_WINDOWS ? 'win' : platform}-${arch}`, folder: 'bin'},
  deno: {name: `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`, folder: ''},
  bun: {name: `@oven/bun-${IS_WINDOWS ? 'windows' : platform}-${arch.replace('arm64', 'aarch64')}`, folder: 'bin'},
};

/** The program of the locked version with this major number; npm refuses what has another hash. */
export async function runtimeProgram(runtime: RuntimeName, major: number): Promise<string> {
  const {name, folder} = PACKAGES[runtime];
  const locked = Object.entries(LOCKED).find(([key]) => key === `${name}@${major}`)?.[1];
  if (!locked) {
    throw new Error(`Expected runtimes.json to have ${name}@${major}, but it has ${Object.keys(LOCKED).join(', ')}.`);
  }
  const home = path.join(FOLDER, `${runtime}-${locked.version}`);
  const program = path.join(home, 'node_modules', name, folder, IS_WINDOWS ? `${runtime}.exe` : runtime);
  if (!existsSync(program)) {
    await mkdir(home, {recursive: true});
    const manifest = {private: true, dependencies: {[name]: locked.version}};
    const lock = {lockfileVersion: 3, packages: {'': manifest, [`node_modules/${name}`]: locked}};
    await writeFile(path.join(home, 'package.json'), JSON.stringify(manifest));
    await writeFile(path.join(home, 'package-lock.json'), JSON.stringify(lock));
    await promisify(execFile)('npm', ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: home,
    });
  }
  return program;
}

if (process.argv[1] === import.meta.filename) {
  const [name = '', major] = process.argv.slice(2);
  if (!(name in PACKAGES)) {
    throw new Error(`Expected one of ${Object.keys(PACKAGES).join(', ')}, but got '${name}'.`);
  }
  console.log(await runtimeProgram(name as RuntimeName, Number(major)));
}
