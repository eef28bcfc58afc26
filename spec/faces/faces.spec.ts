import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

import type {Browser, Page} from 'playwright-core';

import {axeViolations, inEachLook} from '../support/axe.js';
import {launchChromium, ON_ANY_DEVICE} from '../support/chromium.js';
import {describeInBrowser, isChromium, launchBrowser, testInChromium} from '../support/in_browser.js';
import {waitFor} from '../support/wait_for.js';
import {prepareDemo} from '../web/demo_page.js';
import {serveFaces} from '../web/site.js';
import type {Site} from '../web/site.js';
import {cameraArguments, groupPhotograph, picturesOf, showInCamera} from './camera.js';
import type {Name} from './camera.js';

jest.setTimeout(300_000);

/** Of a machine with much else to do. */
const BUILD_MS = 900_000;

/** For what films somebody. */
const NO_CAMERA = 'only Chromium shows a film in its camera';

describeInBrowser('the page of faces', () => {
  let site: Site;
  let browser: Browser;
  let folder: string;
  let camera: string;
  const pictures = {} as Record<Name, Buffer[]>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'center-loss-faces-'));
    camera = path.join(folder, 'camera.mjpeg');
    [site, browser] = await Promise.all([
      serveFaces(),
      isChromium ? launchChromium([...ON_ANY_DEVICE, ...cameraArguments(camera)]) : launchBrowser(),
    ]);
    for (const name of ['ada', 'bo', 'cy'] as const) {
      pictures[name] = await picturesOf(browser, name);
    }
  }, BUILD_MS);

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  afterAll(async () => {
    await Promise.all([browser.close(), site.close()]);
    await rm(folder, {recursive: true});
  });

  /** A page that is opened; its visitor has not agreed. */
  async function open(): Promise<{page: Page; complaints: string[]}> {
    const {page, complaints} = await prepareDemo(browser);
    await page.goto(site.url);
    return {page, complaints};
  }

  /** The camera sees this person, and nobody else: in the first half of the pictures, or in the others. */
  async function film(page: Page, name: Name, half: 'first' | 'second'): Promise<void> {
    const middle = pictures[name].length / 2;
    await showInCamera(camera, half === 'first' ? pictures[name].slice(0, middle) : pictures[name].slice(middle));
    await page.click('#camera');
  }

  /** The visitor opens some of the pictures of a person. */
  function show(page: Page, name: Name, from: number, to: number): Promise<void> {
    return openFiles(page, pictures[name].slice(from, to));
  }

  test('asks for consent first: before that, nothing is loaded and no camera can be opened', async () => {
    const {page} = await prepareDemo(browser);
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto(site.url);
    await page.getByText('no masks and no photographs').waitFor();
    await page.click('#begin');
    expect(await page.isVisible('#camera')).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('agreed');
    expect(loaded.filter((url) => url.endsWith('.bin'))).toEqual([]);
    await agree(page);
    expect(await page.isVisible('#camera')).toBe(true);
    expect(loaded.filter((url) => url.endsWith('.bin'))).toHaveLength(3);
  });

  testInChromium(
    'enrols two, refuses a third, and finds them again after a reload, by the passphrase alone',
    NO_CAMERA,
    async () => {
      const {page, complaints} = await open();
      await agree(page);
      await film(page, 'ada', 'first');
      await says(page, ['A face']);
      await enrol(page, 'Ada');
      await says(page, ['Ada']);
      await film(page, 'bo', 'first');
      await says(page, ['None of these']);
      await enrol(page, 'Bo');
      await says(page, ['Bo']);
      await film(page, 'cy', 'first');
      await says(page, ['None of these']);
      expect(await page.locator('.pictures li').count()).toBe(10);

      await page.fill('#passphrase', 'correct horse');
      await page.click('#keep');
      await page.getByText('kept in this browser, encrypted').waitFor();
      const kept = await keptText(page);
      expect(kept.length).toBeGreaterThan(10_000);
      expect(kept).not.toMatch(/Ada|data:image|distance/);

      await page.reload();
      await page.fill('#unlock-passphrase', 'battery staple');
      await page.check('#agreed');
      await page.click('#begin');
      await page.getByText('This is not the passphrase').waitFor();
      expect(await page.isVisible('#camera')).toBe(false);
      await page.fill('#unlock-passphrase', 'correct horse');
      await agree(page);
      await film(page, 'cy', 'second');
      await says(page, ['None of these']);
      await film(page, 'bo', 'second');
      await says(page, ['Bo']);
      await film(page, 'ada', 'second');
      await says(page, ['Ada']);
      expect(complaints).toEqual([]);
    },
  );

  test('forgets one picture, and a person with all that is left of them', async () => {
    const {page} = await open();
    await agree(page);
    await show(page, 'ada', 0, 5);
    await enrol(page, 'Ada');
    await show(page, 'bo', 0, 5);
    await enrol(page, 'Bo');
    await page.click('#keep');
    await page.getByText('Whoever uses it can read them').waitFor();
    expect((await keptText(page)).match(/data:image/g)).toHaveLength(10);

    await page.getByRole('button', {name: 'Forget picture 2 of Bo'}).click();
    await waitFor(
      'nine pictures to be kept',
      async () => (await keptText(page)).match(/data:image/g)?.length,
      (count) => count === 9,
    );
    await says(page, ['Bo']);
    await page.getByRole('button', {name: 'Forget Bo'}).click();
    await says(page, ['None of these']);
    await waitFor(
      'Bo to be gone from what is kept',
      async () => (await keptText(page)).includes('"Bo"'),
      (isThere) => !isThere,
    );
    const kept = await keptText(page);
    expect(kept).toContain('"Ada"');
    expect(kept.match(/data:image/g)).toHaveLength(5);

    await page.click('#forget-all');
    await page.getByText('Nobody is kept: with this tab all is gone.').waitFor();
    await says(page, ['A face']);
    expect(await keptText(page)).toBe('');
  });

  test('people are open in one tab at a time: the next one finds what that has kept', async () => {
    const context = await browser.newContext();
    const {page} = await prepareDemo(context);
    const {page: second} = await prepareDemo(context);
    for (const tab of [page, second]) {
      await tab.goto(site.url);
    }
    await agree(page);
    await show(page, 'ada', 0, 5);
    await enrol(page, 'Ada');
    await second.check('#agreed');
    await second.click('#begin');
    await second.getByText('open in another tab of this browser').waitFor();
    expect(await second.isVisible('#camera')).toBe(false);
    await page.click('#keep');
    await page.getByText('Whoever uses it can read them').waitFor();
    await page.close();
    await second.click('#begin');
    await second.getByRole('button', {name: 'Forget Ada'}).waitFor();
  });

  test('one enrolment is of one person: pictures of several and of another are not taken', async () => {
    const {page} = await open();
    await agree(page);
    await openFiles(page, [...pictures.ada.slice(0, 1), await groupPhotograph(), ...pictures.bo.slice(0, 1)]);
    await enrol(page, 'Ada', '1 of 5 pictures of Ada are enrolled. This face is unlike the one before.');
    expect(await page.locator('.pictures li').count()).toBe(1);
    await show(page, 'ada', 3, 4);
    await enrol(page, 'Bo', '1 of 5 pictures of Bo are enrolled. This face looks like Ada: is it the same person?');
  });

  test('a calibration says what it promises; with the person it is gone', async () => {
    const {page} = await open();
    await agree(page);
    await show(page, 'ada', 0, 5);
    await enrol(page, 'Ada');
    await page.getByText('a distance of 0.60, the limit that was published').waitFor();
    await page.click('summary');
    await show(page, 'ada', 8, 12);
    for (const count of ['1 picture', '2 pictures', '3 pictures', '4 pictures']) {
      await says(page, ['Ada']);
      await page.click('#add-known');
      await page.getByText(`Taken for a calibration: ${count}.`).waitFor();
      await page.click('#next');
    }
    await page.click('#calibrate');
    // Of four samples the lowest has 95 % above it with a probability of 1 - 0.95^4.
    await page.getByText('It holds with a probability of 18 % that 95 % of new pictures').waitFor();
    await page.getByText('For 90 % it takes 45.').waitFor();
    await page.getByText(/% of the known pictures were as far or farther/).waitFor();
    await page.getByRole('button', {name: 'Forget Ada'}).click();
    await page.getByText('a distance of 0.60, the limit that was published').waitFor();
    await says(page, ['A face']);
    expect(await page.textContent('#answers')).not.toContain('known pictures');
    expect(await page.textContent('#limit-said')).not.toContain('Taken for a calibration');
  });

  test('loads its own files alone, has the licences of all, and works without a line', async () => {
    const {page, complaints} = await prepareDemo(browser);
    const origins = new Set<string>();
    page.on('request', (request) => origins.add(new URL(request.url()).host));
    await page.goto(site.url);
    await agree(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.context().setOffline(true);
    await page.reload();
    await agree(page);
    await show(page, 'ada', 0, 1);
    await says(page, ['A face']);
    expect([...origins].filter((host) => host !== '')).toEqual([new URL(site.url).host]);
    expect(complaints).toEqual([]);
    const licenses = await readFile(path.join(site.folder, 'licenses.txt'), 'utf8');
    expect(licenses).toContain('@vladmandic/face-api');
    expect(licenses).toContain('@tensorflow/tfjs-backend-wasm');
  });

  testInChromium(
    'is used by keyboard; axe finds nothing, on a laptop and a phone, light and dark',
    NO_CAMERA,
    async () => {
      const {page} = await open();
      const found: object[] = [];
      const look = () =>
        inEachLook(page, async () => {
          found.push(...(await axeViolations(page)));
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        });
      await look();
      await page.focus('#agreed');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('#camera:focus').waitFor();
      await showInCamera(camera, pictures.ada);
      await page.keyboard.press('Enter');
      await says(page, ['A face']);
      await page.focus('#name');
      await page.keyboard.type('Ada');
      await page.keyboard.press('Enter');
      await page.getByText('5 of 5 pictures of Ada are enrolled.').waitFor();
      await page.focus('#stop');
      await page.keyboard.press('Enter');
      await page.getByRole('button', {name: 'Forget picture 5 of Ada'}).focus();
      await page.keyboard.press('Enter');
      await waitFor(
        'four pictures',
        () => page.locator('.pictures li').count(),
        (count) => count === 4,
      );
      await look();
      expect(found).toEqual([]);
    },
  );
});

