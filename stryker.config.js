import process from 'node:process';

/**
 * The files of the library by the backend whose specs run against them: the one that the code is for.
 *
 * @type {Record<string, string[]>}
 */
const MUTATED = {
  cpu: ['lib/*.ts', 'lib/kernels/{cpu,loops,dispatch}.ts', '!lib/index.ts'],
  cpu_composite: ['lib/kernels/composite.ts'],
  wasm: ['lib/kernels/{wasm,wasm_simd}.ts'],
};

const backend = process.env['MUTATION_BACKEND'] ?? 'cpu';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: MUTATED[backend] ?? [],
  testRunner: 'jest',
  jest: {configFile: 'spec/mutation/jest.config.js', enableFindRelatedTests: false},
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  // The first test in which wasm is used makes the loops for all others.
  coverageAnalysis: backend === 'wasm' ? 'all' : 'perTest',
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `output/mutation/${backend}_incremental.json`,
  tempDirName: 'output/mutation/sandbox',
  reporters: ['clear-text', 'progress', 'json', 'html'],
  jsonReporter: {fileName: `output/mutation/${backend}.json`},
  htmlReporter: {fileName: `output/mutation/${backend}.html`},
  thresholds: {high: 95, low: 90, break: 90},
};
