/**
 * Files in Node.js, Deno and Bun, without a native addon.
 *
 * @module tfjs-center-loss/node
 */
export {folder} from './folder.js';
export type {FolderHandler} from './folder.js';
export {writeWholeFile} from './write_whole_file.js';
