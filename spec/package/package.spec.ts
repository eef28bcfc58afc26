/**
 * The package as its users get it: packed, installed into an empty project outside the repository next to
 * `@tensorflow/tfjs`, and run there.
 */
import * as fs from 'node:fs';
import {tmpdir} from 'node:os';
import * as path from 'node:path';
import {gzipSync} from 'node:zlib';
import {build} from 'esbuild';
import type {BuildOptions} from 'esbuild';
import {publint} from 'publint';
import {runtimeProgram} from '../../scripts/runtimes.js';
import type {RuntimeName} from '../../scripts/runtimes.js';
import {readPage} from '../docs/page.js';
import {packedTarball, run} from '../support/packed.js';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const API = [
  'CenterLossLayer',
  'attachCenterLoss',
  'categoricalAccuracy',
  'centerLoss',
  'centerLossLayerOf',
  'detachCenterLoss',
  'featureModel',
  'loadForTraining',
  'softmaxCrossEntropy',
  'updateCenters',
  'withLabels',
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
const FUNCTIONS = ['categoricalAccuracy', 'centerLoss', 'softmaxCrossEntropy', 'updateCenters'];
/** What runs a program, and its major version. */
interface Runtime {
  runtime: RuntimeName;
  version: number;
}

const THIS_NODE = Number.parseInt(process.versions.node);
const RUNTIMES: readonly Runtime[] = [
  ...[...new Set([THIS_NODE, 22, 24])].map((version) => ({runtime: 'node' as const, version})),
  {runtime: 'deno', version: 2},
  {runtime: 'bun', version: 1},
];
/** Nothing is to come from anywhere but the project. */
const ARGUMENTS: Record<RuntimeName, string[]> = {
  node: [],
  deno: ['run', '--no-remote', '--no-prompt', '--allow-read', '--allow-write', '--allow-env'],
  bun: ['--no-install'],
};
const MINUTE = 60_000;
const KILOBYTE = 1000;

const INSTALL_OPTIONS = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];

const temporary = fs.mkdtempSync(path.join(fs.realpathSync(tmpdir()), 'tfjs-center-loss-'));
const project = path.join(temporary, 'project');
const oldProject = path.join(temporary, 'old_project');
const bareProject = path.join(temporary, 'bare_project');
const installed = path.join(project, 'node_modules', 'tfjs-center-loss');
let tarball: string;

beforeAll(async () => {
  tarball = await packedTarball();
  await install(tarball);
}, 5 * MINUTE);

afterAll(() => {
  fs.rmSync(temporary, {recursive: true, force: true});
});

