import '@tensorflow/tfjs-backend-wasm';

import {HOW_TO_BUILD, loadNativeTensorFlow} from '../../scripts/native_tensorflow.cjs';
import {runCli} from '../../demo/node/cli.js';
import {toTerminal} from '../tables.js';
import type {Rows} from '../tables.js';
import {expectReached, printTargets} from '../targets.js';
import {runInBrowser} from './browser.js';
import {writeDocs} from './docs.js';
import {fitProfileRows} from './fit_profile.js';
import {measureGrowth} from './growth.js';
import {growthRows, growthTargetsOf} from './growth_tables.js';
import {importRows, importTargetsOf, measureImports} from './imports.js';
import {kerasRows, kerasTargetsOf, measureKeras} from './keras.js';
import {measureMemory, memoryRows, memoryTargetsOf} from './memory.js';
import {parseOptions} from './options.js';
import {saveResults} from './results.js';
import {runBackend} from './run.js';
import type {BackendResults} from './run.js';
import {keepingRows, keepingTargetsOf} from './keeping_tables.js';
import {measureKeeping} from './search_keeping.js';
import {measureSearch} from './search.js';
import {searchRows, searchTargetsOf} from './search_tables.js';
import {firstStepRows, fitRows, gridRows, threadsRows} from './step_tables.js';
import {targetsOf} from './targets.js';

/** Measures, prints tables, writes the numbers and the documentation page, and fails if a target is missed. */
await runCli(async (argv, signal) => {
  const options = parseOptions(argv);
  const {browser, parts, backends, grid, searchClasses, keptClasses, searchBackends, python, output, docs} = options;
  const results: BackendResults[] = [];
  for (const backend of parts.includes('steps') ? backends : []) {
    signal.throwIfAborted();
    if (backend === 'tensorflow' && !loadNativeTensorFlow()) {
      console.log(`\n${backend} is left out, since it is missing. ${HOW_TO_BUILD}`);
      continue;
    }
    console.log(`\n${backend}${browser ? ' in Chromium' : ''}`);
    const result = browser ? await runInBrowser(backend, grid) : await runBackend(backend, grid, false, signal);
    console.log(toTerminal(gridRows(result.points)));
    results.push(result);
  }
  show('A step of fit', fitRows(results));
  show('With threads', threadsRows(results));
  show('The first step of fit', firstStepRows(results));
  show('The operations of a step of fit', fitProfileRows(results.flatMap((result) => result.fitProfiles ?? [])));
  // Before others have made recognizers: only some of those in a process have loops in WebAssembly, until the collector takes them.
  const growth = parts.includes('growth') ? await measureGrowth(signal) : [];
  show('Growth', growthRows(growth));
  const search = parts.includes('search') ? await measureSearch(searchClasses, searchBackends, python, signal) : [];
  show('Search', searchRows(search));
  const keeping = parts.includes('keeping') ? await measureKeeping(keptClasses, signal) : [];
  show('Filling, saving, loading', keepingRows(keeping));
  const memory = parts.includes('keeping') ? await measureMemory(keptClasses, signal) : [];
  show('Memory', memoryRows(memory));
  const imports = parts.includes('imports') ? await measureImports(signal) : [];
  show('Imports', importRows(imports));
  const keras = parts.includes('keras') ? await measureKeras(python, signal) : [];
  show('Keras', kerasRows(keras));
  const targets = [
    ...results.flatMap((result) => targetsOf(result, !browser)),
    ...searchTargetsOf(search),
    ...keepingTargetsOf(keeping),
    ...memoryTargetsOf(memory),
    ...importTargetsOf(imports),
    ...growthTargetsOf(growth),
    ...kerasTargetsOf(keras),
  ];
  printTargets(targets);
  const all = await saveResults(output, {
    ...(browser ? {node: [], browser: results} : {node: results, browser: []}),
    search,
    keeping,
    memory,
    imports,
    growth,
    keras,
  });
  if (docs !== false) {
    await writeDocs(docs, all);
  }
  expectReached(targets);
});

/** Prints a table, unless nothing of it was measured. */
function show(title: string, rows: Rows): void {
  if (rows.body.length > 0) {
    console.log(`\n${title}\n${toTerminal(rows)}`);
  }
}
