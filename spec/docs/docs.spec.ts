import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {inspect} from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
// The IndexedDB of browsers, in memory.
import 'fake-indexeddb/auto';
import * as api from 'tfjs-center-loss';
import {fakeBrowserStorage} from './browser_storage.js';
import {makeExampleData} from './example_data.js';
import {examplesOf, outputIn, programOf, run, typeErrors} from './examples.js';
import {readPage} from './page.js';
import type {Page} from './page.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Its examples continue each other from the first to the last; those of other pages are given data. */
const README = 'README.md';
const PAGES = [
  README,
  'docs/guide.md',
  'docs/mathematics.md',
  'docs/migration.md',
  'docs/privacy.md',
  'docs/recognition.md',
  'docs/transfer.md',
  'docs/unseen.md',
];
/** Where a comment behind `console.log` is what it prints. */
const PAGES_WITH_OUTPUT = ['docs/migration.md', 'docs/privacy.md', 'docs/transfer.md'];
/** Whose links are followed. */
const DOCUMENTS = ['', 'docs/', 'lib/', 'studies/'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}${file}`),
);

// Keeps TensorFlow.js from advertising its native addon.
tf.enableProdMode();
await tf.setBackend('wasm');

const startFolder = process.cwd();
const scratchFolder = mkdtempSync(path.join(tmpdir(), 'examples-'));
// Some examples read what packages bring along, from where readers have them.
symlinkSync(path.join(ROOT, 'node_modules'), path.join(scratchFolder, 'node_modules'), 'junction');
const pages = PAGES.map((name) => {
  const page = readPage(path.join(ROOT, name));
  const examples = name === README ? [programOf(page, name)] : examplesOf(page, name, Object.keys(makeExampleData()));
  return {name, page, examples};
});

beforeAll(() => {
  fakeBrowserStorage();
  // Some examples write files.
  process.chdir(scratchFolder);
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterAll(() => {
  process.chdir(startFolder);
  rmSync(scratchFolder, {recursive: true});
});

describe.each(pages)('$name', ({name, page, examples}) => {
  it('has examples, and no code in a language that would not be run', () => {
    const languages = page.sections.flatMap(({blocks}) => blocks.map(({language}) => language));
    expect(examples).not.toEqual([]);
    expect(languages.filter((language) => !['ts', 'js', 'sh', 'python', 'prototxt'].includes(language))).toEqual([]);
  });

  it.each(examples)(
    'runs: $title',
    async (example) => {
      const data = name === README ? {} : makeExampleData();
      const logged = jest.mocked(console.log);
      logged.mockClear();
      await expect(run(example, data, (module) => import(module))).resolves.toBeUndefined();
      const printed = logged.mock.calls.map((values) =>
        values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '),
      );
      expect(printed).toEqual(expect.arrayContaining(PAGES_WITH_OUTPUT.includes(name) ? outputIn(example) : []));
    },
    // On a busy machine; nothing depends on it.
    600_000,
  );
});

it.each(DOCUMENTS)('%s links to pages, pictures and headings that exist', (name) => {
  const broken = readPage(path.join(ROOT, name)).links.filter(({target}) => {
    if (target.startsWith('https://')) {
      return false;
    }
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path.join(ROOT, name) : path.join(ROOT, path.dirname(name), file);
    return !existsSync(linked) || (anchor !== undefined && !readPage(linked).anchors.has(anchor));
  });
  expect(broken).toEqual([]);
});

describe('The examples', () => {
  it('have no type errors', () => {
    expect(
      typeErrors(
        pages.flatMap(({examples}) => examples),
        ROOT,
      ),
    ).toEqual([]);
  });
});

it.each(DOCUMENTS.filter((name) => name !== 'CHANGELOG.md'))('%s names commands that npm knows', (name) => {
  const {scripts} = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {scripts: object};
  const text = readFileSync(path.join(ROOT, name), 'utf8');
  const used = Array.from(text.matchAll(/npm run\s+([\w:-]+)/g), ([, script]) => script);
  expect(used.filter((script) => !Object.keys(scripts).includes(script ?? ''))).toEqual([]);
});

describe('The examples of the README', () => {
  const program = programOf(readPage(path.join(ROOT, README)), README);

  it('are TypeScript under "strict" as they stand', () => {
    // What a project has that asks for no more than that.
    const strict = {noUncheckedIndexedAccess: false, noPropertyAccessFromIndexSignature: false};
    expect(typeErrors([{...program, language: 'ts'}], ROOT, strict)).toEqual([]);
  });
});

describe('A broken example', () => {
  const example = {title: '', language: 'ts', page: 'page.md', code: '\nconst one = 1;\n\nnull.print(one);\n'} as const;

  it('fails with its page and line', async () => {
    await expect(run(example, {}, (module) => import(module))).rejects.toThrow('page.md:4: TypeError');
  });

  it('has its type errors at their page and line', () => {
    expect(typeErrors([example], ROOT)).toEqual([expect.stringMatching(/^page\.md:4: /)]);
  });
});

describe('README', () => {
  const readme = readPage(path.join(ROOT, 'README.md'));
  const rows = readme.tables.find(([head]) => head?.[0] === 'Option')?.slice(1) ?? [];
  const defaults = Object.fromEntries(rows.map(([option = '', value]) => [option, value]));

  it('lists all options of the layer, with the defaults that it has', () => {
    const layer = new api.CenterLossLayer({numClasses: 2});
    const mean = new api.CenterLossLayer({numClasses: 2, reduction: 'mean'});
    const config = layer.getConfig();
    const {className} = config['centersInitializer'] as {className: string};
    expect(defaults).toEqual({
      numClasses: 'required',
      alpha: String(layer.alpha),
      lossWeight: `${layer.lossWeight} for a sum, ${mean.lossWeight} for a mean`,
      reduction: `'${layer.reduction}'`,
      ignoreClass: String(layer.ignoreClass ?? 'none'),
      centersInitializer: `'${className.toLowerCase()}'`,
      name: 'automatic',
      trainable: String(layer.trainable),
    });
    expect(Object.keys({...config, ignoreClass: undefined}).sort()).toEqual(Object.keys(defaults).sort());
  });

  it('mentions everything that the package exports', () => {
    const text = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    expect(Object.keys(api).filter((name) => !text.includes(name))).toEqual([]);
  });

  it('is short: at most 1,500 words', () => {
    const words = readFileSync(path.join(ROOT, README), 'utf8').split(/\s+/).filter(Boolean);
    expect(words.length).toBeLessThanOrEqual(1500);
  });

  it('has troubles that the page on troubleshooting has as well, in the same words', () => {
    const troublesOf = (page: Page) => page.tables.filter(([head]) => head?.[0] === 'What you see').flat();
    const troubles = troublesOf(readme);
    expect(troubles).toHaveLength(1 + 5);
    expect(troublesOf(readPage(path.join(ROOT, 'docs/troubleshooting.md')))).toEqual(expect.arrayContaining(troubles));
  });
});
