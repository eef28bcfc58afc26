import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import type {Browser, Page} from 'playwright-core';
import {build, preview} from 'vite';

import {launchChromium} from '../../spec/support/chromium.js';
import {answers, openDemo, star, teach, untilProgress} from '../../spec/web/demo_page.js';
import {DEFAULTS} from './page/address.js';

const DEMO = fileURLToPath(new URL('.', import.meta.url));
/** For the one of the README. */
const DOCS = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
/** For those that are made to be looked at. */
const OUTPUT = fileURLToPath(new URL('../../output/pictures', import.meta.url));
const LAPTOP = {width: 1366, height: 768};
const PHONE = {width: 360, height: 740};
/** Parts of the training at which the clusters are shown. */
const MOMENTS = [0.01, 0.06, 1];
/** Of so many drawings that are no digit one is refused, which is what the page is about. */
const MOST_DRAWINGS = 20;
const TRAINING_MS = 10 * 60_000;

/** `npm run demo:web:pictures`: trains once in Chromium and takes pictures of the page, one of them for the README. */
const built = await mkdtemp(path.join(tmpdir(), 'center-loss-page-'));
await build({root: DEMO, logLevel: 'warn', build: {outDir: built}});
const server = await preview({root: DEMO, build: {outDir: built}, preview: {port: 0, open: false}});
const browser = await launchChromium();
try {
  await mkdir(OUTPUT, {recursive: true});
  await takePictures(browser, server.resolvedUrls?.local[0] ?? '');
} finally {
  await browser.close();
  await server.close();
  await rm(built, {recursive: true});
}

async function takePictures(browser: Browser, url: string): Promise<void> {
  const {page} = await openDemo(browser, url, {viewport: LAPTOP, colorScheme: 'light'});
  page.setDefaultTimeout(TRAINING_MS);
  await takeForming(browser, page);
  await teach(page, 'star', star);
  await drawRefused(page);
  for (const [name, viewport] of Object.entries({laptop: LAPTOP, phone: PHONE})) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({colorScheme});
      await settle(page);
      const folder = name === 'laptop' && colorScheme === 'light' ? DOCS : OUTPUT;
      await page.screenshot({path: path.join(folder, `web_${name}_${colorScheme}.png`)});
    }
  }
}

/** Draws what is no digit, until center loss refuses it. */
async function drawRefused(page: Page): Promise<void> {
  for (let i = 0; i < MOST_DRAWINGS; i++) {
    await page.click('#clear');
    await page.click('#no-digit');
    await answers(page);
    if (await page.locator('#answer-center-loss .verdict.unknown').isVisible()) {
      return;
    }
  }
  throw new Error(`Expected one of ${MOST_DRAWINGS} drawings to be refused by center loss.`);
}

/** Both planes early, later and at the end, in one picture. */
async function takeForming(browser: Browser, page: Page): Promise<void> {
  const columns: string[] = [];
  for (const moment of MOMENTS) {
    await untilProgress(page, moment, TRAINING_MS);
    if (moment < 1) {
      await page.click('#start');
    }
    await settle(page);
    const seen = await page.locator('#progress').evaluate((bar) => (bar as HTMLProgressElement).value);
    const pictures = Math.round((seen * DEFAULTS.epochs * DEFAULTS.samples) / 1000);
    const planes = await page.locator('.planes figure').all();
    const images = await Promise.all(planes.map(async (plane) => (await plane.screenshot()).toString('base64')));
    columns.push(
      `<div><h1>after ${pictures},000 pictures</h1>` +
        `${images.map((image) => `<img src="data:image/png;base64,${image}">`).join('')}</div>`,
    );
    if (moment < 1) {
      await page.click('#start');
    }
  }
  const sheet = await browser.newPage({viewport: {width: 924, height: 1}});
  sheet.setDefaultTimeout(TRAINING_MS);
  await sheet.setContent(
    `<style>
      body {display: flex; gap: 12px; margin: 12px; background: #f4f5f7; font: 15px system-ui, sans-serif}
      h1 {margin: 0; font-size: 17px; text-align: center}
      img {display: block; width: 292px; margin-top: 12px}
    </style>${columns.join('')}`,
  );
  await sheet.screenshot({path: path.join(OUTPUT, 'web_clusters_forming.png'), fullPage: true});
  await sheet.close();
}

/** The planes glide to their zoom. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(2500);
}
