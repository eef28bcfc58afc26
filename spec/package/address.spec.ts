import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {ROOT} from '../support/source_files.js';

const ADDRESS = 'https://example.org/somebody/center-loss';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'address-'));
  writeFileSync(path.join(folder, 'package.json'), readFileSync(path.join(ROOT, 'package.json')));
});

afterEach(() => {
  rmSync(folder, {recursive: true});
});

/** Runs the script in a folder with a copy of package.json. */
function address(...args: string[]): Promise<unknown> {
  const program = ['--import', import.meta.resolve('tsx'), path.join(ROOT, 'scripts/address.ts'), ...args];
  return promisify(execFile)(process.execPath, program, {cwd: folder});
}

const manifest = () => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;

it('is asked for before the package is published', () => {
  expect(manifest()['scripts']).toMatchObject({prepublishOnly: 'npm run address', address: 'tsx scripts/address.ts'});
});

it('is missed until it is given once, and then stands in all fields', async () => {
  await expect(address()).rejects.toThrow('npm run address -- https://host/owner/name, but got "".');
  await address(ADDRESS);
  expect(manifest()).toMatchObject({
    name: 'tfjs-center-loss',
    repository: {type: 'git', url: `git+${ADDRESS}.git`},
    homepage: `${ADDRESS}#readme`,
    bugs: `${ADDRESS}/issues`,
  });
  await expect(address()).resolves.toBeDefined();
});

it('is no other in one of the fields', async () => {
  await address(ADDRESS);
  const changed = {...manifest(), bugs: 'https://example.org/elsewhere'};
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(changed));
  await expect(address()).rejects.toThrow('Expected bugs of package.json to be');
});

it.each(['http://example.org/a/b', 'example.org/a/b', 'https://example.org', `${ADDRESS}.git`])(
  'is refused in another form: %s',
  async (form) => {
    await expect(address(form)).rejects.toThrow(`but got ${JSON.stringify(form)}.`);
    expect(manifest()).not.toHaveProperty('homepage');
  },
);
