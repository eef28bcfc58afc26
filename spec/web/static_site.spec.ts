/** The site that `npm run site` builds: the live page, the documents and the reference. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

import type {Browser, Page} from 'playwright-core';

import {brokenLinks} from '../../scripts/check_links.js';
import {describeInBrowser, launchBrowser} from '../support/in_browser.js';
import {prepareDemo} from './demo_page.js';
import {serveStaticSite} from './site.js';
import type {Site} from './site.js';

// Where there is no GPU, Chromium computes WebGL on the CPU.
jest.setTimeout(300_000);

/** It is built from all sources; of a machine with much else to do. */
const BUILD_MS = 900_000;

describe('The check of links', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'links-'));
    mkdirSync(path.join(folder, 'with'));
    mkdirSync(path.join(folder, 'without'));
    writeFileSync(path.join(folder, 'with/index.html'), '<h1 id="top of it">A page</h1>');
    writeFileSync(path.join(folder, 'picture.svg'), '<svg><g id="icon"></g></svg>');
  });

  afterAll(() => {
    rmSync(folder, {recursive: true});
  });

  test.each([
    ['a page', 'with/index.html'],
    ['a folder with a page', 'with/'],
    ['a heading', 'with/index.html#top%20of%20it'],
    ['a heading of a folder', 'with#top%20of%20it'],
    ['a heading of the page itself', '#here'],
    ['a part of a picture', 'picture.svg#icon'],
    ['a file with a query', 'picture.svg?size=2'],
    ['another site', 'https://example.com/missing'],
    ['an address within the page', 'data:text/plain,1'],
  ])('lets pass what leads to %s', (_, link) => {
    writeFileSync(path.join(folder, 'index.html'), `<h1 id="here">Start</h1><p><a href="${link}">link</a></p>`);
    expect(brokenLinks(folder)).toEqual([]);
  });

  test.each([
    ['no file', 'missing.html'],
    ['no heading', 'with/index.html#bottom'],
    ['no heading of the page itself', '#there'],
    ['a folder without a page', 'without/'],
    ['the root of the server', '/with/index.html'],
    ['a file outside of the site', '../'],
    ['a heading of what is no page', 'without#top'],
  ])('finds what leads to %s', (_, link) => {
    writeFileSync(path.join(folder, 'index.html'), `<h1 id="here">Start</h1><p><img src="${link}"></p>`);
    expect(brokenLinks(folder)).toEqual([`index.html: ${link}`]);
  });
});

describe('The static site', () => {
  let site: Site;

  beforeAll(async () => {
    site = await serveStaticSite();
  }, BUILD_MS);

  afterAll(() => site.close());

  test('has no link that leads nowhere', () => {
    expect(brokenLinks(site.folder)).toEqual([]);
  });

  describeInBrowser('in a folder of a server', () => {
    let browser: Browser;
    let page: Page;
    let complaints: string[];
    let requested: string[];

    beforeAll(async () => {
      browser = await launchBrowser();
    });

    afterAll(() => browser.close());

    beforeEach(async () => {
      ({page, complaints} = await prepareDemo(browser));
      requested = [];
      page.on('request', (request) => requested.push(request.url()));
      await page.goto(site.url);
    });

    afterEach(() => page.close());

    test.each([
      ['The live page', 'Center loss, live'],
      ['The page for faces', 'Faces, named or refused'],
      ['The introduction', 'tfjs-center-loss'],
      ['guide', 'docs/guide'],
      ['The reference', 'tfjs-center-loss'],
    ])('leads by "%s" to a page with its pictures, and asks for nothing outside of the folder', async (link, title) => {
      await page.getByRole('link', {name: link, exact: true}).click();
      await page.waitForLoadState('networkidle');
      expect(await page.title()).toContain(title);
      expect(
        await page.evaluate(() => [...document.images].filter(({naturalWidth}) => naturalWidth === 0).length),
      ).toBe(0);
      expect(requested.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url))).toEqual([]);
      expect(complaints).toEqual([]);
    });

    test('shows of a function its parameters, errors and example, and leads back to the start', async () => {
      await page.goto(`${site.url}api/functions/tfjs-center-loss.centerLoss.html`);
      const text = await page.innerText('main, .col-content');
      for (const part of ['float32 [C, D], one row a class', 'Throws', 'RangeError', 'Example', 'tf.tensor2d']) {
        expect(text).toContain(part);
      }
      await page.getByRole('link', {name: 'Start', exact: true}).click();
      expect(await page.innerText('h1')).toBe('tfjs-center-loss');
      expect(page.url()).toBe(`${site.url}index.html`);
    });
  });
});
