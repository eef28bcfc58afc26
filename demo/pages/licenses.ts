import {readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

import license from 'rollup-plugin-license';
import type {Plugin} from 'vite';

/** What the service worker is made of, which no page imports. */
const OF_EVERY_PAGE = ['workbox-core', 'workbox-precaching', 'workbox-routing', 'workbox-strategies'];

/** What comes into the build on other ways than by an import. */
export interface Besides {
  /** Of npm packages. */
  packages?: readonly string[];
  /** What is no package, with its licence. */
  notes?: readonly string[];
}

interface Licensed {
  name: string | null;
  version: string | null;
  license: string | null;
  licenseText: string | null;
}

/** Its types say that the plugin is a member of what is imported; in fact it is that itself. */
const licensePlugin = license as unknown as typeof license.default;

const bundled = new Map<string, Licensed>();

/** Notes what is bundled. The page and its worker are bundles of their own, so each needs this plugin. */
export function noteLicenses(): Plugin {
  return licensePlugin({
    thirdParty: {
      multipleVersions: true,
      output: (dependencies) => {
        for (const {name, version, license: terms, licenseText} of dependencies) {
          bundled.set(`${String(name)} ${String(version)}`, {name, version, license: terms, licenseText});
        }
      },
    },
  }) as Plugin;
}

/** Writes the licences of all that has been noted into the build, and a link to them onto the page. */
export function writeLicenses(file: string, {packages = [], notes = []}: Besides): Plugin {
  return {
    name: 'write-licenses',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'nav',
        attrs: {class: 'licenses', 'aria-label': 'Licences'},
        children: [{tag: 'a', attrs: {href: `./${file}`}, children: 'Licences of what this page is made of'}],
        injectTo: 'body',
      },
    ],
    generateBundle() {
      const all = [...bundled.values(), ...[...OF_EVERY_PAGE, ...packages].map(installed)].sort((a, b) =>
        String(a.name).localeCompare(String(b.name)),
      );
      const texts = [...notes, ...all.map((one) => textOf(one, all))];
      this.emitFile({type: 'asset', fileName: file, source: texts.join(`\n${'-'.repeat(80)}\n\n`)});
    },
  };
}

function textOf({name, version, license: terms, licenseText}: Licensed, all: readonly Licensed[]): string {
  // Some packages name their licence, and leave its text out.
  const alike = all.find((other) => other.license === terms && other.licenseText);
  const text =
    licenseText ?? `Its package has no text. That of the same licence stands here at ${String(alike?.name)}.`;
  return `${String(name)} ${String(version)}\nLicence: ${String(terms)}\n\n${text.trim()}\n`;
}

function installed(name: string): Licensed {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const {version, license: terms} = JSON.parse(readFileSync(file, 'utf8')) as Record<'version' | 'license', string>;
  const text = readdirSync(path.dirname(file)).find((one) => /^licen[cs]e/i.test(one));
  return {
    name,
    version,
    license: terms,
    licenseText: text === undefined ? null : readFileSync(path.join(path.dirname(file), text), 'utf8'),
  };
}
