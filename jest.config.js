/** @param {string[]} more */
const setup = (...more) =>
  ['assertions', 'same_random_numbers', ...more].map((file) => `<rootDir>/spec/support/${file}.ts`);

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
    '^tfjs-center-loss/node$': '<rootDir>/lib/node/index.ts',
    '^tfjs-center-loss/ops$': '<rootDir>/lib/ops/index.ts',
    '^tfjs-center-loss/recognition$': '<rootDir>/lib/recognition/index.ts',
  },
  testEnvironment: 'node',
  // A backend may still be starting when a file ends whose specs are all skipped. Jest's cleanup of the globals, by which it
  // warns of uses after the end, does not bear that (its setters call themselves without end).
  testEnvironmentOptions: {globalsCleanup: 'off'},
  setupFilesAfterEnv: setup(),
  // Built copies of the package would be mistaken for this one.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/output/'],
});

/** What depends on the backend: these specs run once on each, from one source. */
const BEHAVIOUR_SPECS = ['{,layer/,ops/,labels/,kernels/}*', 'models/attach_detach'].map(
  (name) => `<rootDir>/spec/${name}.spec.ts`,
);

/**
 * How models are attached to, saved and freed. A backend has no say in that but by when it gives values: these specs run on
 * one that computes in JavaScript, on one that computes outside of it, and on one that gives values later. On GPUs that are
 * computed in software they would take ten minutes.
 */
const GRAPH_SPECS = '<rootDir>/spec/models/*.spec.ts';

const RUNNER = '<rootDir>/spec/support/runner.mjs';

/**
 * @param {string} backend
 * @param {string[]} moreSpecs
 * @returns {import('jest').Config}
 */
const inNode = (backend, ...moreSpecs) => ({
  ...typescriptAs('CommonJS'),
  displayName: backend,
  testMatch: [...BEHAVIOUR_SPECS, ...moreSpecs],
  setupFilesAfterEnv: setup(backend),
});

/**
 * @param {'Chromium' | 'Firefox'} browser
 * @param {string} backend
 * @returns {import('jest').Config}
 */
const inBrowser = (browser, backend) => ({
  ...typescriptAs('CommonJS'),
  displayName: `${backend} in ${browser}`,
  testMatch: [...BEHAVIOUR_SPECS, '<rootDir>/spec/browser/*.spec.ts'],
  runner: [RUNNER, {browser, backend}],
});

/**
 * On a page that is isolated from other origins.
 *
 * @param {'Chromium' | 'Firefox'} browser
 * @returns {import('jest').Config}
 */
const withThreads = (browser) => ({
  ...inBrowser(browser, 'wasm'),
  displayName: `wasm with threads in ${browser}`,
  testMatch: ['kernels/*', 'ops/center_loss', 'layer/training', 'threads/*'].map(
    (name) => `<rootDir>/spec/${name}.spec.ts`,
  ),
  runner: [RUNNER, {browser, backend: 'wasm', isIsolated: true}],
});

/** They need nothing but Node.js and what npm brings. */
const onBackendsInNode = [
  inNode('cpu', GRAPH_SPECS),
  inNode('unknown', GRAPH_SPECS),
  inNode('wasm', GRAPH_SPECS),
  {...inNode('wasm_scalar'), testMatch: ['<rootDir>/spec/kernels/*.spec.ts']},
];

const onOtherBackends = [
  {
    ...inNode('tensorflow', '<rootDir>/spec/native/*.spec.ts'),
    testEnvironment: '<rootDir>/spec/support/tensorflow_environment.mjs',
  },
  {...inNode('webgpu'), testEnvironment: '<rootDir>/spec/support/webgpu_environment.mjs'},
  inBrowser('Chromium', 'cpu'),
  inBrowser('Chromium', 'wasm'),
  withThreads('Chromium'),
  inBrowser('Chromium', 'webgl'),
  {
    ...inBrowser('Chromium', 'webgl'),
    displayName: 'webgl with 16-bit textures in Chromium',
    // Those that say what the numbers are.
    testMatch: [
      '{kernels,ops}/*',
      'labels/class_ids',
      'layer/{bad_input,center_loss_layer,masking,training}',
      'half_floats/*',
    ].map((name) => `<rootDir>/spec/${name}.spec.ts`),
    runner: [RUNNER, {browser: 'Chromium', backend: 'webgl', flags: {WEBGL_FORCE_F16_TEXTURES: true}}],
  },
  inBrowser('Chromium', 'webgpu'),
  // Firefox on Linux has no WebGPU yet.
  inBrowser('Firefox', 'wasm'),
  withThreads('Firefox'),
  ...['cpu', 'webgl'].map((backend) => ({
    ...inBrowser('Firefox', backend),
    testMatch: ['kernels/*', 'layer/training', 'browser/*'].map((name) => `<rootDir>/spec/${name}.spec.ts`),
  })),
];

/** The demos draw with packages that are ES modules only. */
const asModules = {
  ...typescriptAs('ESNext'),
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/spec/support/jest_global.ts'],
  // Coverage is that of the behaviour specs; counts of differently compiled files would not add up.
  coveragePathIgnorePatterns: ['<rootDir>/lib/'],
};

const inNodeAlone = [
  ...onBackendsInNode,
  {...typescriptAs('CommonJS'), displayName: 'recognition', testMatch: ['<rootDir>/spec/recognition/**/*.spec.ts']},
  {
    ...asModules,
    displayName: 'node',
    testMatch: ['<rootDir>/spec/{package,node,demo,studies,docs,support}/**/*.spec.ts'],
  },
];

const backends = [...onBackendsInNode, ...onOtherBackends].map(({displayName}) => displayName);

/** The names of what `npm test` runs unless it is told otherwise. */
export const IN_NODE_ALONE = inNodeAlone.map(({displayName}) => String(displayName));

/** @type {import('jest').Config} */
export default {
  projects: [
    ...inNodeAlone,
    ...onOtherBackends,
    {...asModules, displayName: 'web', testMatch: ['<rootDir>/spec/web/*.spec.ts']},
    {...asModules, displayName: 'faces', testMatch: ['<rootDir>/spec/faces/*.spec.ts']},
    {
      ...asModules,
      displayName: 'pages in Firefox',
      testMatch: ['web/{page,pages,recipes}', 'faces/faces'].map((name) => `<rootDir>/spec/${name}.spec.ts`),
      globals: {browser: 'Firefox'},
    },
  ],
  globalSetup: '<rootDir>/spec/support/once_a_run_begin.mjs',
  globalTeardown: '<rootDir>/spec/support/once_a_run_end.mjs',
  maxWorkers: '100%',
  // It is there for what hangs: what is slow, on a machine that has much else to do, is no failure.
  testTimeout: 60_000,
  reporters: [
    'default',
    ['<rootDir>/spec/support/backend_table_reporter.cjs', {backends}],
    '<rootDir>/spec/support/tally_reporter.cjs',
  ],
  // What runs in browsers alone is left to the specs there.
  collectCoverageFrom: ['lib/**/*.ts', '!lib/kernels/webgl*.ts'],
  coverageReporters: ['text', 'html'],
  coverageThreshold: {global: {lines: 98, branches: 98}},
};
