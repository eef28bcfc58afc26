import process from 'node:process';

import jestConfig from '../../jest.config.js';

/** The backend that `npm run mutation` has come to. */
const backend = process.env['MUTATION_BACKEND'];

/** @type {import('jest').Config} */
export default {
  ...jestConfig.projects
    ?.filter((project) => typeof project === 'object')
    .find(({displayName}) => displayName === backend),
  rootDir: '../..',
  // Recognition does without TensorFlow.js, which is what takes long to load.
  testMatch: [`<rootDir>/spec/${backend === 'recognition' ? 'recognition/*.spec.ts' : 'mutation/all.spec.cjs'}`],
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
};
