import process from 'node:process';
import {fileURLToPath} from 'node:url';

import jestConfig from '../../jest.config.js';

/** The project that `npm run mutation` has come to. */
const name = process.env['MUTATION_PROJECT'] ?? 'cpu';

/** @type {import('jest').Config} */
export default {
  ...jestConfig.projects
    ?.filter((project) => typeof project === 'object')
    .find(({displayName}) => displayName === name),
  rootDir: '../..',
  // Recognition does without TensorFlow.js, which is what takes long to load.
  testMatch: [`<rootDir>/spec/${name === 'recognition' ? 'recognition/**/*.spec.ts' : 'mutation/all.spec.cjs'}`],
  testEnvironment: fileURLToPath(new URL('environment.cjs', import.meta.url)),
};
