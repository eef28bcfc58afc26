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
  testMatch: ['<rootDir>/spec/mutation/all.spec.cjs'],
  testEnvironment: '<rootDir>/spec/mutation/environment.cjs',
};
