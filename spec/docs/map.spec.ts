import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {filesIn, ROOT} from '../support/source_files.js';
import {readPage} from './page.js';

const MAP = 'README.md';

describe('The map of lib', () => {
  const folder = path.join(ROOT, 'lib');
  const {links} = readPage(path.join(folder, MAP));
  const isFolder = (target: string) =>
    existsSync(path.join(folder, target)) && statSync(path.join(folder, target)).isDirectory();
  const listed = new Set(
    links.map(({target}) => target).filter((target) => !/^(\.\.\/|https:|#)/.test(target) && !isFolder(target)),
  );

  it('lists the files that are there, and no others', () => {
    expect([...listed].sort()).toEqual(filesIn('lib').filter((file) => file !== MAP));
  });
});
