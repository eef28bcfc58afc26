import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {replaceSection, writeSections} from '../../studies/sections.js';

test('a section takes the place of the one before it, beside others', () => {
  const others = '<!-- b -->\nother\n<!-- /b -->\nafter\n';
  const page = `before\n<!-- a -->\nold\n<!-- /a -->\n${others}`;
  expect(replaceSection(page, 'a', 'new')).toBe(`before\n<!-- a -->\n\nnew\n\n<!-- /a -->\n${others}`);
  expect(() => replaceSection(page, 'c', 'new')).toThrow(
    'Expected a page with the comments <!-- c --> and <!-- /c -->, one after the other.',
  );
});

test('a page is written in the layout of its folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sections-'));
  try {
    const file = join(folder, 'page.md');
    await writeFile(file, '# Page\n\n<!-- a -->\n<!-- /a -->\n');
    await writeSections(file, {a: '| x |\n| --: |\n| 10 |'});
    expect(await readFile(file, 'utf8')).toBe('# Page\n\n<!-- a -->\n\n|   x |\n| --: |\n|  10 |\n\n<!-- /a -->\n');
  } finally {
    await rm(folder, {recursive: true});
  }
});
