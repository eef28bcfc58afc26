/**
 * @param {'CommonJS' | 'ESNext'} module
 * @returns {import('jest').Config}
 */
const typescriptAs = (module) => ({
  transform: {
    // Types are checked by `npm run typecheck`; here the specs only need to run.
    '^.+\\.ts$': [
      'ts-jest',
      {
        tsconfig: {
          module,
          moduleResolution: 'bundler',
          target: 'ES2022',
          esModuleInterop: true,
          isolatedModules: true,
        },
        useESM: module === 'ESNext',
        diagnostics: false,
      },
    ],
  },
  moduleNameMapper: {
    // Sources import './file.js', as Node's ES modules ask; the file is a '.ts' here.
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // What users write runs against the sources.
    '^tfjs-center-loss$': '<rootDir>/lib/index.ts',
    '^tfjs-center-loss/ops$': '<rootDir>/lib/ops/index.ts',
    '^tfjs-center-loss/recognition$': '<rootDir>/lib/recognition/index.ts',
  },
  testEnvironment: 'node',
  // A backend may still be starting when a file ends whose specs are all skipped. Jest's cleanup of the globals, by which it
  // warns of uses after the end, does not bear that (its setters call themselves without end).
  testEnvironmentOptions: {globalsCleanup: 'off'},
  setupFilesAfterEnv: ['<rootDir>/spec/support/assertions.ts'],
  // Built copies of the package would be mistaken for this one.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/output/'],
});

/** The behaviour specs run once per backend, from one source. */
const BEHAVIOUR_SPECS = '<rootDir>/spec/{,layer/,models/,ops/,labels/,kernels/}*.spec.ts';

/**
 * @param {string} backend
 * @returns {import('jest').Config}
 */
const inNode = (backend) => ({
  ...typescriptAs('CommonJS'),
  displayName: backend,
  testMatch: [BEHAVIOUR_SPECS],
  setupFilesAfterEnv: ['assertions', backend].map((file) => `<rootDir>/spec/support/${file}.ts`),
});

/**
 * @param {string} backend
 * @returns {import('jest').Config}
 */
const inChromium = (backend) => ({
  ...typescriptAs('CommonJS'),
  displayName: `${backend} in Chromium`,
  testMatch: [BEHAVIOUR_SPECS, '<rootDir>/spec/browser/*.spec.ts'],
  runner: ['<rootDir>/spec/support/runner_chromium.mjs', {backend}],
});

const onBackends = [
  inNode('cpu'),
  inNode('unknown'),
  inNode('wasm'),
  {
    ...inNode('tensorflow'),
    testMatch: [BEHAVIOUR_SPECS, '<rootDir>/spec/native/*.spec.ts'],
    testEnvironment: '<rootDir>/spec/support/tensorflow_environment.mjs',
  },
  {...inNode('wasm_scalar'), testMatch: ['<rootDir>/spec/kernels/*.spec.ts']},
  {...inNode('webgpu'), testEnvironment: '<rootDir>/spec/support/webgpu_environment.mjs'},
  inChromium('cpu'),
  inChromium('wasm'),
  {
    ...inChromium('wasm'),
    displayName: 'wasm with threads in Chromium',
    testMatch: ['kernels/*', 'ops/center_loss', 'layer/training', 'threads/*'].map(
      (name) => `<rootDir>/spec/${name}.spec.ts`,
    ),
    runner: ['<rootDir>/spec/support/runner_chromium.mjs', {backend: 'wasm', isIsolated: true}],
  },
  inChromium('webgl'),
  {
    ...inChromium('webgl'),
    displayName: 'webgl with 16-bit textures in Chromium',
    // Those that say what the numbers are.
    testMatch: ['{kernels,labels,ops}/*', 'layer/{bad_input,center_loss_layer,masking,training}', 'half_floats/*'].map(
      (name) => `<rootDir>/spec/${name}.spec.ts`,
    ),
    runner: ['<rootDir>/spec/support/runner_chromium.mjs', {backend: 'webgl', flags: {WEBGL_FORCE_F16_TEXTURES: true}}],
  },
  inChromium('webgpu'),
];

/** The demos draw with packages that are ES modules only. */
const asModules = {
  ...typescriptAs('ESNext'),
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/spec/support/jest_global.ts'],
  // Coverage is that of the behaviour specs; counts of differently compiled files would not add up.
  coveragePathIgnorePatterns: ['<rootDir>/lib/'],
};

/** @type {import('jest').Config} */
export default {
  projects: [
    ...onBackends,
    {...typescriptAs('CommonJS'), displayName: 'recognition', testMatch: ['<rootDir>/spec/recognition/**/*.spec.ts']},
    {...asModules, displayName: 'node', testMatch: ['<rootDir>/spec/{package,demo,studies,docs}/*.spec.ts']},
    {...asModules, displayName: 'web', testMatch: ['<rootDir>/spec/web/*.spec.ts']},
  ],
  reporters: [
    'default',
    ['<rootDir>/spec/support/backend_table_reporter.cjs', {backends: onBackends.map(({displayName}) => displayName)}],
    '<rootDir>/spec/support/tally_reporter.cjs',
  ],
  // What runs in browsers alone is left to the specs there.
  collectCoverageFrom: ['lib/**/*.ts', '!lib/kernels/webgl*.ts'],
  coverageReporters: ['text', 'html'],
  coverageThreshold: {global: {lines: 98, branches: 98}},
};
