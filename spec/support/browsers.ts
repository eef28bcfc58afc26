import type {Browser} from 'playwright-core';
import {launchChromium, missingChromium} from './chromium.js';
import {launchFirefox, missingFirefox} from './firefox.js';

/** A browser that specs run in. */
export interface DrivenBrowser {
  name: 'Chromium' | 'Firefox';
  /** Why it cannot run, or undefined. */
  missing: () => string | undefined;
  launch: () => Promise<Browser>;
}

export const CHROMIUM: DrivenBrowser = {name: 'Chromium', missing: missingChromium, launch: () => launchChromium()};
export const FIREFOX: DrivenBrowser = {name: 'Firefox', missing: missingFirefox, launch: launchFirefox};
