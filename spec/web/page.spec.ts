import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import process from 'node:process';

import type axe from 'axe-core';
import type {Browser, Download} from 'playwright-core';

import {launchChromium, missingBrowser} from '../support/chromium.js';
import {answers, downloads, draw, openDemo, readings, untilProgress, untilState} from './demo_page.js';
import {serveBuild, serveSources} from './site.js';
import type {Site} from './site.js';

// Where there is no GPU, Chromium computes WebGL and WebGPU on the CPU.
jest.setTimeout(120_000);

const missing = missingBrowser();
const needsBrowser = missing !== undefined && process.env['CI'] !== 'true' ? describe.skip : describe;

const WITHOUT_GPU = ['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-software-rasterizer'];

/** Minutes of training that no spec waits for. */
const ENDLESS = '?epochs=1000';
/** Little work, for backends that compute on the CPU what is meant for a GPU. */
const FEW = '&samples=128&testSamples=200&batchSize=16&epochs=2';

needsBrowser(missing === undefined ? 'the page' : `the page (${missing})`, () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    if (missing !== undefined) {
      throw new Error(missing);
    }
    [site, browser] = await Promise.all([serveBuild(), launchChromium()]);
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  afterAll(async () => {
    await Promise.all([browser.close(), site.close()]);
  });

  const open = (search = '', options?: Parameters<typeof openDemo>[2]) => openDemo(browser, site.url + search, options);

  describe('training', () => {
    test('begins by itself; accuracy rises, clusters get tight, no tensor is left behind', async () => {
      const {page, complaints} = await open('?samples=4000&testSamples=500&epochs=4');
      await untilProgress(page, 0.05);
      const early = await readings(page);
      await untilState(page, 'Finished');
      await untilProgress(page, 1);
      const late = await readings(page);

      expect(late.accuracy[0]).toBeGreaterThan(early.accuracy[0]);
      expect(late.accuracy[1]).toBeGreaterThan(70);
      expect(late.ratio[1]).toBeLessThan(early.ratio[1]);
      expect(late.ratio[1]).toBeLessThan(0.8 * late.ratio[0]);
      // The batches' order is gone with the last epoch, or not yet.
      expect(Math.abs(late.tensors - early.tensors)).toBeLessThanOrEqual(1);
      expect(complaints).toEqual([]);
    });

    test.each(['webgl', 'webgpu', 'wasm', 'cpu'])('works on %s', async (backend) => {
      const {page, complaints} = await open(`?backend=${backend}${FEW}`);
      await untilState(page, 'Finished');
      await untilProgress(page, 1);
      const late = await readings(page);
      await page.click('#reset');
      await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
      const early = await readings(page);

      expect(await page.inputValue('#backend')).toBe(backend);
      expect(late.accuracy[1]).toBeGreaterThan(early.accuracy[1]);
      expect(late.ratio[1]).toBeLessThan(early.ratio[1]);
      expect(complaints).toEqual([]);
    });

    test('takes the convolutional network, on a backend that can train it', async () => {
      const {page} = await open(`?network=convolutional&backend=cpu&samples=64&testSamples=200&batchSize=16&epochs=1`);
      await untilState(page, 'Finished');
      expect(await page.inputValue('#network')).toBe('convolutional');

      await page.selectOption('#backend', 'wasm');
      await page.getByText('WASM cannot train a convolutional network').waitFor();
      expect(await page.inputValue('#backend')).toBe('cpu');

      await page.selectOption('#network', 'dense');
      await page.selectOption('#backend', 'wasm');
      await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
      // The answer to the first choice may still come, and show what was chosen then: wait until the menu holds still.
      await page.waitForFunction(
        () => {
          const menu = document.querySelector<HTMLSelectElement>('#backend');
          const looks = menu?.value === 'wasm' ? Number(menu.dataset['looks'] ?? 0) + 1 : 0;
          menu?.setAttribute('data-looks', String(looks));
          return looks > 20;
        },
        undefined,
        {polling: 100},
      );
    });
  });

  describe('controls', () => {
    test('pause stops, start goes on, reset begins anew from the same weights', async () => {
      const {page} = await open(ENDLESS);
      await page.click('#start');
      await untilState(page, 'Paused');
      await page.click('#reset');
      await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
      const begin = await readings(page);

      await page.click('#start');
      await untilProgress(page, 0.00005);
      await page.click('#start');
      await untilState(page, 'Paused');
      await page.waitForTimeout(200);
      const paused = await readings(page);
      await page.waitForTimeout(500);
      expect(await readings(page)).toEqual(paused);

      await page.click('#start');
      await untilProgress(page, paused.progress + 0.00005);
      await page.click('#reset');
      await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
      expect(await readings(page)).toEqual(begin);
    });

    test('sliders reach the layer within 100 ms while it trains', async () => {
      const {page} = await open(ENDLESS);
      await untilProgress(page, 0.0001);
      const waits = await page.evaluate(async () => {
        const slider = document.querySelector<HTMLInputElement>('#alpha');
        const layer = document.querySelector('#layer-center-loss');
        const times: number[] = [];
        for (let i = 0; slider && layer && i < 15; i++) {
          const begin = performance.now();
          slider.value = String(0.05 * (i + 1));
          slider.dispatchEvent(new Event('input'));
          await new Promise((resolve) => {
            new MutationObserver(resolve).observe(layer, {childList: true});
          });
          times.push(performance.now() - begin);
        }
        return times.sort((a, b) => a - b);
      });
      // The middle one: other programs of the machine may hold up some.
      expect(waits[7]).toBeLessThan(100);
      expect(await page.textContent('#layer-center-loss')).toMatch(/^λ 0\.1, α 0\.75 /);
      expect(await page.textContent('#layer-softmax')).toMatch(/^λ 0, α 0\.75 /);

      await page.focus('#loss-weight');
      await page.keyboard.press('End');
      await page.getByText('λ 5, α 0.75').waitFor();
      expect(await page.getAttribute('#loss-weight', 'aria-valuetext')).toBe('5');
    });

    test('another backend takes the networks along', async () => {
      const {page} = await open('?samples=1000&testSamples=300&epochs=2');
      await untilState(page, 'Finished');
      await untilProgress(page, 1);
      const before = await readings(page);
      await page.selectOption('#backend', 'cpu');
      await page.waitForFunction(() => document.querySelector('progress')?.value !== 1);
      const after = await readings(page);
      // Rounding of another backend.
      expect(after.ratio[1]).toBeCloseTo(before.ratio[1], 2);
      expect(Math.abs(after.accuracy[1] - before.accuracy[1])).toBeLessThan(1);
    });
  });

  describe('drawing', () => {
    test('both networks answer to a drawn digit', async () => {
      const {page} = await open('?samples=4000&testSamples=500&epochs=6&featureDim=2');
      await untilState(page, 'Finished');
      await draw(page, [
        [0.52, 0.15],
        [0.48, 0.85],
      ]);
      const [softmax, centerLoss] = await answers(page);
      expect(softmax).toMatch(/This is a 1/);
      expect(centerLoss).toMatch(/This is a 1/);
      expect(centerLoss).toMatch(/\d+ of 100 known digits lie farther out than this\./);

      await page.click('#clear');
      await page.locator('#answer-softmax', {hasText: 'Draw something'}).waitFor();
    });

    test('pictures can be had without drawing, and are said to screen readers', async () => {
      const {page} = await open('?samples=500&testSamples=200&epochs=1');
      await untilState(page, 'Finished');
      for (const button of ['#test-picture', '#no-digit']) {
        await page.focus(button);
        await page.keyboard.press('Enter');
        await answers(page);
        expect(await page.textContent('#answer-said')).toMatch(/^Softmax alone: .+\. With center loss: .+\.$/);
      }
    });
  });

  describe('saving', () => {
    test('in the browser and in files: the same networks come back, and go on', async () => {
      const {page} = await open('?samples=1000&testSamples=300&epochs=2');
      await untilProgress(page);
      expect(await page.isDisabled('#load-browser')).toBe(true);
      await untilState(page, 'Finished');
      await untilProgress(page, 1);
      const saved = await readings(page);
      await page.click('#save-browser');
      await page.getByText('Saved in this browser').waitFor();
      const files = await downloads(page);

      await page.goto(`${site.url}?samples=1000&testSamples=300&epochs=1000`);
      await page.click('#start');
      await untilState(page, 'Paused');
      await page.click('#load-browser');
      await page.waitForFunction((ratio) => {
        return document.querySelector('#ratio-center-loss')?.textContent === ratio;
      }, saved.ratio[1].toFixed(3));
      const loaded = await readings(page);
      expect([loaded.accuracy, loaded.ratio]).toEqual([saved.accuracy, saved.ratio]);
      const contents = (list: Download[]) => Promise.all(list.map(async (file) => readFile(await file.path())));
      const weights = (list: Download[]) => list.filter((file) => file.suggestedFilename().endsWith('.bin'));
      // Bit for bit, and so are the predictions.
      expect(await contents(weights(await downloads(page)))).toEqual(await contents(weights(files)));

      await page.click('#reset');
      await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
      await page.setInputFiles(
        '#files',
        await Promise.all(
          files.map(async (file) => ({
            name: file.suggestedFilename(),
            mimeType: '',
            buffer: await readFile(await file.path()),
          })),
        ),
      );
      await page.waitForFunction((ratio) => {
        return document.querySelector('#ratio-center-loss')?.textContent === ratio;
      }, saved.ratio[1].toFixed(3));
      const {progress} = await readings(page);
      await page.click('#start');
      await untilProgress(page, progress + 0.0001);
    });

    test('other files are refused with a sentence', async () => {
      const {page} = await open(ENDLESS);
      await untilProgress(page);
      await page.setInputFiles('#files', [{name: 'a.json', mimeType: '', buffer: Buffer.from('{}')}]);
      await page.getByRole('alert').getByText('Please choose the files of a network together').waitFor();
    });
  });

  describe('what is missing is said in a sentence', () => {
    test('the pictures of the digits', async () => {
      const page = await browser.newPage();
      await page.route('**/train-images*', (route) => route.fulfill({status: 404}));
      await page.goto(site.url);
      await page
        .getByRole('alert')
        .getByText(/could not be loaded. The server answered 404 for the file train-images-idx3-ubyte.gz/)
        .waitFor();
      await untilState(page, 'Not started');
    });

    test('a part of them', async () => {
      const page = await browser.newPage();
      await page.route('**/t10k-labels*', (route) => route.fulfill({body: Buffer.from([0x1f, 0x8b, 8, 0, 1])}));
      await page.goto(site.url);
      await page.getByRole('alert').getByText('The file t10k-labels-idx1-ubyte.gz is damaged.').waitFor();
    });

    test('WebGL and WebGPU', async () => {
      const withoutGpu = await launchChromium(WITHOUT_GPU);
      try {
        const {page} = await openDemo(withoutGpu, `${site.url}?backend=webgl&samples=200&testSamples=200&epochs=1`);
        await page.getByText('This browser offers neither WebGL nor WebGPU').waitFor();
        expect(await page.locator('#backend option:disabled').allTextContents()).toEqual([
          'WebGL (not here)',
          'WebGPU (not here)',
        ]);
        await untilState(page, 'Finished');
        expect(await page.inputValue('#backend')).toBe('wasm');
      } finally {
        await withoutGpu.close();
      }
    });
  });

  describe('the look', () => {
    test('one screen on a laptop, and nothing moves while the page loads and trains', async () => {
      const {page} = await open(ENDLESS);
      await untilProgress(page, 0.0002);
      const {height, shift} = await page.evaluate(async () => {
        const shifts = new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            resolve(list.getEntries().reduce((sum, entry) => sum + (entry as unknown as {value: number}).value, 0));
          }).observe({type: 'layout-shift', buffered: true});
          setTimeout(resolve, 500, 0);
        });
        return {height: document.documentElement.scrollHeight, shift: await shifts};
      });
      expect(height).toBeLessThanOrEqual(768);
      // "Good" ends at 0.1.
      expect(shift).toBeLessThan(0.01);
    });

    test('a phone of 360 pixels shows all of it', async () => {
      const {page} = await open(ENDLESS, {viewport: {width: 360, height: 740}, hasTouch: true, isMobile: true});
      await untilProgress(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      const pad = await page.locator('#pad').boundingBox();
      expect(pad?.width).toBeGreaterThan(250);
    });

    test.each([
      {name: 'a light laptop', options: {colorScheme: 'light'} as const},
      {name: 'a dark laptop', options: {colorScheme: 'dark'} as const},
      {name: 'a dark phone', options: {colorScheme: 'dark', viewport: {width: 360, height: 740}} as const},
    ])('axe finds nothing on $name', async ({options}) => {
      const {page} = await open(ENDLESS, options);
      await untilProgress(page);
      await page.click('#start');
      await page.click('#no-digit');
      await answers(page);
      await page.addScriptTag({path: createRequire(import.meta.url).resolve('axe-core')});
      const violations = await page.evaluate(async () => {
        const results = await (globalThis as unknown as {axe: typeof axe}).axe.run();
        return results.violations.map(({id, nodes}) => ({id, nodes: nodes.map(({html}) => html)}));
      });
      expect(violations).toEqual([]);
    });
  });

  test('npm run demo:web serves the same from the sources', async () => {
    const sources = await serveSources();
    try {
      const {page, complaints} = await openDemo(browser, `${sources.url}?samples=300&testSamples=200&epochs=1`);
      await untilState(page, 'Finished');
      expect(complaints).toEqual([]);
    } finally {
      await sources.close();
    }
  });
});
