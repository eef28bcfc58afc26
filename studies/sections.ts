import {readFile, writeFile} from 'node:fs/promises';

import {format, resolveConfig} from 'prettier';

/**
 * Writes sections of a page, in Markdown by their names. A section stands between the comments `<!-- name -->` and
 * `<!-- /name -->`; all else of the page stays.
 */
export async function writeSections(file: string, sections: Readonly<Record<string, string>>): Promise<void> {
  const page = Object.entries(sections).reduce(
    (text, [name, section]) => replaceSection(text, name, section),
    await readFile(file, 'utf8'),
  );
  await writeFile(file, await format(page, {...(await resolveConfig(file)), parser: 'markdown'}));
}

export function replaceSection(page: string, name: string, text: string): string {
  const [before, after] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const begin = page.indexOf(before);
  const end = page.indexOf(after);
  if (begin < 0 || end < begin) {
    throw new Error(`Expected a page with the comments ${before} and ${after}, one after the other.`);
  }
  return `${page.slice(0, begin + before.length)}\n\n${text}\n\n${page.slice(end)}`;
}
