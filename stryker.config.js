import process from 'node:process';

/**
 * The files of the library by the Jest project whose specs run against them first. Kernels for webgl and webgpu are left
 * out, which no backend in Node.js runs fast enough; those for native TensorFlow as well, which few machines have.
 *
 * @type {Record<string, string[]>}
 */
export const MUTATED = {
  cpu: [
    'lib/*.ts',
    'lib/{layer,models,ops,labels}/*.ts',
    'lib/kernels/{cpu,host,loops,dispatch}.ts',
    '!lib/{index,ops/index}.ts',
    '!lib/labels/ids_on_device.ts',
  ],
  unknown: ['lib/labels/ids_on_device.ts', 'lib/kernels/composite.ts'],
  wasm: ['lib/kernels/wasm*.ts', '!lib/kernels/wasm_simd_binary.ts'],
  recognition: ['lib/recognition/**/*.ts', '!lib/recognition/index.ts', '!lib/recognition/**/*_binary.ts'],
};

const project = process.env['MUTATION_PROJECT'] ?? 'cpu';
/** What the specs of the projects before did not notice. */
const ranges = process.env['MUTATION_RANGES']?.split(' ').filter(Boolean) ?? [];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [...(MUTATED[project] ?? []), ...ranges],
  testRunner: 'jest',
  jest: {configFile: 'spec/mutation/jest.config.js', enableFindRelatedTests: false},
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  // All specs of a project, with what counts which lines they reach.
  dryRunTimeoutMinutes: 30,
  // Under load a slow failure must not count as an endless loop.
  timeoutMS: 15_000,
  // The first test in which wasm is used makes the loops for all others.
  coverageAnalysis: project === 'wasm' ? 'all' : 'perTest',
  ignoreStatic: project !== 'wasm',
  tempDirName: 'output/mutation/sandbox',
  // A Python that is installed there has links that cannot be copied.
  ignorePatterns: ['output'],
  reporters: ['clear-text', 'progress', 'json', 'html'],
  jsonReporter: {fileName: `output/mutation/${project}.json`},
  htmlReporter: {fileName: `output/mutation/${project}.html`},
  thresholds: {high: 95, low: 90, break: null},
};
