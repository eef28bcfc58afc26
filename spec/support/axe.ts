import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';

import type axe from 'axe-core';
import type {Page} from 'playwright-core';

/** What axe finds on a page that keeps those out who do not see, hear or point. */
export async function axeViolations(page: Page): Promise<object[]> {
  // Not as a script, which the page's policy forbids.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8'));
  return page.evaluate(async () => {
    const results = await (globalThis as unknown as {axe: typeof axe}).axe.run();
    return results.violations.map(({id, nodes}) => ({id, nodes: nodes.map(({html}) => html)}));
  });
}

/** How a page is looked at: on a laptop or a phone, by day or by night. */
export interface Look {
  colorScheme: 'light' | 'dark';
  viewport: {width: number; height: number};
}

/** Shows the page in each of these ways, one after the other. */
export async function inEachLook(page: Page, check: (look: Look) => Promise<void>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [
      {width: 1366, height: 768},
      {width: 360, height: 740},
    ]) {
      await page.emulateMedia({colorScheme});
      await page.setViewportSize(viewport);
      await check({colorScheme, viewport});
    }
  }
}
