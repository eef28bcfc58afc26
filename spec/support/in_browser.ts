import process from 'node:process';
import {CHROMIUM, FIREFOX} from './browsers.js';

/** For specs about pages: the browser that their Jest project names in its globals. */
const DRIVEN = [CHROMIUM, FIREFOX].find(({name}) => name === (globalThis as {browser?: string}).browser) ?? CHROMIUM;

export const {launch: launchBrowser} = DRIVEN;
export const isChromium = DRIVEN === CHROMIUM;

/** `describe`. Where the browser is missing the specs are skipped, and the title says why; in CI that is a failure. */
export function describeInBrowser(title: string, specs: () => void): void {
  const missing = DRIVEN.missing();
  if (missing === undefined) {
    describe(title, specs);
  } else if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(missing);
    });
  } else {
    describe.skip(`${title} (${missing})`, specs);
  }
}

/**
 * `test`, for what is tried in Chromium alone.
 *
 * @param reason Completes "skipped, since ..." in Firefox.
 */
export function testInChromium(title: string, reason: string, run: () => Promise<void>): void {
  if (isChromium) {
    test(title, run);
  } else {
    test.skip(`${title} (skipped, since ${reason})`, run);
  }
}
