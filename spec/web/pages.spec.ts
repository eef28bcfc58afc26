/** Pages without a bundler, in Chromium, with the files of the packed tarball. */
import {existsSync} from 'node:fs';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

import type {Browser, Page} from 'playwright-core';

import {readPage} from '../docs/page.js';
import {launchChromium, missingBrowser} from '../support/chromium.js';
import {pack, run} from '../support/packed.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DEMO = 'demo/script_tag/index.html';
const TYPES: Record<string, string> = {'.html': 'text/html', '.js': 'text/javascript'};
/** How often each of the demo's buttons is pressed. */
const ANSWERS = 30;

// Packing takes long on a busy machine.
jest.setTimeout(300_000);

const missing = missingBrowser();
const needsBrowser = missing !== undefined && process.env['CI'] !== 'true' ? describe.skip : describe;

needsBrowser(missing === undefined ? 'Without a bundler' : `Without a bundler (${missing})`, () => {
  let folder: string;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    if (missing !== undefined) {
      throw new Error(missing);
    }
    folder = await mkdtemp(path.join(tmpdir(), 'center-loss-tarball-'));
    const tarball = await pack(folder);
    await run('tar', ['-xzf', tarball], folder);
    server = createServer(({url = ''}, response) => {
      void contentOf(url.slice(1)).then((content) => {
        response.writeHead(content === undefined ? 404 : 200, {'Content-Type': TYPES[path.extname(url)] ?? ''});
        response.end(content);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
    await rm(folder, {recursive: true});
  });

  /** The examples are pages named by their number; of the package all is as in the tarball, and nothing else there. */
  async function contentOf(url: string): Promise<string | Buffer | undefined> {
    const example = /^(\d)\.html$/.exec(url)?.[1];
    if (example !== undefined) {
      return examples[Number(example)]?.code;
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

  const examples = readPage(path.join(ROOT, 'docs/browser.md')).sections.flatMap(({title, blocks}) =>
    blocks.map(({code}) => ({title, code})),
  );

  test('there is an example for each way', () => {
    expect(examples.map(({title}) => title)).toEqual(['By script tags', 'By an import map']);
  });

  test.each(examples.map(({title}, i) => ({title, i})))('$title the example of the documentation runs', async ({i}) => {
    const {page, complaints} = await open(`${i}.html`);
    await page.waitForFunction(() => document.querySelector('output')?.value !== '');
    expect(await page.evaluate(() => document.querySelector('output')?.value)).toBe('loss 12.5, class far');
    expect(complaints).toEqual([]);
  });

  test('the demo trains, draws the features, names known shapes and refuses stars', async () => {
    const {page, complaints} = await open(DEMO);
    await page.waitForSelector('#star:enabled', {timeout: 120_000});
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
        await page.waitForFunction(() => document.querySelector('output')?.value !== '');
        count += (await page.textContent('#answer')) === 'That is none of the four.' ? 1 : 0;
      }
      return count;
    };
    expect(await refused('#known')).toBeLessThan(ANSWERS / 2);
    expect(await refused('#star')).toBeGreaterThan(ANSWERS / 2);
    expect(complaints).toEqual([]);
  });
});
