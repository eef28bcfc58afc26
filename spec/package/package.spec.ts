/**
 * The package as its users get it: packed, installed into an empty project outside the repository next to
 * `@tensorflow/tfjs`, and run there.
 */
import {execFile} from 'node:child_process';
import * as fs from 'node:fs';
import {tmpdir} from 'node:os';
import * as path from 'node:path';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {publint} from 'publint';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const NOT_SOURCES = ['.git', 'node_modules', 'dist', 'coverage', 'output'];
const API = [
  'CenterLossLayer',
  'attachCenterLoss',
  'categoricalAccuracy',
  'centerLoss',
  'detachCenterLoss',
  'softmaxCrossEntropy',
  'updateCenters',
];
const RECOGNITION_API = [
  'Recognizer',
  'auroc',
  'compactness',
  'equalErrorRate',
  'falseAcceptAt',
  'oscr',
  'recallAt1',
  'rocCurve',
];
const MINUTE = 60_000;

const INSTALL_OPTIONS = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];

const temporary = fs.mkdtempSync(path.join(fs.realpathSync(tmpdir()), 'tfjs-center-loss-'));
const project = path.join(temporary, 'project');
const bareProject = path.join(temporary, 'bare_project');
const installed = path.join(project, 'node_modules', 'tfjs-center-loss');
let tarball: string;

beforeAll(async () => {
  tarball = await pack(path.join(temporary, 'repository'));
  await install(tarball);
}, 5 * MINUTE);

afterAll(() => {
  fs.rmSync(temporary, {recursive: true, force: true});
});

