/** Builds the static site, the pages beside the documents and the reference: `tsx scripts/build_site.ts [folder]`. */
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {brokenLinks} from './check_links.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(process.argv[2] ?? path.join(ROOT, 'output/site'));

function run(program: string, ...args: string[]): void {
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules', program), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

rmSync(folder, {recursive: true, force: true});
mkdirSync(folder, {recursive: true});
run('typedoc/bin/typedoc', '--out', path.join(folder, 'api'), '--logLevel', 'Warn');
run('vite/bin/vite.js', 'build', 'demo/web', '--outDir', path.join(folder, 'live'));
run('vite/bin/vite.js', 'build', 'demo/faces', '--outDir', path.join(folder, 'faces'));
copyFileSync(path.join(ROOT, 'scripts/site/index.html'), path.join(folder, 'index.html'));

const broken = brokenLinks(folder);
if (broken.length > 0) {
  throw new Error(`Expected links that lead somewhere, but got\n${broken.join('\n')}`);
}
console.log(`The site is in ${path.relative(process.cwd(), folder)}.`);
