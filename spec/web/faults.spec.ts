import {readFile} from 'node:fs/promises';
import {pathToFileURL} from 'node:url';

import type {Browser, Page} from 'playwright-core';

import {describeInBrowser, launchBrowser} from '../support/in_browser.js';
import {waitFor} from '../support/wait_for.js';
import {
  answers,
  downloads,
  draw,
  openDemo,
  prepareDemo,
  readings,
  reset,
  untilProgress,
  untilState,
} from './demo_page.js';
import {serveBuild} from './site.js';
import type {Site} from './site.js';

// Where there is no GPU, Chromium computes WebGL and WebGPU on the CPU.
jest.setTimeout(300_000);

/** Of a machine with much else to do. */
const BUILD_MS = 900_000;

/** Minutes of training that no spec waits for. */
const ENDLESS = '?epochs=1000';
/** Little work. */
const FEW = '?samples=128&testSamples=200&batchSize=16';

/** The script of the worker in a build. */
const WORKER = '**/assets/main-*.js';

describeInBrowser('the page in a hostile world', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveBuild(), launchBrowser()]);
  }, BUILD_MS);

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  afterAll(async () => {
    await Promise.all([browser.close(), site.close()]);
  });

  const open = (search = '', options?: Parameters<typeof openDemo>[2]) => openDemo(browser, site.url + search, options);
  const prepare = (options?: Parameters<typeof openDemo>[2]) => prepareDemo(browser, options);

  describe('where the browser keeps no data', () => {
    test.each([
      {name: 'IndexedDB throws', inject: 'Object.defineProperty(self, "indexedDB", {get() {throw Error("blocked")}});'},
      {name: 'there is no IndexedDB', inject: 'Object.defineProperty(self, "indexedDB", {value: undefined});'},
    ])('the page starts, and only saving is off: $name', async ({inject}) => {
      const {page} = await prepare();
      await page.addInitScript({content: inject});
      await beforeScript(page, WORKER, inject);
      await page.goto(`${site.url}${FEW}&epochs=1`);
      await untilState(page, 'Finished');
      await page.getByText('This browser keeps no data for this page: save files instead.').waitFor();
      expect(await page.isDisabled('#save-browser')).toBe(true);
      expect(await page.isDisabled('#load-browser')).toBe(true);
      expect(await page.isEnabled('#save-files')).toBe(true);
    });

    test('so too where its databases are of a newer version', async () => {
      const {page} = await prepare();
      await page.route('**/empty', (route) => route.fulfill({body: '<title>empty</title>', contentType: 'text/html'}));
      await page.goto(`${site.url}empty`);
      await page.evaluate(async () => {
        for (const name of ['tensorflowjs', 'center-loss-page']) {
          await new Promise<void>((resolve) => {
            const request = indexedDB.open(name, 9);
            request.onsuccess = () => {
              request.result.close();
              resolve();
            };
          });
        }
      });
      await page.goto(`${site.url}${FEW}&epochs=1`);
      await untilState(page, 'Finished');
      await page.getByText('This browser keeps no data for this page: save files instead.').waitFor();
      expect(await page.isDisabled('#save-browser')).toBe(true);
    });

    test('nothing waits for one that does not answer', async () => {
      const {page} = await prepare();
      // Nor does the page's patience end.
      await page.addInitScript(() => {
        indexedDB.open = () => ({}) as IDBOpenDBRequest;
        const later = self.setTimeout.bind(self);
        self.setTimeout = ((act: () => void, ms = 0) => (ms === 4000 ? 0 : later(act, ms))) as typeof setTimeout;
      });
      await page.goto(`${site.url}${FEW}&epochs=1`);
      await untilState(page, 'Finished');
      await page.click('#tour');
      expect(await page.locator('.driver-popover').innerText()).toContain('1 of 5');
    });

    test('what finds no room is not called saved', async () => {
      const {page} = await open(`${FEW}&epochs=1`);
      await untilState(page, 'Finished');
      const session = await page.context().newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', {origin: new URL(site.url).origin, quotaSize: 1000});
      await page.click('#save-browser');
      await page.getByRole('alert').getByText('Nothing was saved in this browser').waitFor();
      expect(await page.isDisabled('#load-browser')).toBe(true);
      expect(await page.innerText('body')).not.toContain('Saved in this browser');
    });
  });

  test('two tabs that save at once do not mix their networks', async () => {
    const context = await browser.newContext();
    const tabs = await Promise.all(
      [1, 2].map(async (epochs) => {
        const {page} = await prepareDemo(context);
        await page.goto(`${site.url}${FEW}&epochs=${epochs}`);
        await untilState(page, 'Finished');
        return page;
      }),
    );
    for (let i = 0; i < 5; i++) {
      await Promise.all(tabs.map((page) => page.click('#save-browser')));
      await tabs[0]?.waitForTimeout(200);
      const records = await tabs[0]?.evaluate(
        () =>
          new Promise<{networks: {userDefinedMetadata: {samplesSeen: number}}[]}[]>((resolve) => {
            const opening = indexedDB.open('center-loss-page');
            opening.onsuccess = () => {
              const request = opening.result.transaction('networks').objectStore('networks').getAll();
              request.onsuccess = () => {
                resolve(request.result as never);
                opening.result.close();
              };
            };
          }),
      );
      expect(records).toHaveLength(1);
      const [first, second] = records?.[0]?.networks.map(({userDefinedMetadata}) => userDefinedMetadata) ?? [];
      expect(first).toBeDefined();
      expect(first?.samplesSeen).toBe(second?.samplesSeen);
    }
  });

  describe('a backend that does not start', () => {
    test.each([
      {name: 'its module is missing', body: undefined},
      {name: 'its module is cut off', body: Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 9])},
    ])('is replaced by the next one, with a notice, and can be tried again: $name', async ({body}) => {
      const {page} = await prepare();
      await page.route('**/*.wasm', (route) =>
        route.fulfill(body ? {body, contentType: 'application/wasm'} : {status: 404}),
      );
      await page.goto(`${site.url}${FEW}&epochs=1`);
      await page.getByText('WASM could not be started in this browser: training on WebGL instead.').waitFor();
      await untilState(page, 'Finished');
      expect(await page.inputValue('#backend')).toBe('webgl');

      await page.unroute('**/*.wasm');
      await page.selectOption('#backend', 'wasm');
      await untilState(page, 'Paused');
      await page.click('#start');
      await untilState(page, 'Finished');
      expect(await page.inputValue('#backend')).toBe('wasm');
    });

    test('is replaced where the policy of the site forbids WebAssembly', async () => {
      const {page} = await prepare();
      await page.route(/\/(\?.*)?$|\.js$/, async (route) => {
        const response = await route.fetch();
        const headers = {...response.headers(), 'content-security-policy': "script-src 'self' 'unsafe-inline'"};
        await route.fulfill({response, headers});
      });
      await page.goto(`${site.url}${FEW}&epochs=1`);
      await page.getByText('WASM could not be started in this browser').waitFor();
      await untilState(page, 'Finished');
      expect(await page.inputValue('#backend')).toBe('webgl');
    });

    test('a GPU that does not answer holds nothing up', async () => {
      const {page} = await prepare();
      await beforeScript(page, WORKER, 'navigator.gpu.requestAdapter = () => new Promise(() => {});');
      await page.goto(`${site.url}${FEW}&epochs=1`);
      await untilState(page, 'Finished');
      expect(await page.locator('#backend option:disabled').allTextContents()).toEqual(['WebGPU (not here)']);
    });
  });

  describe('what breaks while the networks learn is noticed, said, and made good', () => {
    test('the worker is gone', async () => {
      const {page} = await open(ENDLESS);
      await untilProgress(page, 0.0003);
      const early = await readings(page);
      // The page is given the networks every three seconds.
      await page.waitForTimeout(6000);
      const before = await readings(page);
      await page
        .workers()[0]
        ?.evaluate(() => {
          close();
        })
        .catch(() => undefined);
      await page.getByText(/ended the part of this page that trains. The networks go on/).waitFor();
      await untilState(page, 'Running');
      // Nothing is shown until the new worker has sent its first frame.
      await untilProgress(page, Number.MIN_VALUE);
      expect((await readings(page)).progress).toBeGreaterThan(early.progress);
      await untilProgress(page, before.progress);
    });

    test.each(['webgl', 'webgpu'])('the graphics card of %s is gone', async (backend) => {
      // Other specs should keep theirs.
      const own = await launchBrowser();
      try {
        const {page} = await openDemo(own, `${site.url}${FEW}&epochs=1000&backend=${backend}`);
        await untilProgress(page, 0.0001);
        const session = await own.newBrowserCDPSession();
        await session.send('Browser.crashGpuProcess').catch(() => undefined);
        await page.getByText(/The graphics card has dropped the .+ The networks go on/).waitFor();
        const {progress} = await readings(page);
        await untilProgress(page, progress + 0.0001);
        await page.selectOption('#backend', 'wasm');
        await untilProgress(page);
        await untilProgress(page, progress + 0.001);
        expect(await page.inputValue('#backend')).toBe('wasm');
      } finally {
        await own.close();
      }
    });
  });

  test('drawing needs neither a secure context nor getCoalescedEvents', async () => {
    const {page} = await prepare();
    await page.addInitScript(() => {
      delete (PointerEvent.prototype as Partial<PointerEvent>).getCoalescedEvents;
      Object.defineProperty(navigator, 'locks', {value: undefined});
      Object.defineProperty(navigator, 'serviceWorker', {value: undefined});
    });
    await page.goto(`${site.url}${FEW}&epochs=1`);
    await untilState(page, 'Finished');
    await draw(page, [
      [0.3, 0.2],
      [0.7, 0.8],
    ]);
    await answers(page);
    expect(await inkOf(page)).toBeGreaterThan(3000);
  });

  test('a second finger does not draw', async () => {
    const {page} = await open(`${FEW}&epochs=1`);
    await untilState(page, 'Finished');
    await page.evaluate(() => {
      const pad = document.querySelector('#pad');
      const {left = 0, top = 0} = pad?.getBoundingClientRect() ?? {};
      const finger = (type: string, pointerId: number, x: number, y: number) =>
        pad?.dispatchEvent(new PointerEvent(type, {pointerId, clientX: left + x, clientY: top + y, bubbles: true}));
      if (pad instanceof HTMLElement) {
        // Only fingers of hardware can be captured.
        pad.setPointerCapture = () => undefined;
        pad.hasPointerCapture = () => true;
      }
      finger('pointerdown', 1, 20, 20);
      finger('pointerdown', 2, 150, 150);
      finger('pointermove', 2, 20, 150);
      finger('pointermove', 1, 40, 20);
      finger('pointerup', 2, 20, 150);
      finger('pointermove', 1, 60, 20);
      finger('pointerup', 1, 60, 20);
    });
    const lowest = await page.locator('#pad').evaluate((pad) => {
      const {width, height} = pad as HTMLCanvasElement;
      const context = (pad as HTMLCanvasElement).getContext('2d');
      const alpha = [...(context?.getImageData(0, 0, width, height).data ?? [])].map(
        (value, i) => i % 4 === 3 && value > 0,
      );
      return Math.floor(alpha.lastIndexOf(true) / 4 / width);
    });
    expect(lowest).toBeGreaterThan(20);
    expect(lowest).toBeLessThan(60);
  });

  test('files that hold no network of this page are refused with a sentence, and nothing else happens', async () => {
    const {page} = await open(`${FEW}&epochs=1`);
    await untilState(page, 'Finished');
    await untilProgress(page, 1);
    const good = await Promise.all(
      (await downloads(page)).map(async (file) => ({
        name: file.suggestedFilename(),
        mimeType: '',
        buffer: await readFile(await file.path()),
      })),
    );
    // Without what the optimizers have collected.
    const tensorsAnew = async () => {
      await reset(page);
      return (await readings(page)).tensors;
    };
    const tensors = await tensorsAnew();
    const changed = (end: string, change: (buffer: Buffer) => Buffer) =>
      good.map((file) => (file.name.endsWith(end) ? {...file, buffer: change(file.buffer)} : file));
    const changedJson = (change: (model: Model) => void) =>
      changed('.json', (buffer) => {
        const model = JSON.parse(buffer.toString()) as Model;
        change(model);
        return Buffer.from(JSON.stringify(model));
      });
    const cases = [
      {files: changed('.json', () => Buffer.from('hello')), sentence: 'is no JSON.'},
      {files: changed('.json', () => Buffer.alloc(0)), sentence: 'is no JSON.'},
      {files: changed('.json', () => Buffer.from('null')), sentence: 'holds no model.'},
      {files: changed('.bin', (buffer) => buffer.subarray(0, 1000)), sentence: 'too short'},
      {
        files: changed('.bin', (buffer) => {
          const weights = Buffer.from(buffer);
          weights.writeFloatLE(NaN, 400);
          return weights;
        }),
        sentence: 'are numbers',
      },
      {
        files: changedJson(({userDefinedMetadata}) => {
          userDefinedMetadata.samplesSeen = 1e297;
        }),
        sentence: 'number of pictures',
      },
      {
        files: changedJson((model) => {
          model.modelTopology = {};
        }),
        sentence: 'no center loss layer',
      },
    ];
    for (const {files, sentence} of cases) {
      await page.evaluate(() => {
        document.querySelector('#error')?.setAttribute('hidden', '');
      });
      await page.setInputFiles('#files', files);
      await page.getByRole('alert').getByText(sentence).waitFor();
    }
    await page.click('#start');
    await untilState(page, 'Finished');
    await untilProgress(page, 1);
    expect(await tensorsAnew()).toBe(tensors);
  });

  test('a file that is refused leaves training as it was', async () => {
    const {page} = await open(ENDLESS);
    // An error from before the networks begin is gone when they do.
    await untilProgress(page, Number.MIN_VALUE);
    await page.setInputFiles('#files', [
      {name: 'a.json', mimeType: '', buffer: Buffer.from('{}')},
      {name: 'a.bin', mimeType: '', buffer: Buffer.from('')},
    ]);
    await page.getByRole('alert').getByText('The file a.json holds no model.').waitFor();
    const {progress} = await readings(page);
    await untilProgress(page, progress + 0.00005);
    expect(await page.textContent('#status')).toBe('Running');
  });

  describe('what never comes is said', () => {
    test.each([
      {name: 'the script of the page', script: '**/assets/index-*.js'},
      {name: 'the script of the worker', script: WORKER},
    ])('$name', async ({script}) => {
      const {page} = await prepare();
      await page.route(script, (route) => route.fulfill({status: 404}));
      await page.goto(site.url);
      await page.locator('#error', {hasText: /could not be loaded/}).waitFor();
      expect(await page.textContent('#status')).toBe('Not started');
    });

    test('all scripts, where the page was opened as a file', async () => {
      const {page} = await prepare();
      await page.goto(pathToFileURL(`${site.folder}/index.html`).href);
      await page.locator('#error', {hasText: /from a web server/}).waitFor();
      expect(await page.textContent('#status')).toBe('Not started');
    });
  });

  test('on a slow line the page says how far it is, and the networks begin before all pictures are here', async () => {
    const {page} = await prepare();
    await page.addInitScript(holdBackTrainingPictures);
    await page.goto(`${site.url}${ENDLESS}`);
    await page.getByText(/^[1-9]\d? % of the pictures are here$/).waitFor();
    await untilProgress(page, 0.00001);
    const line = () => page.evaluate(() => document.documentElement.dataset['line']);
    expect(await line()).toBe('slow');
    await page.evaluate(() => (document.documentElement.dataset['line'] = 'fast'));
    await waitFor('all pictures to be here', line, (state) => state === 'done');
    const {progress} = await readings(page);
    await untilProgress(page, progress + 0.0001);
  });
});

