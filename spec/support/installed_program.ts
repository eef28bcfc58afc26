import {existsSync} from 'node:fs';
import process from 'node:process';

interface InstalledProgram {
  /** What it is called in sentences, with the verb: "Firefox is". */
  nameIs: string;
  /** The environment variable that names the program where it is in none of its usual places. */
  variable: string;
  usualPlaces: Partial<Record<NodeJS.Platform, string[]>>;
  debianPackage: string;
}

/** Where a browser is on this machine; the empty string where it is missing. */
export function pathOf({variable, usualPlaces}: InstalledProgram): string {
  return process.env[variable] ?? usualPlaces[process.platform]?.find(existsSync) ?? '';
}

/** Why it cannot run, or undefined. */
export function missing(program: InstalledProgram): string | undefined {
  const {nameIs, variable, debianPackage} = program;
  const path = pathOf(program);
  if (path === '') {
    return (
      `${nameIs} in its usual place. Install one, on Debian by apt-get update && apt-get install --yes ${debianPackage}, ` +
      `or name its program in the environment variable ${variable}.`
    );
  }
  return existsSync(path) ? undefined : `${variable} names ${path}, which does not exist.`;
}

/** Below each of the folders in which Windows has programs. */
export function onWindows(program: string): string[] {
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable];
    return folder === undefined ? [] : [`${folder}\\${program}`];
  });
}
