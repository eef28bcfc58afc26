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