async function agree(page: Page): Promise<void> {
  await page.check('#agreed');
  await page.click('#begin');
  await page.locator('#desk').waitFor();
}

function openFiles(page: Page, files: readonly Buffer[]): Promise<void> {
  return page.setInputFiles(
    '#files',
    files.map((buffer, i) => ({name: `${String(i)}.jpg`, mimeType: 'image/jpeg', buffer})),
  );
}

async function enrol(page: Page, name: string, said = `5 of 5 pictures of ${name} are enrolled.`): Promise<void> {
  await page.locator('#answers li').waitFor();
  await page.fill('#name', name);
  await page.click('#enrol');
  await page.getByText(said).waitFor();
}

/** Until these are the names of the faces that are seen. */
async function says(page: Page, names: string[]): Promise<void> {
  await waitFor(
    `the answer ${names.join(', ')}`,
    () => page.locator('#answers strong').allTextContents(),
    (seen) => seen.join() === names.join(),
  );
}

/** All that the browser keeps of people, byte by byte if it is encrypted. */
function keptText(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('center-loss-faces');
        opening.onerror = reject;
        opening.onsuccess = () => {
          const reading = opening.result.transaction('people').objectStore('people').getAll();
          reading.onerror = reject;
          reading.onsuccess = () => {
            opening.result.close();
            const [kept] = reading.result as (string | {bytes: ArrayBuffer} | undefined)[];
            resolve(typeof kept === 'object' ? new TextDecoder('latin1').decode(kept.bytes) : (kept ?? ''));
          };
        };
      }),
  );
}
