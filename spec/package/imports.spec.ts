import {readFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import path from 'node:path';
import {filesIn, importsOf, ROOT} from '../support/source_files.js';

/** The files of lib from top to bottom; a folder stands for all that is in it. A file imports none from above it. */
const ORDER = [
  ['index.ts'],
  ['models/'],
  ['layer/'],
  ['ops/'],
  ['labels/'],
  ['kernels/'],
  ['tfjs_internals.ts', 'tfjs_layers_internals.ts'],
  ['node/'],
  ['recognition/index.ts'],
  ['recognition/evaluation/'],
  ['recognition/'],
  ['recognition/search/'],
  ['options.ts'],
  ['errors.ts', 'base64.ts'],
];

type Graph = ReadonlyMap<string, readonly string[]>;

/** The programs of the repository. */
const sources = ['lib', 'spec', 'demo', 'studies', 'python', 'scripts'].flatMap((folder) =>
  filesIn(folder)
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .map((file) => `${folder}/${file}`),
);

/** By file, the files of the repository that it imports. */
const repository: Graph = new Map(
  sources.map((file) => [
    file,
    importsOf(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, '.ts')),
  ]),
);

/** By file of lib, the files of lib that it imports. */
const library: Graph = new Map(
  [...repository]
    .filter(([file]) => file.startsWith('lib/'))
    .map(([file, targets]) => [file.slice('lib/'.length), targets.map((target) => target.replace(/^lib\//, ''))]),
);

/** The row of a file in the order, or -1. Of a folder and one within it the inner one counts. */
function rowOf(file: string): number {
  const places = ORDER.flatMap((row, index) => row.map((place) => ({place, index})));
  return places
    .filter(({place}) => (place.endsWith('/') ? file.startsWith(place) : file === place))
    .reduce((best, {place, index}) => (place.length > best.length ? {length: place.length, index} : best), {
      length: 0,
      index: -1,
    }).index;
}

/** The imports of a file from above it, as 'file imports file'. */
function importsFromAbove(graph: Graph): string[] {
  return [...graph].flatMap(([file, targets]) =>
    targets
      .filter((target) => rowOf(target) >= 0 && rowOf(target) < rowOf(file))
      .map((target) => `${file} imports ${target}`),
  );
}

/** Files of which each imports the next, and the last the first; empty if there are none. */
function circleIn(graph: Graph): string[] {
  const done = new Set<string>();
  const search = (file: string, path: string[]): string[] => {
    if (path.includes(file)) {
      return path.slice(path.indexOf(file));
    }
    for (const target of done.has(file) ? [] : (graph.get(file) ?? [])) {
      const circle = search(target, [...path, file]);
      if (circle.length > 0) {
        return circle;
      }
    }
    done.add(file);
    return [];
  };
  return [...graph.keys()].map((file) => search(file, [])).find((circle) => circle.length > 0) ?? [];
}

describe('The files of lib', () => {
  it('have a place in the order, each', () => {
    expect([...library.keys()].filter((file) => rowOf(file) < 0)).toEqual([]);
  });

  it('are all that the order names', () => {
    const isThere = (place: string) => [...library.keys()].some((file) => file.startsWith(place));
    expect(ORDER.flat().filter((place) => !isThere(place))).toEqual([]);
  });

  it('import files that exist', () => {
    const targets = [...library.values()].flat();
    expect(targets.length).toBeGreaterThan(library.size);
    expect(targets.filter((target) => !library.has(target))).toEqual([]);
  });

  it('import nothing from above them', () => {
    expect(importsFromAbove(library)).toEqual([]);
    expect(importsFromAbove(new Map([['errors.ts', ['labels/class_ids.ts']]]))).toHaveLength(1);
  });

  it('import each other in no circle, as all files of the repository', () => {
    expect(circleIn(repository)).toEqual([]);
    const withCircle = {a: ['b'], b: ['c', 'd'], c: [], d: ['e'], e: ['b']};
    expect(circleIn(new Map(Object.entries(withCircle)))).toEqual(['b', 'd', 'e']);
  });
});

describe('The packages that the repository imports', () => {
  it('are declared in package.json', () => {
    const {name, devDependencies, peerDependencies} = JSON.parse(
      readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
    ) as {name: string; devDependencies: object; peerDependencies: object};
    const declared = new Set([name, ...Object.keys(devDependencies), ...Object.keys(peerDependencies)]);
    const undeclared = sources.flatMap((file) =>
      importsOf(file)
        // What begins with 'virtual:' is made by a plugin of Vite.
        .filter((target) => !/^(\.|virtual:)/.test(target) && !isBuiltin(target))
        .map((target) => target.split('/', target.startsWith('@') ? 2 : 1).join('/'))
        .filter((target) => !declared.has(target))
        .map((target) => `${target} in ${file}`),
    );
    expect(undeclared).toEqual([]);
  });
});
