import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

import type {Browser, Page} from 'playwright-core';

import {describeInBrowser, launchBrowser} from '../support/in_browser.js';
import {waitFor} from '../support/wait_for.js';
import {openDemo, prepareDemo, readings, untilProgress, untilState} from './demo_page.js';
import {serveBuild, serveCopy} from './site.js';
import type {Site} from './site.js';

jest.setTimeout(300_000);

/** Of a machine with much else to do. */
const BUILD_MS = 900_000;

const FEW = '?samples=128&testSamples=200&batchSize=16&epochs=1';
/** More than come first, and not many more. */
const MORE_THAN_FIRST = '?samples=5000&testSamples=200&epochs=1';
const NEW_TITLE = 'Center loss, renewed';

describeInBrowser('the built page', () => {
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

  test('loads nothing but its own files, under a policy that allows nothing else', async () => {
    const {page, complaints} = await prepareDemo(browser);
    const origins = new Set<string>();
    page.on('request', (request) => origins.add(new URL(request.url()).protocol + new URL(request.url()).host));
    await page.goto(site.url + FEW);
    await untilState(page, 'Finished');
    const {protocol, host} = new URL(site.url);
    expect([...origins].filter((origin) => !origin.startsWith('blob:'))).toEqual([protocol + host]);
    // A script or style that the policy stops is told on the console.
    expect(complaints).toEqual([]);
    const html = await readFile(path.join(site.folder, 'index.html'), 'utf8');
    expect(html).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src &#39;self&#39;;/);
    expect(html).not.toMatch(/<script>|<style|\sstyle=|\son\w+=/);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "stopped"';
      document.body.append(script);
    });
    expect(await page.title()).not.toBe('stopped');
  });

  test('has the licences of all that it is made of', async () => {
    const text = await readFile(path.join(site.folder, 'licenses.txt'), 'utf8');
    for (const name of ['@tensorflow/tfjs-core', 'comlink', 'driver.js', 'uplot', 'workbox-core', 'MNIST']) {
      expect(text).toContain(`\n${name}`.slice(name === 'MNIST' ? 1 : 0));
    }
    expect(text).toContain('Apache License');
    expect(text).toContain('Permission is hereby granted, free of charge');
    expect(text).not.toMatch(/^(Licence: )?(undefined|null)\b/m);
    expect(await readFile(path.join(site.folder, 'index.html'), 'utf8')).toContain('href="./licenses.txt"');
  });

  test('teaches the networks the same however fast the pictures come', async () => {
    const quick = await openDemo(browser, site.url + MORE_THAN_FIRST);
    await untilState(quick.page, 'Finished');
    const {page} = await prepareDemo(browser);
    const session = await page.context().newCDPSession(page);
    await page.route('**/train-images*', async (route) => {
      const slow = {offline: false, latency: 0, downloadThroughput: 200_000, uploadThroughput: -1};
      await session.send('Network.emulateNetworkConditions', slow);
      await route.continue();
    });
    await page.goto(site.url + MORE_THAN_FIRST);
    await untilState(page, 'Finished');
    const {accuracy, ratio} = await readings(quick.page);
    expect(await readings(page)).toMatchObject({accuracy, ratio});
  });

  describe('when another version takes its place', () => {
    let copy: string;
    let old: Site;

    beforeEach(async () => {
      copy = await mkdtemp(path.join(tmpdir(), 'center-loss-deployed-'));
      old = await serveCopy(site, copy);
    });

    afterEach(async () => {
      await old.close();
      await rm(copy, {recursive: true});
    });

    /** Puts a page of another title in its place, as a build would. */
    async function deploy(): Promise<void> {
      const files = await readdir(old.folder);
      const [html, worker] = [path.join(old.folder, 'index.html'), path.join(old.folder, 'sw.js')];
      expect(files).toEqual(expect.arrayContaining(['index.html', 'sw.js']));
      await writeFile(
        html,
        (await readFile(html, 'utf8')).replace(/<title>.*<\/title>/, `<title>${NEW_TITLE}</title>`),
      );
      const listed = await readFile(worker, 'utf8');
      const renewed = listed.replace(/(url"?: ?"index\.html",\s*"?revision"?: ?")\w+/, '$1renewed');
      expect(renewed).not.toBe(listed);
      await writeFile(worker, renewed);
    }

    /** A page that keeps itself for visits without a line. */
    async function kept(page: Page): Promise<Page> {
      await page.goto(old.url + FEW);
      await untilState(page, 'Finished');
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await page.reload();
      await untilState(page, 'Finished');
      return page;
    }

    test('open tabs go on and say so; the one that is asked to reloads, alone', async () => {
      const context = await browser.newContext();
      const first = await kept((await prepareDemo(context)).page);
      const second = (await prepareDemo(context)).page;
      await second.goto(`${old.url}?epochs=1000`);
      await untilProgress(second);
      await deploy();
      await first.evaluate(async () => (await navigator.serviceWorker.ready).update().then(() => undefined));
      await first.locator('#update').waitFor();
      expect(await first.title()).not.toBe(NEW_TITLE);

      let reloads = 0;
      second.on('framenavigated', () => reloads++);
      await first.click('#reload');
      await waitFor(
        'the new version',
        () => first.title(),
        (title) => title === NEW_TITLE,
      );
      const {progress} = await readings(second);
      await untilProgress(second, progress + 1e-6);
      expect(reloads).toBe(0);
      expect(await second.title()).not.toBe(NEW_TITLE);
    });

    test('a part that is gone is missed in words, and what was learned stays', async () => {
      const {page} = await openDemo(browser, old.url + FEW);
      await untilState(page, 'Finished');
      await page.route('**/assets/**', (route) => route.abort());
      await page.click('#save-files');
      await page
        .locator('#error', {hasText: /could not be loaded: the line is down, or there is a new version/})
        .waitFor();
      expect(await page.isVisible('#update')).toBe(true);
      expect(await page.textContent('#status')).toBe('Finished');
    });
  });
});
