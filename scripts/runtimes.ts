/**
 * Other programs that run JavaScript, as npm has them: `tsx scripts/runtimes.ts node 24` prints where Node.js 24 is,
 * and installs it into `output/runtimes` before if need be.
 */
import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';

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

/** The program of the newest version with this major number. */
export async function runtimeProgram(runtime: RuntimeName, major: number): Promise<string> {
  const {name, folder} = PACKAGES[runtime];
  const home = path.join(FOLDER, `${runtime}-${major}`);
  const program = path.join(home, 'node_modules', name, folder, IS_WINDOWS ? `${runtime}.exe` : runtime);
  if (!existsSync(program)) {
    await mkdir(home, {recursive: true});
    await writeFile(path.join(home, 'package.json'), '{"private": true}');
    const options = ['--prefer-offline', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', ['install', ...options, `${name}@${major}`], {cwd: home});
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
