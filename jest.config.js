import process from 'node:process';

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
  },
  testEnvironment: 'node',
  // Built copies of the package would be mistaken for this one.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/output/'],
});

/**
 * The behaviour specs run once per backend, from one source.
 *
 * @param {string} backend
 * @returns {import('jest').Config}
 */
const onBackend = (backend) => ({
  ...typescriptAs('CommonJS'),
  displayName: backend,
  testMatch: ['<rootDir>/spec/*.spec.ts', '<rootDir>/spec/kernels/*.spec.ts'],
  setupFilesAfterEnv: [`<rootDir>/spec/support/${backend}.ts`],
});

/** @type {import('jest').Config} */
export default {
  projects: [
    onBackend('cpu'),
    onBackend('cpu_composite'),
    onBackend('wasm'),
    {
      // The demo draws with packages that are ES modules only.
      ...typescriptAs('ESNext'),
      extensionsToTreatAsEsm: ['.ts'],
      setupFiles: ['<rootDir>/spec/support/jest_global.ts'],
      // Coverage is that of the behaviour specs; counts of differently compiled files would not add up.
      coveragePathIgnorePatterns: ['<rootDir>/lib/'],
      displayName: 'node',
      testMatch: ['<rootDir>/spec/{package,demo,docs}/*.spec.ts'],
    },
  ],
  reporters: ['default', '<rootDir>/spec/support/tally_reporter.cjs'],
  collectCoverage: process.env['CI'] === 'true',
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageReporters: ['text', 'html'],
  coverageThreshold: {global: {lines: 98, branches: 98}},
};
