import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {cp, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..', '..');
const SMALL = ['--samples', '1000', '--epochs', '1', '--per-class'];

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const children: ChildProcess[] = [];
let folder: string;
/** Written by two runs of the same command. */
let first: string;
let second: string;
let firstRun: Ended;

// Training and evaluating take seconds each, more on a busy machine.
jest.setTimeout(120_000);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'center-loss-demo-'));
  first = path.join(folder, 'first');
  second = path.join(folder, 'second');
  [firstRun] = await Promise.all([
    ended(start('main.ts', ...SMALL, '--output', first)),
    ended(start('main.ts', ...SMALL, '--output', second)),
  ]);
});

afterAll(async () => {
  // Those of a test that ran out of time.
  for (const child of children) {
    child.kill('SIGKILL');
  }
  await rm(folder, {recursive: true});
});

function start(program: string, ...argv: string[]): ChildProcess {
  const file = path.join(ROOT, 'demo', 'node', program);
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...argv], {cwd: ROOT});
  children.push(child);
  return child;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const result = {stdout: '', stderr: ''};
  child.stdout?.on('data', (data) => (result.stdout += String(data)));
  child.stderr?.on('data', (data) => (result.stderr += String(data)));
  const [code] = (await once(child, 'close')) as [number | null];
  return {code, ...result};
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe('npm run demo', () => {
  test('ends well, with the results of both runs', () => {
    expect(firstRun).toMatchObject({code: 0, stderr: ''});
    expect(firstRun.stdout).toMatch(/epoch 1\/1 {2}loss \d\.\d+ {2}accuracy 0\.\d+ {2}center loss \d/);
    expect(firstRun.stdout).toMatch(/│ softmax +│ +0\.\d{4} │/);
    expect(firstRun.stdout).toMatch(/│ softmax \+ center loss +│ +0\.\d{4} │/);
    expect(firstRun.stdout).toMatch(/│ +9 │ softmax/);
  });

  test('writes models, figure and results, and nothing else', async () => {
    expect(await filesIn(first)).toEqual([
      'classifier/model.json',
      expect.stringMatching(/^classifier\/weights\.[0-9a-f]{16}\.bin$/),
      'features.png',
      'features.svg',
      'model/model.json',
      expect.stringMatching(/^model\/weights\.[0-9a-f]{16}\.bin$/),
      'recognizer.json',
      'results.json',
    ]);
  });

  test('draws every fifth of the 10,000 test pictures, twice', async () => {
    const svg = await readFile(path.join(first, 'features.svg'), 'utf8');
    // Points, numbered circles and the legend.
    expect(svg.match(/<path aria-label="feature 1: /g)).toHaveLength(2 * (2000 + 10));
    expect(svg).toContain('circles: the class means');
    expect(svg).toContain('circles: the learned centers');
    const png = await readFile(path.join(first, 'features.png'));
    expect(png.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');
    expect(png.readUInt32BE(16)).toBeGreaterThan(1500);
  });

  test('gives the same again for the same seed', async () => {
    // The files of weights are named by what is in them.
    expect(await filesIn(second)).toEqual(await filesIn(first));
    for (const file of ['results.json', 'recognizer.json', 'features.svg']) {
      expect(await readFile(path.join(second, file))).toEqual(await readFile(path.join(first, file)));
    }
  });

  test('has another process reload both models and classify', () => {
    expect(firstRun.stdout).toContain(
      'Reloaded both models in a second process: predictions and centers are the same.',
    );
    expect(firstRun.stdout.match(/label {6}\d/g)).toHaveLength(10);
    expect(firstRun.stdout.match(/recognized (\d|none)/g)).toHaveLength(11);
    expect(firstRun.stdout.match(/distance {3}\d+\.\d\d/g)).toHaveLength(11);
  });

  test('has that process refuse what is no digit', () => {
    const [, after] = firstRun.stdout.split('label      none');
    expect(after).toMatch(/predicted {2}\d/);
    expect(after).toContain('recognized none');
  });

  test('without 2-D features leaves no figure, not even that of an earlier run', async () => {
    const copy = path.join(folder, 'copy');
    await cp(first, copy, {recursive: true});
    const {code, stdout} = await ended(
      start('main.ts', '--samples', '200', '--epochs', '1', '--no-baseline', '--feature-dim', '3', '--output', copy),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Drew no figure: it needs --feature-dim 2, got 3.');
    expect(stdout).not.toContain('loss weight 0\n');
    const withoutHash = (files: string[]) => files.map((file) => file.replace(/\.[0-9a-f]{16}\./, '.'));
    expect(withoutHash(await filesIn(copy))).toEqual(
      withoutHash(await filesIn(first)).filter((file) => !file.startsWith('features')),
    );
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('stopped by %s leaves no file', async (signal) => {
    const output = path.join(folder, signal);
    const child = start('main.ts', '--epochs', '1000', '--samples', '2000', '--output', output);
    child.stdout?.on('data', (data) => {
      if (String(data).includes('epoch    2/1000')) {
        child.kill(signal);
      }
    });
    const {code, stderr} = await ended(child);
    expect({code, stderr}).toEqual({code: signal === 'SIGINT' ? 130 : 143, stderr: 'Stopped.\n'});
    expect(await filesIn(output)).toEqual([]);
  });

  test('ends with code 2 and a message for a wrong option, with 0 for --help', async () => {
    const [wrong, help] = await Promise.all([
      ended(start('main.ts', '--alpha', '2', '--output', path.join(folder, 'wrong'))),
      ended(start('main.ts', '--help')),
    ]);
    expect(wrong).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "error: option '--alpha <x>' argument '2' is invalid. Expected a number from 0 to 1.\n" +
        '(--help lists the options)\n',
    });
    expect(help).toMatchObject({code: 0, stderr: ''});
    expect(help.stdout).toContain('Usage: npm run demo -- [options]');
    expect(await readdir(folder)).not.toContain('wrong');
  });

  test('ends with code 1 and a message where it cannot write', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const {code, stdout, stderr} = await ended(start('main.ts', '--output', file));
    expect({code, stdout}).toEqual({code: 1, stdout: ''});
    expect(stderr).toMatch(/^Error: EEXIST.*\n$/);
  });
});

describe('the second process', () => {
  test.each(['classifier', 'model'])('notices a %s that is not the one saved', async (model) => {
    const copy = path.join(folder, `changed ${model}`);
    await cp(first, copy, {recursive: true});
    const [name = ''] = (await readdir(path.join(copy, model))).filter((file) => file.endsWith('.bin'));
    const weightsFile = path.join(copy, model, name);
    const weights = await readFile(weightsFile);
    weights.fill(0, weights.length - 4);
    await writeFile(weightsFile, weights);
    const {code, stderr} = await ended(start('classify.ts', copy));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: The .* have changed since the model was saved\.\n$/);
  });

  test('says where it found nothing', async () => {
    const {code, stderr} = await ended(start('classify.ts', path.join(folder, 'nowhere')));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: ENOENT.*nowhere.results\.json'\n$/);
  });
});