describe('the tarball', () => {
  it('holds the built library, its papers and nothing else', () => {
    const sources = filesUnder(path.join(REPOSITORY, 'lib')).filter((file) => file.endsWith('.ts'));
    const modules = sources.map((file) => file.replace(/\.ts$/, ''));
    const built = ['esm', 'cjs'].flatMap((format) =>
      modules.flatMap((module) =>
        ['.js', '.js.map', '.d.ts'].map((extension) => `dist/${format}/${module}${extension}`),
      ),
    );
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'dist/cjs/package.json'];
    expect(filesUnder(installed)).toEqual([...built, ...papers].sort());
  });

  it('brings the sources of its source maps along', () => {
    const maps = filesUnder(installed).filter((file) => file.endsWith('.map'));
    for (const file of maps) {
      const map = readJson(path.join(installed, file)) as {sources: string[]; sourcesContent?: string[]};
      expect(map.sourcesContent).toHaveLength(map.sources.length);
    }
  });

  it('depends on nothing but its two peers', () => {
    const manifest = readJson(path.join(installed, 'package.json'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(manifest).toHaveProperty('peerDependencies', {
      '@tensorflow/tfjs-core': '^4.22.0',
      '@tensorflow/tfjs-layers': '^4.22.0',
    });
  });

  it('gives publint nothing to remark', async () => {
    const {buffer} = new Uint8Array(fs.readFileSync(tarball));
    const {messages} = await publint({pack: {tarball: buffer}, strict: true});
    expect(messages).toEqual([]);
  });

  it(
    'has types that every kind of module resolution finds and agrees with',
    async () => {
      await expect(runTool('@arethetypeswrong/cli', 'attw', [tarball])).resolves.toContain('No problems found');
    },
    MINUTE,
  );
});

describe('in a project that depends on @tensorflow/tfjs', () => {
  it.each(['train.cjs', 'train.mjs'])(
    '%s trains a step, and tf.loadLayersModel finds the layer',
    async (program) => {
      const {exports, trained, centers, reloadedCenters} = (await runProgram(program)) as {
        exports: string[];
        trained: number[];
        centers: number[];
        reloadedCenters: number[];
      };
      expect(exports).toEqual(API);
      expect(trained.every(Number.isFinite)).toBe(true);
      expect(centers).toHaveLength(6);
      expect(centers.every((value) => value !== 0)).toBe(true);
      expect(reloadedCenters).toEqual(centers);
    },
    MINUTE,
  );

  it(
    'a strict TypeScript program compiles, as ES module and as CommonJS, and trains a step',
    async () => {
      await compile('--module', 'nodenext', 'typed.mts', 'typed.cts');
      for (const program of ['typed.mjs', 'typed.cjs']) {
        expect(await runProgram(program)).toEqual({
          trained: [expect.any(Number), expect.any(Number), expect.any(Number)],
          centers: [expect.any(Array), expect.any(Array), expect.any(Array)],
          loss: expect.any(Number),
          moved: [3, 2],
          inputs: [1, 2],
        });
      }
    },
    MINUTE,
  );

  it(
    'a strict TypeScript program for a bundler compiles',
    async () => {
      await expect(compile('--module', 'preserve', '--noEmit', 'typed.mts')).resolves.toBe('');
    },
    MINUTE,
  );

  it(
    'declarations are without errors of their own',
    async () => {
      // Those of TensorFlow.js are not, which fails this compilation.
      const args = ['--module', 'nodenext', '--noEmit', '--skipLibCheck', 'false', 'typed.mts'];
      const messages = await compile(...args).catch(String);
      expect(messages).toContain('node_modules/@tensorflow/');
      expect(messages).not.toContain('node_modules/tfjs-center-loss/');
    },
    MINUTE,
  );
});

describe('in a project without TensorFlow.js', () => {
  beforeAll(async () => {
    copyConsumer(bareProject, 'recognize.ts');
    // npm installs missing peers unless it is told not to.
    await run('npm', ['install', ...INSTALL_OPTIONS, '--legacy-peer-deps', tarball], bareProject);
  }, MINUTE);

  it('has nothing but the package', () => {
    expect(fs.readdirSync(path.join(bareProject, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'tfjs-center-loss',
    ]);
  });

  it.each(['recognize.cjs', 'recognize.mjs'])(
    '%s enrols, calibrates, names and refuses, and reloads what it saved',
    async (program) => {
      expect(await runProgram(program, bareProject)).toEqual({
        exports: RECOGNITION_API,
        labels: ['right', null],
        auroc: 0.875,
      });
    },
    MINUTE,
  );

  it(
    'a strict TypeScript program compiles, declarations checked as well, and runs',
    async () => {
      const args = ['--module', 'nodenext', '--skipLibCheck', 'false', 'typed.mts', 'typed.cts'];
      await expect(compileIn(bareProject, ...args)).resolves.toBe('');
      for (const program of ['typed.mjs', 'typed.cjs']) {
        expect(await runProgram(program, bareProject)).toMatchObject({found: 1, auroc: 1});
      }
    },
    MINUTE,
  );

  it('a bundle of a measure is without the recognizer', async () => {
    const {used, imports} = await bundle(
      'measure.mjs',
      `import {auroc} from 'tfjs-center-loss/recognition'; console.log(auroc([1], [0]));`,
      [],
      bareProject,
    );
    expect(imports).toEqual(new Set());
    expect(used.some((file) => file.endsWith('measures/auroc.js'))).toBe(true);
    expect(used.filter((file) => file.includes('recognizer') || file.includes('search'))).toEqual([]);
  });
});

describe('in a bundle', () => {
  it('the files that register something are kept, and the entry that imports them', () => {
    const registering = filesUnder(path.join(REPOSITORY, 'lib')).filter((file) =>
      /\bregister(Class|Kernel)\(/.test(fs.readFileSync(path.join(REPOSITORY, 'lib', file), 'utf8')),
    );
    expect(registering).toContain('center_loss_layer.ts');
    // Without the entry, webpack and rollup go past it to the file that they need, and leave the layer out.
    const kept = ['index.ts', ...registering].map((file) => `./dist/esm/${file.replace(/\.ts$/, '.js')}`);
    const {sideEffects} = readJson(path.join(installed, 'package.json')) as {sideEffects: string[]};
    expect(new Set(sideEffects)).toEqual(new Set(kept));
  });

  it('one function brings the registration of the layer and the peers, but no unused code', async () => {
    const {used, imports} = await bundle(
      'bundle.mjs',
      `import {serialization} from '@tensorflow/tfjs-core';
       import {softmaxCrossEntropy} from 'tfjs-center-loss';
       const {classNameMap} = serialization.SerializationMap.getMap();
       console.log(JSON.stringify([typeof softmaxCrossEntropy, Object.keys(classNameMap)]));`,
      ['@tensorflow/*'],
    );
    expect(imports).toEqual(new Set(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']));
    const home = 'node_modules/tfjs-center-loss/dist/esm';
    expect(used.filter((file) => !file.startsWith(home))).toEqual(['<stdin>']);
    expect(used).toContain(`${home}/center_loss_layer.js`);
    expect(used).not.toContain(`${home}/models.js`);
    expect(await runProgram('bundle.mjs')).toEqual(['function', expect.arrayContaining(['CenterLossLayer'])]);
  });

  it('a web page gets every part of TensorFlow.js once', async () => {
    const {used} = await bundle('page.mjs', `import './train.mjs';`, []);
    expect(used).toContain('node_modules/tfjs-center-loss/dist/esm/center_loss_layer.js');
    expect(used).toContain('node_modules/@tensorflow/tfjs-layers/dist/engine/topology.js');
    expect(used.filter((file) => /\.node\.js$|\/cjs\//.test(file))).toEqual([]);
  });
});

/** Packs a copy of the repository, so that its `dist` stays as it is for others who use it meanwhile. */
async function pack(copy: string): Promise<string> {
  fs.cpSync(REPOSITORY, copy, {
    recursive: true,
    filter: (file) => !NOT_SOURCES.includes(path.relative(REPOSITORY, file)),
  });
  fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  await run('npm', ['pack', '--pack-destination', temporary], copy);
  const [file] = fs.readdirSync(temporary).filter((name) => name.endsWith('.tgz'));
  return path.join(temporary, file ?? '');
}

async function install(file: string): Promise<void> {
  const tfjs = readJson(path.join(REPOSITORY, 'node_modules/@tensorflow/tfjs/package.json'));
  const {version} = tfjs as {version: string};
  copyConsumer(project, 'train.ts');
  await run('npm', ['install', ...INSTALL_OPTIONS, file, `@tensorflow/tfjs@${version}`], project);
}

/** Makes a project with the programs; `typed` is the one in TypeScript, as ES module and as CommonJS. */
function copyConsumer(folder: string, typed: string): void {
  fs.cpSync(path.join(import.meta.dirname, 'consumer'), folder, {recursive: true});
  for (const name of ['typed.mts', 'typed.cts']) {
    fs.copyFileSync(path.join(folder, typed), path.join(folder, name));
  }
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private": true}');
}

/** What a program of the project prints last, as JSON. */
async function runProgram(name: string, folder = project): Promise<unknown> {
  const output = await run(process.execPath, [name], folder);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

function compile(...args: string[]): Promise<string> {
  return compileIn(project, '--skipLibCheck', ...args);
}

function compileIn(folder: string, ...args: string[]): Promise<string> {
  return runTool('typescript', 'tsc', ['--strict', '--target', 'es2022', ...args], folder);
}

function runTool(name: string, command: string, args: string[], folder = project): Promise<string> {
  const home = path.join(REPOSITORY, 'node_modules', name);
  const {bin} = readJson(path.join(home, 'package.json')) as {bin: Record<string, string>};
  return run(process.execPath, [path.join(home, bin[command] ?? ''), ...args], folder);
}

async function run(command: string, args: string[], folder: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, {cwd: folder})).stdout;
  } catch (error) {
    const {message, stdout} = error as Error & {stdout: string};
    throw new Error(`${message}\n${stdout}`, {cause: error});
  }
}

/** Bundles a program for the web, in the project: what the bundle is made of, and what it imports. */
async function bundle(
  outfile: string,
  contents: string,
  external: string[],
  folder = project,
): Promise<{used: string[]; imports: Set<string>}> {
  const {metafile} = await build({
    stdin: {contents, resolveDir: folder},
    absWorkingDir: folder,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external,
    metafile: true,
  });
  const outputs = Object.values(metafile.outputs);
  const used = outputs.flatMap(({inputs}) => Object.entries(inputs).filter(([, {bytesInOutput}]) => bytesInOutput > 0));
  const imports = outputs.flatMap((output) => output.imports.map((entry) => entry.path));
  return {used: used.map(([file]) => file), imports: new Set(imports)};
}

function filesUnder(folder: string): string[] {
  return fs
    .readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