describe('the tarball', () => {
  it('holds the built library, its papers and nothing else', () => {
    const modules = filesUnder(path.join(REPOSITORY, 'lib'))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.replace(/\.ts$/, ''));
    const esm = modules.flatMap((module) => ['.js', '.js.map', '.d.ts'].map((end) => `dist/esm/${module}${end}`));
    const declarations = modules.map((module) => `dist/cjs/${module}.d.ts`);
    const entries = ['index', 'node/index', 'ops/index', 'recognition/index'];
    const cjs = entries.flatMap((entry) => ['.js', '.js.map', '.mjs'].map((end) => `dist/cjs/${entry}${end}`));
    const others = ['dist/cjs/package.json', 'dist/recognition.min.js', 'dist/tfjs-center-loss.min.js'];
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    const shared = /^dist\/cjs\/shared_[\w-]+\.js(\.map)?$/;
    const files = filesUnder(installed).filter((file) => !/^docs\/.*\.(md|png)$/.test(file) && !shared.test(file));
    expect(files).toEqual([...esm, ...declarations, ...cjs, ...others, ...papers].sort());
  });

  it('holds what its pages point at', () => {
    const targets = filesUnder(installed)
      .filter((file) => file.endsWith('.md'))
      .flatMap((page) => readPage(path.join(installed, page)).links.map(({target}) => ({page, target})))
      .filter(({target}) => !/^(\w+:|#)/.test(target));
    expect(targets).toContainEqual({page: 'README.md', target: 'docs/guide.md'});
    const missing = targets.filter(({page, target}) => {
      const [file = '', anchor] = target.split('#');
      const linked = path.join(installed, path.dirname(page), file);
      return !fs.existsSync(linked) || (anchor !== undefined && !readPage(linked).anchors.has(anchor));
    });
    expect(missing).toEqual([]);
  });

  it('brings the sources of its source maps along', () => {
    const maps = filesUnder(installed).filter((file) => file.endsWith('.map'));
    for (const file of maps) {
      const map = readJson(path.join(installed, file)) as {sources: string[]; sourcesContent?: string[]};
      expect(map.sourcesContent).toHaveLength(map.sources.length);
    }
  });

  it('tells nothing of the machine that it was packed on', () => {
    const files = filesUnder(installed).filter((file) => /\.(map|js|ts|json|md)$/.test(file));
    expect(files.length).toBeGreaterThan(100);
    const places = [REPOSITORY, temporary, path.dirname(tarball)];
    const telling = files.filter((file) => {
      const text = fs.readFileSync(path.join(installed, file), 'utf8');
      return places.some((place) => text.includes(place));
    });
    expect(telling).toEqual([]);
    const absolute = files
      .filter((file) => file.endsWith('.map'))
      .flatMap((file) => (readJson(path.join(installed, file)) as {sources: string[]}).sources)
      .filter((source) => path.isAbsolute(source) || /^\w+:/.test(source));
    expect(absolute).toEqual([]);
  });

  it('depends on nothing but its two peers', () => {
    const manifest = readJson(path.join(installed, 'package.json'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(manifest).toHaveProperty('peerDependencies', {
      '@tensorflow/tfjs-core': '^4.10.0',
      '@tensorflow/tfjs-layers': '^4.10.0',
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
  it.each(RUNTIMES.flatMap((on) => ['train.cjs', 'train.mjs'].map((program) => ({...on, program}))))(
    '$program trains a step on $runtime $version, and tf.loadLayersModel finds the layer',
    async ({runtime, version, program}) => {
      const printed = await runProgram(program, project, {runtime, version});
      expect(printed).toMatchObject({runtime, version});
      const {exports, trained, centers, reloadedCenters} = printed as {
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

  it.each(RUNTIMES)(
    'on $runtime $version the functions alone give loss, gradient and centers',
    async (on) => {
      expect(await runProgram('functions_alone.mjs', project, on)).toEqual({
        exports: FUNCTIONS,
        loss: 12.5,
        gradient: [[3, 4]],
        centers: [
          [0, 0],
          [1.5, 2],
        ],
      });
    },
    MINUTE,
  );

  it.each(RUNTIMES)(
    'on $runtime $version a model comes back from a folder',
    async (on) => {
      const [saved, loaded] = (await runProgram('save.mjs', project, on)) as number[][];
      expect(saved).toHaveLength(8);
      expect(loaded).toEqual(saved);
    },
    MINUTE,
  );

  it(
    'of the oldest version that is allowed, a program trains a step, and npm brings no second TensorFlow.js',
    async () => {
      const {peerDependencies} = readJson(path.join(REPOSITORY, 'package.json')) as {
        peerDependencies: Record<string, string>;
      };
      const oldest = peerDependencies['@tensorflow/tfjs-core']?.replace('^', '') ?? '';
      copyConsumer(oldProject, 'train.ts');
      await run('npm', ['install', ...INSTALL_OPTIONS, `@tensorflow/tfjs@${oldest}`], oldProject);
      await run('npm', ['install', ...INSTALL_OPTIONS, tarball], oldProject);
      const versions = filesUnder(path.join(oldProject, 'node_modules'))
        .filter((file) => file.endsWith('@tensorflow/tfjs-core/package.json'))
        .map((file) => (readJson(path.join(oldProject, 'node_modules', file)) as {version: string}).version);
      expect(versions).toEqual([oldest]);
      expect(await runProgram('train.mjs', oldProject)).toMatchObject({exports: API, centers: expect.any(Array)});
    },
    2 * MINUTE,
  );

  it(
    'a strict TypeScript program compiles, as ES module and as CommonJS, and trains a step',
    async () => {
      await compile('--module', 'nodenext', 'typed.mts', 'typed.cts');
      for (const program of ['typed.mjs', 'typed.cjs']) {
        expect(await runProgram(program)).toEqual({
          functions: FUNCTIONS,
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

  it.each(RUNTIMES.flatMap((on) => ['recognize.cjs', 'recognize.mjs'].map((program) => ({...on, program}))))(
    '$program enrols, calibrates, names and refuses on $runtime $version, and reloads what it saved',
    async ({program, ...on}) => {
      expect(await runProgram(program, bareProject, on)).toEqual({
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
    expect(used.some((file) => file.endsWith('evaluation/auroc.js'))).toBe(true);
    expect(used.filter((file) => file.includes('recognizer') || file.includes('search'))).toEqual([]);
  });
});

describe('in a bundle', () => {
  it('the files that register something are kept, and the entry that imports them', () => {
    const registering = filesUnder(path.join(REPOSITORY, 'lib')).filter((file) =>
      /\bregister(Class|Kernel)\(/.test(fs.readFileSync(path.join(REPOSITORY, 'lib', file), 'utf8')),
    );
    expect(registering).toContain('layer/center_loss_layer.ts');
    // Without the entry, webpack and rollup go past it to the file that they need, and leave the layer out.
    const kept = ['index.ts', ...registering].map((file) => `./dist/esm/${file.replace(/\.ts$/, '.js')}`);
    const {sideEffects} = readJson(path.join(installed, 'package.json')) as {sideEffects: string[]};
    expect(new Set(sideEffects)).toEqual(new Set([...kept, './dist/cjs/*']));
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
    expect(used).toContain(`${home}/layer/center_loss_layer.js`);
    expect(used).not.toContain(`${home}/models/attach.js`);
    expect(await runProgram('bundle.mjs')).toEqual(['function', expect.arrayContaining(['CenterLossLayer'])]);
  });

  it('the functions alone need of TensorFlow.js nothing but tfjs-core', async () => {
    const {used, imports} = await bundle(
      'functions.mjs',
      `import * as ops from 'tfjs-center-loss/ops'; console.log(JSON.stringify(Object.keys(ops)));`,
      ['@tensorflow/*'],
    );
    expect(imports).toEqual(new Set(['@tensorflow/tfjs-core']));
    expect(used).toContain('node_modules/tfjs-center-loss/dist/esm/kernels/dispatch.js');
    expect(await runProgram('functions.mjs')).toEqual(FUNCTIONS);
  });

  it('the functions add at most 13 kB gzipped to a small application on tfjs-core', async () => {
    const application = `import {grad, square, tensor1d} from '@tensorflow/tfjs-core';
                         console.log(grad(square)(tensor1d([1])).dataSync());`;
    const functions = `import * as ops from 'tfjs-center-loss/ops'; console.log(ops);`;
    const [without, withFunctions] = [await minifiedSize(application), await minifiedSize(application + functions)];
    process.stdout.write(`tfjs-center-loss/ops adds ${withFunctions - without} bytes gzipped\n`);
    expect(withFunctions - without).toBeLessThanOrEqual(13 * KILOBYTE);
  });

  it('the file for script tags has at most 18 kB gzipped', () => {
    const {unpkg, jsdelivr} = readJson(path.join(installed, 'package.json')) as Record<string, string>;
    expect(jsdelivr).toBe(unpkg);
    const size = gzipSync(fs.readFileSync(path.join(installed, unpkg ?? ''))).length;
    process.stdout.write(`${unpkg}: ${size} bytes gzipped\n`);
    expect(size).toBeLessThanOrEqual(18 * KILOBYTE);
  });

  it('a web page gets every part of TensorFlow.js once', async () => {
    const {used} = await bundle('page.mjs', `import './train.mjs';`, []);
    expect(used).toContain('node_modules/tfjs-center-loss/dist/esm/layer/center_loss_layer.js');
    expect(used).toContain('node_modules/@tensorflow/tfjs-layers/dist/engine/topology.js');
    expect(used.filter((file) => /\.node\.js$|\/cjs\//.test(file))).toEqual([]);
  });
});

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
async function runProgram(
  name: string,
  folder = project,
  {runtime, version}: Runtime = {runtime: 'node', version: THIS_NODE},
): Promise<unknown> {
  const isThis = runtime === 'node' && version === THIS_NODE;
  const program = isThis ? process.execPath : await runtimeProgram(runtime, version);
  const output = await run(program, [...ARGUMENTS[runtime], name], folder);
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

/** Bundles a program for the web, in the project: what the bundle is made of, and what it imports. */
async function bundle(
  outfile: string,
  contents: string,
  external: string[],
  folder = project,
): Promise<{used: string[]; imports: Set<string>}> {
  const {metafile} = await build({...forTheWeb(contents, folder), outfile, external, metafile: true});
  const outputs = Object.values(metafile.outputs);
  const used = outputs.flatMap(({inputs}) => Object.entries(inputs).filter(([, {bytesInOutput}]) => bytesInOutput > 0));
  const imports = outputs.flatMap((output) => output.imports.map((entry) => entry.path));
  return {used: used.map(([file]) => file), imports: new Set(imports)};
}

/** Of a program for the web, bundled with all that it imports, minified and gzipped. */
async function minifiedSize(contents: string): Promise<number> {
  const {outputFiles} = await build({...forTheWeb(contents), minify: true, write: false});
  return outputFiles.reduce((size, file) => size + gzipSync(file.contents).length, 0);
}

function forTheWeb(contents: string, folder = project) {
  return {
    stdin: {contents, resolveDir: folder},
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform: 'browser',
  } satisfies BuildOptions;
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
