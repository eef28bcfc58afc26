import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as api from 'tfjs-center-loss';
import {fakeBrowserStorage} from './browser_storage.js';
import {makeExampleData} from './example_data.js';
import {examplesOf, run, typeErrors} from './examples.js';
import {readPage} from './page.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGES = ['README.md', 'docs/guide.md', 'docs/mathematics.md', 'docs/migration.md', 'docs/recognition.md'];

// Keeps TensorFlow.js from advertising its native addon.
tf.enableProdMode();
await tf.setBackend('wasm');

const startFolder = process.cwd();
const scratchFolder = mkdtempSync(path.join(tmpdir(), 'examples-'));
const pages = PAGES.map((name) => {
  const page = readPage(path.join(ROOT, name));
  return {name, page, examples: examplesOf(page, name, Object.keys(makeExampleData()))};
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
      await expect(run(example, makeExampleData(), (module) => import(module))).resolves.toBeUndefined();
    },
    180_000,
  );

  it('links to pages, pictures and headings that exist', () => {
    const broken = page.links.filter(({target}) => {
      if (target.startsWith('https://')) {
        return false;
      }
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? path.join(ROOT, name) : path.join(ROOT, path.dirname(name), file);
      return !existsSync(linked) || (anchor !== undefined && !readPage(linked).anchors.has(anchor));
    });
    expect(broken).toEqual([]);
  });
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

  it('name commands that npm knows', () => {
    const {scripts} = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {scripts: object};
    const commands = pages.flatMap(({page}) => page.sections.flatMap(({blocks}) => blocks));
    const used = commands.flatMap(({code}) => Array.from(code.matchAll(/npm run ([\w:-]+)/g), ([, script]) => script));
    expect(used).not.toEqual([]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(used));
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
  const defaults = Object.fromEntries(rows.map(([option = '', , value]) => [option, value]));

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
});
