import {mkdtempSync, realpathSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Before the first spec file of a run: a folder for what once_a_run.ts makes. */
// Jest wants a default export.
// eslint-disable-next-line no-restricted-exports
export default function begin() {
  process.env['SPECS_RUN_FOLDER'] = mkdtempSync(path.join(realpathSync(tmpdir()), 'center-loss-run-'));
}