/**
 * Runs in the page. Of the training pictures it is given more than the networks begin with, and then a byte a second until the
 * spec calls the line fast.
 */
function holdBackTrainingPictures(): void {
  const fetchAll = self.fetch.bind(self);
  self.fetch = async (...request) => {
    const response = await fetchAll(...request);
    if (!response.url.includes('train-images')) {
      return response;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const {dataset} = document.documentElement;
    dataset['line'] = 'slow';
    let sent = 0;
    const send = (controller: ReadableStreamDefaultController<Uint8Array>, end: number) => {
      controller.enqueue(bytes.subarray(sent, end));
      sent = end;
    };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send(controller, Math.floor(bytes.length / 2));
      },
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        if (dataset['line'] === 'fast') {
          send(controller, bytes.length);
          controller.close();
          dataset['line'] = 'done';
        } else {
          send(controller, sent + 1);
        }
      },
    });
    return new Response(body, response);
  };
}

/** Runs code before a script of the site. */
async function beforeScript(page: Page, script: string, code: string): Promise<void> {
  await page.route(script, async (route) => {
    const response = await route.fetch();
    await route.fulfill({response, body: `${code}\n${await response.text()}`});
  });
}

interface Model {
  userDefinedMetadata: {samplesSeen: number};
  modelTopology: unknown;
}

/** Inked pixels of the pad. */
async function inkOf(page: Page): Promise<number> {
  return page.locator('#pad').evaluate((pad) => {
    const {width, height} = pad as HTMLCanvasElement;
    const data = (pad as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    return [...data].filter((value, i) => i % 4 === 3 && value > 0).length;
  });
}
