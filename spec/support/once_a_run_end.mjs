import {rmSync} from 'node:fs';
import process from 'node:process';

/** After the last spec file of a run. */
// Jest wants a default export.
// eslint-disable-next-line no-restricted-exports
export default function end() {
  rmSync(process.env['SPECS_RUN_FOLDER'] ?? '', {recursive: true, force: true});
}
