import process from 'node:process';

/**
 * The files of the library by the backend whose specs run against them. A mutant has to be noticed on one of them: code
 * for backends where labels are not read at once does not run on cpu, and the other way round.
 *
 * @type {Record<string, string[]>}
 */
export const MUTATED = {
  cpu: [
    'lib/*.ts',
    'lib/labels/*.ts',
    'lib/kernels/{cpu,host,loops,dispatch}.ts',
    '!lib/index.ts',
    '!lib/labels/ids_on_device.ts',
  ],
  unknown: ['lib/{center_loss_layer,tfjs_internals}.ts', 'lib/labels/*.ts', 'lib/kernels/{composite,dispatch}.ts'],
  wasm: ['lib/kernels/wasm*.ts', '!lib/kernels/wasm_simd_binary.ts'],
};

const backend = process.env['MUTATION_BACKEND'] ?? 'cpu';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: MUTATED[backend] ?? [],
  testRunner: 'jest',
  jest: {configFile: 'spec/mutation/jest.config.js', enableFindRelatedTests: false},
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  // Under load a slow failure must not count as an endless loop.
  timeoutMS: 15_000,
  // The first test in which wasm is used makes the loops for all others.
  coverageAnalysis: backend === 'wasm' ? 'all' : 'perTest',
  ignoreStatic: backend !== 'wasm',
  tempDirName: 'output/mutation/sandbox',
  reporters: ['clear-text', 'progress', 'json', 'html'],
  jsonReporter: {fileName: `output/mutation/${backend}.json`},
  htmlReporter: {fileName: `output/mutation/${backend}.html`},
  thresholds: {high: 95, low: 90, break: null},
};
