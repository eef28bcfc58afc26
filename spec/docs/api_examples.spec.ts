import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {format} from 'node:util';
import * as tf from '@tensorflow/tfjs';
import * as api from 'tfjs-center-loss';
import * as ops from 'tfjs-center-loss/ops';
import * as recognition from 'tfjs-center-loss/recognition';
import {ROOT} from '../support/source_files.js';
import {readExports, saidOutput} from './api_examples.js';
import type {Export} from './api_examples.js';
import {fakeBrowserStorage} from './browser_storage.js';
import {run} from './examples.js';
import type {Example} from './examples.js';

const ENTRIES = [
  {entry: 'tfjs-center-loss', file: 'lib/index.ts', module: api},
  {entry: 'tfjs-center-loss/ops', file: 'lib/ops/index.ts', module: ops},
  {entry: 'tfjs-center-loss/recognition', file: 'lib/recognition/index.ts', module: recognition},
];

/** Runs an example, and gives what it prints, each without its layout. */
async function outputOf(example: Example): Promise<string[]> {
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((...values) => {
    printed.push(withoutLayout(format(...values)).replace(/^Tensor/, ''));
  });
  try {
    await run(example, {}, (module) => import(module));
  } finally {
    log.mockRestore();
  }
  return printed;
}

function withoutLayout(text: string): string {
  return text.replaceAll(/\s/g, '');
}

/** The exports without an example. */
function bareNames(exports: readonly Export[]): string[] {
  return exports.filter(({hasOwn}) => !hasOwn).map(({name}) => name);
}

beforeAll(async () => {
  fakeBrowserStorage();
  // Keeps TensorFlow.js from advertising its native addon.
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe.each(ENTRIES)('The comments of $entry', ({entry, file, module}) => {
  // What an example may use without importing it.
  const names = Object.keys(module);
  const header = `import * as tf from '@tensorflow/tfjs'; import {${names.join(', ')}} from '${entry}';`;
  const exports = readExports(ROOT, file, header);
  const examples = exports.flatMap((exported) => exported.examples);

  it('have an example for each export', () => {
    expect(exports.map(({name}) => name).sort()).toEqual(names.sort());
    expect(bareNames(exports)).toEqual([]);
  });

  it.each(examples)('have an example of $title that prints what it says', async (example) => {
    const said = saidOutput(example);
    expect(said).not.toEqual([]);
    expect(await outputOf(example)).toEqual(said.map(withoutLayout));
  });
});

describe('A comment', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'comments-'));
  });

  afterAll(() => {
    rmSync(folder, {recursive: true});
  });

  function read(comment: string): Export {
    writeFileSync(
      path.join(folder, 'index.ts'),
      "export {half} from './half.js';\nexport type {Half} from './half.js';\n",
    );
    writeFileSync(path.join(folder, 'half.ts'), `${comment}\nexport function half() {}\n`);
    const [exported, ...others] = readExports(folder, 'index.ts', 'const two = 2;');
    expect(others).toEqual([]);
    return exported as Export;
  }

  function exampleOf(...lines: string[]): Example {
    return read(['/**', ' * @example', ' * ```js', ...lines.map((line) => ` * ${line}`), ' * ```', ' */'].join('\n'))
      .examples[0] as Example;
  }

  it('without an example is found', () => {
    expect(bareNames([read('/** Half of it. */')])).toEqual(['half']);
    expect(bareNames([read('/**\n * Half of it.\n * @example\n * ```js\n * half();\n * ```\n */')])).toEqual([]);
  });

  it('whose example fails is named with its line', async () => {
    await expect(outputOf(exampleOf('const one = two / 2;', 'null.print(one);'))).rejects.toThrow(
      'half.ts:5: TypeError',
    );
  });

  it('says something else than its example prints', async () => {
    const example = exampleOf('console.log({half: two}); // {half: 1}');
    expect(saidOutput(example)).toEqual(['{half: 1}']);
    expect(await outputOf(example)).toEqual(['{half:2}']);
  });
});
