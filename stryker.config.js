import process from 'node:process';

/** Files with something in them for backends where labels are not read at once. */
const WITHOUT_READING = [
  'lib/center_loss_layer.ts',
  'lib/class_ids.ts',
  'lib/class_ids_on_gpu.ts',
  'lib/gradient_tape.ts',
  'lib/label_form.ts',
];

/**
 * The files of the library by the backend whose specs run against them: the one that the code is for.
 *
 * @type {Record<string, string[]>}
 */
export const MUTATED = {
  cpu: ['lib/*.ts', 'lib/kernels/{cpu,loops}.ts', '!lib/index.ts', ...WITHOUT_READING.map((file) => `!${file}`)],
  unknown: [...WITHOUT_READING, 'lib/kernels/{composite,dispatch}.ts'],
  wasm: ['lib/kernels/{wasm,wasm_simd}.ts'],
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
  ignoreStatic: true,
  tempDirName: 'output/mutation/sandbox',
  reporters: ['clear-text', 'progress', 'json', 'html'],
  jsonReporter: {fileName: `output/mutation/${backend}.json`},
  htmlReporter: {fileName: `output/mutation/${backend}.html`},
  thresholds: {high: 95, low: 90, break: null},
};
