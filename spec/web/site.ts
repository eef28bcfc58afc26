import {execFile, spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {cp} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';

import {onceARun} from '../support/once_a_run.js';

const VITE = path.resolve('node_modules/vite/bin/vite.js');
const DEMO = path.resolve('demo/web');
const FACES = path.resolve('demo/faces');
const BUILD_SITE = path.resolve('scripts/build_site.ts');
/** Not the root of the server: the build has to work from any folder. */
const FOLDER = 'some/folder';

export interface Site {
  url: string;
  /** Of the files, if they are a build. */
  folder: string;
  close: () => Promise<void>;
}

/** The static build of the page, in a folder of a web server. */
export function serveBuild(): Promise<Site> {
  return serveBuilt('page', [VITE, 'build', DEMO, '--outDir']);
}

/** The static build of `demo/faces`, in the same way. */
export function serveFaces(): Promise<Site> {
  return serveBuilt('faces', [VITE, 'build', FACES, '--outDir']);
}

/** What `npm run site` builds, in the same way. */
export function serveStaticSite(): Promise<Site> {
  return serveBuilt('site', ['--import', 'tsx', BUILD_SITE]);
}

/** @param command Builds into the folder that is its last argument. */
async function serveBuilt(name: string, command: string[]): Promise<Site> {
  const root = await onceARun(name, (folder) =>
    promisify(execFile)(process.execPath, [...command, path.join(folder, FOLDER)]),
  );
  return serveFolder(root);
}

/** A copy of a build, whose files may be changed while it is served. The caller removes it. */
export async function serveCopy({folder}: Site, copy: string): Promise<Site> {
  await cp(folder, path.join(copy, FOLDER), {recursive: true});
  return serveFolder(copy);
}

async function serveFolder(root: string): Promise<Site> {
  const {url, close} = await serve(['preview', DEMO, '--outDir', root]);
  return {url: `${url}${FOLDER}/`, folder: path.join(root, FOLDER), close};
}

/** What `npm run demo:web` serves. */
export function serveSources(): Promise<Site> {
  return serve([DEMO]);
}

async function serve(args: string[]): Promise<Site> {
  const child = spawn(process.execPath, [VITE, ...args, '--host', 'localhost', '--port', '0', '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {...process.env, NO_COLOR: '1'},
  });
  return {
    url: await addressOf(child),
    folder: DEMO,
    close: async () => {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface({input: child.stdout})) {
      const address = /https?:\/\/\S+/.exec(line)?.[0];
      if (address !== undefined) {
        return address;
      }
    }
  }
  throw new Error('Expected Vite to print the address that it serves.');
}
