import {createRequire} from 'node:module';
import path from 'node:path';
import {compileFunction} from 'node:vm';
import {build} from 'esbuild';
import type * as Package from '../../lib/index.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The package as a minifier leaves it in an application: with names that nobody has chosen. */
async function minifiedPackage(): Promise<typeof Package> {
  const {outputFiles} = await build({
    entryPoints: [path.join(ROOT, 'lib/index.ts')],
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    external: ['@tensorflow/*'],
    write: false,
  });
  const module = {exports: {}};
  const load = compileFunction(outputFiles[0]?.text ?? '', ['require', 'module', 'exports']) as (
    ...args: unknown[]
  ) => void;
  load(createRequire(path.join(ROOT, 'package.json')), module, module.exports);
  return module.exports as typeof Package;
}

describe('In a minified program', () => {
  it('losses and metrics keep the names that the history has, while other functions lose theirs', async () => {
    const {softmaxCrossEntropy, categoricalAccuracy, centerLoss, CenterLossLayer} = await minifiedPackage();
    expect(softmaxCrossEntropy.name).toBe('softmaxCrossEntropy');
    expect(categoricalAccuracy.name).toBe('categoricalAccuracy');
    expect(new CenterLossLayer({numClasses: 2}).metric().name).toBe('centerLoss');
    expect(centerLoss.name).not.toBe('centerLoss');
  });
});
