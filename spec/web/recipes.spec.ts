/** The recipes of the pages on other engines and on privacy, in a page of its own each, with the package as it is packed. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

import {build} from 'esbuild';
import type {Browser} from 'playwright-core';

import {outputIn} from '../docs/examples.js';
import {readPage} from '../docs/page.js';
import {describeInBrowser, launchBrowser} from '../support/in_browser.js';
import {onnxModel} from '../support/onnx_model.js';
import {packedTarball} from '../support/packed.js';
import {waitFor} from '../support/wait_for.js';

jest.setTimeout(900_000);

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = 'http://localhost/';
/** Where a page finds what packages bring along. */
const FILES: Record<string, string> = {
  'ort/': 'onnxruntime-web/dist',
  'wasm/': '@tensorflow/tfjs-backend-wasm/dist',
  'model/': '@vladmandic/face-api/model',
  'photographs/': '@vladmandic/face-api/demo',
};

interface Recipe {
  document: string;
  section: string;
  /** What the application has. */
  given?: string;
  /** What the recipe says to write in a page. */
  inPages?: readonly (readonly [string, string])[];
}

const RECIPES: Recipe[] = [
  {
    document: 'transfer',
    section: 'ONNX Runtime',
    given: `
      ort.env.wasm.wasmPaths = '/ort/';
      ort.env.wasm.numThreads = 1;
      const onnxFile = Uint8Array.of(${onnxModel(
        Array.from({length: 64}, (_, i) => Array.from({length: 32}, (__, j) => Math.cos(i * j + j))),
      ).join()});`,
  },
  {document: 'transfer', section: 'Transformers.js'},
  {document: 'transfer', section: 'MediaPipe'},
  {
    document: 'transfer',
    section: 'face-api',
    given: `
      import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
      setWasmPaths('/wasm/');
      await tf.setBackend('wasm');
      const photograph = new Image();
      photograph.src = '/photographs/sample3.jpg';
      await photograph.decode();
      const anotherPhotograph = document.createElement('canvas');
      [anotherPhotograph.width, anotherPhotograph.height] = [960, 675];
      const pen = anotherPhotograph.getContext('2d');
      pen.scale(-1, 1);
      pen.drawImage(photograph, -960, 0, 960, 675);`,
    inPages: [
      ['face-api.node-wasm.js', 'face-api.esm-nobundle.js'],
      ["loadFromDisk('node_modules/@vladmandic/face-api/model')", "loadFromUri('/model')"],
    ],
  },
  {document: 'privacy', section: 'Encrypted, in a browser'},
  {document: 'privacy', section: 'Deleted'},
];

/** The program that a section makes with the imports of its page, and what it says that it prints. */
function programOf({document, section, given = '', inPages = []}: Recipe): {code: string; output: string[]} {
  const {sections} = readPage(path.join(ROOT, `docs/${document}.md`));
  const imports = sections[0]?.blocks[0]?.code ?? '';
  const own = sections.find(({title}) => title === section)?.blocks.map(({code}) => code) ?? [];
  let code = own.join('\n');
  const output = outputIn({title: section, language: 'ts', page: document, code});
  for (const [written, inPage] of inPages) {
    expect(code).toContain(written);
    code = code.replace(written, inPage);
  }
  return {code: `${imports}\n${given}\n${code}\nconsole.log('finished');`, output};
}

describeInBrowser('in a page', () => {
  const project = mkdtempSync(path.join(realpathSync(tmpdir()), 'recipes-'));
  let browser: Browser;

  beforeAll(async () => {
    execFileSync('tar', ['xzf', await packedTarball(), '-C', project]);
    browser = await launchBrowser();
  }, 900_000);

  afterAll(async () => {
    await browser.close();
    rmSync(project, {recursive: true});
  });

  test.each(RECIPES)('$document: $section', async (recipe) => {
    const {code, output} = programOf(recipe);
    const dist = path.join(project, 'package/dist/esm');
    const {outputFiles} = await build({
      stdin: {contents: code, loader: 'ts', resolveDir: ROOT},
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'error',
      alias: {
        'tfjs-center-loss/recognition': path.join(dist, 'recognition/index.js'),
        'tfjs-center-loss': path.join(dist, 'index.js'),
      },
      nodePaths: [path.join(ROOT, 'node_modules')],
    });
    const page = await (await browser.newContext()).newPage();
    const printed: string[] = [];
    page.on('console', (message) => printed.push(message.text()));
    page.on('pageerror', (error) => printed.push(`${String(error)} finished`));
    await page.route('**/*', async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const [folder = ''] = /^\w+\//.exec(name) ?? [];
      if (folder in FILES) {
        await route.fulfill({
          path: path.join(ROOT, 'node_modules', FILES[folder] ?? '', name.slice(folder.length)),
        });
      } else if (name === 'program.js') {
        await route.fulfill({contentType: 'text/javascript', body: outputFiles[0]?.text ?? ''});
      } else {
        await route.fulfill({
          contentType: 'text/html',
          body: name === '' ? '<!doctype html><script type="module" src="program.js"></script>' : '',
        });
      }
    });
    await page.goto(PAGE);
    await waitFor(
      'the end of the program',
      () => Promise.resolve(printed),
      (lines) => lines.some((line) => line.endsWith('finished')),
    );
    expect(output.length).toBeGreaterThan(0);
    // Chromium writes lists with other spaces.
    const plain = (line: string) => line.replaceAll(/[ '"]/g, '');
    expect(printed.map(plain)).toEqual(expect.arrayContaining([...output, 'finished'].map(plain)));
    await page.context().close();
  });
});

test('The recipes are in the pages, and say what they print', () => {
  expect(RECIPES.map((recipe) => programOf(recipe).output.length > 0)).toEqual(RECIPES.map(() => true));
});
