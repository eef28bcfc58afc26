import {tsImport} from 'tsx/esm/api';

/** @type {typeof import('./runner_jest.js')} */
const {BrowserRunner} = await tsImport('./runner_jest.ts', import.meta.url);

// Jest loads a runner as it is, without the transform of the specs, and wants a default export.
// eslint-disable-next-line no-restricted-exports
export default BrowserRunner;
