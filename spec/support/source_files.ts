import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** All files in a folder of the repository and in those within it, by their paths in it, but for installed packages. */
export function filesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(ROOT, folder), path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !file.includes('node_modules/'))
    .sort();
}

/** What a file imports or requires, types included, as it is written there. */
export function importsOf(file: string): string[] {
  const {importedFiles} = ts.preProcessFile(readFileSync(path.join(ROOT, file), 'utf8'), true, true);
  return importedFiles.map(({fileName}) => fileName);
}
