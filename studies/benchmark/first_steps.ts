import type {Browser, Page} from 'playwright-core';

import {launchChromium, ON_ANY_DEVICE} from '../../spec/support/chromium.js';
import type {FirstStep} from './first_step.js';
import type * as firstStep from './first_step.js';

/** The first step of training in a browser that has just been started: the fastest of some, in turn. */
export interface FirstSteps {
  without: FirstStep;
  withLayer: FirstStep;
}

/** Browsers for each of the two. */
const ROUNDS = 3;

export async function measureFirstSteps(
  backend: string,
  open: (browser: Browser) => Promise<Page>,
): Promise<FirstSteps> {
  const found: Record<keyof FirstSteps, FirstStep[]> = {without: [], withLayer: []};
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ['without', 'withLayer'] as const) {
      // A browser keeps what it has compiled, from page to page.
      const browser = await launchChromium(ON_ANY_DEVICE);
      try {
        found[way].push(await inPage(await open(browser), backend, way === 'withLayer'));
      } finally {
        await browser.close();
      }
    }
  }
  return {without: fastest(found.without), withLayer: fastest(found.withLayer)};
}

function inPage(page: Page, backend: string, withLayer: boolean): Promise<FirstStep> {
  return page.evaluate(
    async (args) => {
      const script = '/page.js';
      const {timeFirstStep} = (await import(script)) as typeof firstStep;
      return timeFirstStep(...args);
    },
    [backend, withLayer] as const,
  );
}

function fastest(steps: readonly FirstStep[]): FirstStep {
  return steps.reduce((one, other) => (other.milliseconds < one.milliseconds ? other : one));
}
