/** Pages in Chromium with the files of the packed tarball, without a bundler and with one. */
import {existsSync} from 'node:fs';
import {copyFile, mkdir, mkdtemp, readFile, rm, symlink} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';

import * as esbuild from 'esbuild';
import type {Browser, Page} from 'playwright-core';
import * as vite from 'vite';
import type webpack from 'webpack';

import {readPage} from '../docs/page.js';
import {describeInBrowser, launchBrowser} from '../support/in_browser.js';
import {packedTarball, run} from '../support/packed.js';
import {waitFor} from '../support/wait_for.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DEMO = 'demo/script_tag/index.html';
const TYPES: Record<string, string> = {'.html': 'text/html', '.js': 'text/javascript'};
const PROGRAM = 'bundled_program.mjs';
/** How often each of the demo's buttons is pressed. */
const ANSWERS = 30;

// Packing takes long on a busy machine.
jest.setTimeout(300_000);

/** Each bundles a program for the web into one file. One minifies it, which takes the others most of their time. */
const BUNDLERS: Record<string, (program: string, folder: string, file: string) => Promise<unknown>> = {
  esbuild: (program, folder, file) =>
    esbuild.build({entryPoints: [program], bundle: true, minify: true, outfile: path.join(folder, file)}),
  Vite: (program, folder, file) =>
    vite.build({
      root: path.dirname(program),
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        emptyOutDir: false,
        minify: false,
        chunkSizeWarningLimit: Infinity,
        rollupOptions: {input: program, output: {entryFileNames: file}},
      },
    }),
  webpack: async (entry, folder, filename) => {
    const options: webpack.Configuration = {mode: 'production', optimization: {minimize: false}};
    // An import would look at all that webpack exports, and be warned of what is old.
    const bundler = createRequire(import.meta.url)('webpack') as typeof webpack;
    const compiler = bundler({...options, entry, output: {path: folder, filename}});
    const stats = await promisify(compiler.run.bind(compiler))();
    if (stats?.hasErrors() !== false) {
      throw new Error(stats?.toString());
    }
  },
};

/** A page that shows what a bundled program has to say, which runs in the page or in a worker. */
function pageOf(bundle: string, inWorker: boolean): string {
  const script = inWorker
    ? `<script>new Worker('${bundle}').onmessage = ({data}) => document.querySelector('output').append(data);</script>`
    : `<script type="module" src="${bundle}"></script>`;
  return `<!doctype html><output></output>${script}`;
}

