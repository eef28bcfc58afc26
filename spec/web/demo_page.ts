import type {Browser, BrowserContext, BrowserContextOptions, Download, Page} from 'playwright-core';

import {waitFor} from '../support/wait_for.js';

/** Where there is no GPU, Chromium computes WebGL and WebGPU on the CPU. */
const TIMEOUT_MS = 90_000;

/** Of the pad, from 0 to 1. */
export type Point = readonly [x: number, y: number];

export interface DemoPage {
  page: Page;
  /** Errors and warnings of the console, and errors that nobody caught. */
  complaints: string[];
}

export interface Readings {
  /** Of softmax alone and with center loss. */
  accuracy: [number, number];
  ratio: [number, number];
  /** Of drawings of signs, in percent. */
  named: [number, number];
  /** 0 to 1. */
  progress: number;
  tensors: number;
}

export type State = 'Running' | 'Paused' | 'Finished' | 'Stopped' | 'Not started';

export async function openDemo(browser: Browser, url: string, options?: BrowserContextOptions): Promise<DemoPage> {
  const demo = await prepareDemo(browser, options);
  await demo.page.goto(url);
  return demo;
}

/** A tab, of a new visitor if it is in none's browser, in which nothing is opened yet. */
export async function prepareDemo(
  browser: Browser | BrowserContext,
  options?: BrowserContextOptions,
): Promise<DemoPage> {
  const page = await ('contexts' in browser
    ? browser.newPage({viewport: {width: 1366, height: 768}, ...options})
    : browser.newPage());
  page.setDefaultTimeout(TIMEOUT_MS);
  // Who has seen the tour is not shown it again.
  await page.addInitScript(() => {
    try {
      localStorage.setItem('center-loss-tour', 'seen');
    } catch {
      // A page without an origin.
    }
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {page, complaints};
}

export async function untilState(page: Page, state: State): Promise<void> {
  await waitFor(
    `the page to say '${state}'`,
    async () => (await page.textContent('#status'))?.trim(),
    (seen) => seen === state,
  );
}

/** Stops the training that a page begins by itself: before that, the button would start it. */
export async function pause(page: Page): Promise<void> {
  await untilState(page, 'Running');
  await page.click('#start');
  await untilState(page, 'Paused');
}

/** Begins anew, with networks that have seen nothing. */
export async function reset(page: Page): Promise<void> {
  await page.click('#reset');
  await untilBarIs(page, 'at its begin', (value) => value === 0);
}

export async function untilBarIs(page: Page, where: string, isRight: (value: number) => boolean): Promise<void> {
  await waitFor(`the bar to be ${where}`, () => barOf(page), isRight);
}

function barOf(page: Page): Promise<number> {
  return page.locator('#progress').evaluate((bar) => (bar as HTMLProgressElement).value);
}

/** Until the page shows a frame, the first one if no other is asked for. */
export async function untilProgress(page: Page, atLeast = 0, giveUpMs = TIMEOUT_MS): Promise<void> {
  await waitFor(
    `a frame of the training at ${atLeast} or later`,
    async () => ({details: (await page.textContent('#details')) ?? '', progress: await barOf(page)}),
    ({details, progress}) => details.includes('tensors') && progress >= atLeast,
    giveUpMs,
  );
}

export async function readings(page: Page): Promise<Readings> {
  const number = async (id: string) => Number.parseFloat((await page.textContent(`#${id}`)) ?? '');
  return {
    accuracy: [await number('accuracy-softmax'), await number('accuracy-center-loss')],
    ratio: [await number('ratio-softmax'), await number('ratio-center-loss')],
    named: [await number('named-softmax'), await number('named-center-loss')],
    progress: await barOf(page),
    tensors: Number(/(\d+) tensors/.exec((await page.textContent('#details')) ?? '')?.[1]),
  };
}

/** Draws with the mouse. */
export async function draw(page: Page, points: readonly Point[]): Promise<void> {
  const box = await page.locator('#pad').boundingBox();
  if (!box) {
    throw new Error('Expected the page to show the pad.');
  }
  for (const [i, [x, y]] of points.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, {steps: 5});
    if (i === 0) {
      await page.mouse.down();
    }
  }
  await page.mouse.up();
}

/** Until both networks have said something about the drawing. */
export async function answers(page: Page): Promise<[softmax: string, centerLoss: string]> {
  await page.locator('#answer-center-loss .verdict').waitFor();
  return [await page.innerText('#answer-softmax'), await page.innerText('#answer-center-loss')];
}

/** The four files of "Save files". */
export async function downloads(page: Page): Promise<Download[]> {
  const files: Download[] = [];
  const all = new Promise<void>((resolve) => {
    page.on('download', (file) => {
      files.push(file);
      if (files.length === 4) {
        resolve();
      }
    });
  });
  await page.click('#save-files');
  await all;
  page.removeAllListeners('download');
  return files.sort((a, b) => a.suggestedFilename().localeCompare(b.suggestedFilename()));
}

/** Draws, keeps and names a sign, as the three steps say. */
export async function teach(page: Page, name: string, sign: (unevenness: number) => Point[]): Promise<void> {
  for (const unevenness of [-0.03, 0, 0.03]) {
    await page.click('#clear');
    await draw(page, sign(unevenness));
    await page.click('#keep');
  }
  await page.fill('#sign-name', name);
  await page.click('#teach');
  await page.getByText(`“${name}” is known now`).waitFor();
}

/** In one line; no two are quite the same. */
export function star(unevenness: number): Point[] {
  return Array.from({length: 6}, (_, i) => {
    const angle = (4 * Math.PI * i) / 5 - Math.PI / 2;
    const radius = 0.36 + (i % 2 === 0 ? unevenness : -unevenness);
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)] as const;
  });
}

export function crossedBox(unevenness: number): Point[] {
  const [low, high] = [0.18 + unevenness, 0.82];
  return [
    [low, low],
    [high, high],
    [high, low],
    [low, high],
    [low, low],
    [high, low],
    [high, high],
    [low, high],
  ];
}

/** Two lines that cross each other: neither a digit nor one of the signs above. */
export const crossing: readonly Point[] = [
  [0.1, 0.1],
  [0.9, 0.9],
  [0.5, 0.5],
  [0.9, 0.1],
  [0.1, 0.9],
];
