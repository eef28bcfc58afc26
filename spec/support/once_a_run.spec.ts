import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {onceARun} from './once_a_run.js';

describe('onceARun', () => {
  test('makes for all who ask at once, and for who asks later, one folder', async () => {
    let made = 0;
    const make = async (folder: string) => {
      await writeFile(path.join(folder, 'file'), `made ${++made}`);
    };
    const ask = () => onceARun('what its spec asks for', make);
    const folders = await Promise.all([ask(), ask(), ask()]);
    folders.push(await ask());
    expect(new Set(folders).size).toBe(1);
    expect(await readFile(path.join(folders[0], 'file'), 'utf8')).toBe('made 1');
  });

  test('fails for all if it cannot be made, and tells them why', async () => {
    const ask = () => onceARun('what cannot be made', () => Promise.reject(new Error('No room.')));
    const results = await Promise.allSettled([ask(), ask()]);
    const reasons = results.map((result) => String(result.status === 'rejected' && result.reason));
    expect(reasons).toHaveLength(2);
    expect(reasons.every((reason) => reason.includes('No room.'))).toBe(true);
  });
});