describeInBrowser('In a page', () => {
  let folder: string;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'center-loss-tarball-'));
    await run('tar', ['-xzf', await packedTarball()], folder);
    // A project that has the package and TensorFlow.js, for the bundlers.
    await mkdir(path.join(folder, 'node_modules'));
    await symlink('../package', path.join(folder, 'node_modules/tfjs-center-loss'));
    await symlink(path.join(ROOT, 'node_modules/@tensorflow'), path.join(folder, 'node_modules/@tensorflow'));
    await copyFile(path.join(import.meta.dirname, PROGRAM), path.join(folder, PROGRAM));
    server = createServer(({url = ''}, response) => {
      void contentOf(url.slice(1)).then((content) => {
        response.writeHead(content === undefined ? 404 : 200, {'Content-Type': TYPES[path.extname(url)] ?? ''});
        response.end(content);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
    await rm(folder, {recursive: true});
  });

  /**
   * The examples are pages named by their number, and each bundle has two pages. Of the package all is as in the
   * tarball, and nothing else there.
   */
  async function contentOf(url: string): Promise<string | Buffer | undefined> {
    const example = /^(\d)\.html$/.exec(url)?.[1];
    if (example !== undefined) {
      return examples[Number(example)]?.code;
    }
    const [, bundle, inPage] = /^(bundle_\w+\.js)(\.page\.html|\.worker\.html)?$/.exec(url) ?? [];
    if (bundle !== undefined) {
      return inPage === undefined ? readFile(path.join(folder, bundle)) : pageOf(bundle, inPage === '.worker.html');
    }
    const inTarball = url.replace(/^(node_modules\/tfjs-center-loss|(?=dist\/))/, 'package/');
    const file = inTarball === url ? path.join(ROOT, url) : path.join(folder, inTarball);
    return existsSync(file) ? readFile(file) : undefined;
  }

  async function open(url: string): Promise<{page: Page; complaints: string[]}> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({message}) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico')) {
        complaints.push(message.text());
      }
    });
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/${url}`);
    return {page, complaints};
  }

  /** What the page says, when it does. */
  async function outputOf(page: Page, complaints: string[]): Promise<string> {
    const {output} = await waitFor(
      'the page to say something',
      async () => ({output: await page.evaluate(() => document.querySelector('output')?.value ?? ''), complaints}),
      (seen) => seen.output !== '',
    );
    return output;
  }

  const examples = readPage(path.join(ROOT, 'docs/browser.md')).sections.flatMap(({title, blocks}) =>
    blocks.filter(({language}) => language === 'html').map(({code}) => ({title, code})),
  );

  test('there is an example for each way', () => {
    expect(examples.map(({title}) => title)).toEqual(['By script tags', 'By an import map', 'Long work']);
  });

  test.each(examples.map(({title}, i) => ({title, i})))(
    '$title the example of the documentation runs',
    async ({title, i}) => {
      const {page, complaints} = await open(`${i}.html`);
      expect(await outputOf(page, complaints)).toBe(title === 'Long work' ? 'class far' : 'loss 12.5, class far');
      expect(complaints).toEqual([]);
    },
  );

  async function expectToTrain(url: string): Promise<void> {
    const {page, complaints} = await open(url);
    expect(await outputOf(page, complaints)).toBe('centers trained and saved, loss 12.5, class far');
    expect(complaints).toEqual([]);
  }

  test.each(Object.keys(BUNDLERS))('what %s bundles trains a step, saves, reloads and recognizes', async (bundler) => {
    const file = `bundle_${bundler}.js`;
    await BUNDLERS[bundler]?.(path.join(folder, PROGRAM), folder, file);
    await expectToTrain(`${file}.page.html`);
  });

  test('what esbuild bundles does so in a worker as well', async () => {
    await BUNDLERS['esbuild']?.(path.join(folder, PROGRAM), folder, 'bundle_for_worker.js');
    await expectToTrain('bundle_for_worker.js.worker.html');
  });

  test('the demo trains, draws the features, names known shapes and refuses stars', async () => {
    const {page, complaints} = await open(DEMO);
    await waitFor(
      'the demo to have trained',
      async () => ({isReady: await page.isEnabled('#star'), state: await page.textContent('#state'), complaints}),
      ({isReady}) => isReady,
    );
    expect(await page.textContent('#state')).toMatch(/^Epoch 30 of 30: (9\d|100)\.\d % of the drawings right$/);

    const colours = await page.evaluate(() => {
      const plane = document.querySelector<HTMLCanvasElement>('#plane');
      const pixels = plane?.getContext('2d')?.getImageData(0, 0, plane.width, plane.height).data ?? [];
      const drawn = Array.from({length: pixels.length / 4}, (_, i) => pixels.slice(4 * i, 4 * i + 4));
      return new Set(drawn.filter(([, , , alpha]) => alpha === 255).map(String)).size;
    });
    expect(colours).toBeGreaterThanOrEqual(4);

    // Drawings are random: of known shapes 5 % are refused, and now and then a star is taken for something else.
    const refused = async (button: string) => {
      let count = 0;
      for (let i = 0; i < ANSWERS; i++) {
        await page.evaluate(() => document.querySelector('output')?.replaceChildren());
        await page.click(button);
        await outputOf(page, complaints);
        count += (await page.textContent('#answer')) === 'That is none of the four.' ? 1 : 0;
      }
      return count;
    };
    expect(await refused('#known')).toBeLessThan(ANSWERS / 2);
    expect(await refused('#star')).toBeGreaterThan(ANSWERS / 2);
    expect(complaints).toEqual([]);
  });
});
