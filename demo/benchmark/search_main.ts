import '@tensorflow/tfjs-backend-wasm';

import {Command} from 'commander';

import {runCli} from '../node/cli.js';
import {measureSearch} from './search.js';
import {searchRows, searchTargetRows} from './search_tables.js';
import {toTerminal} from './tables.js';

/** Measures the exact search beside others, and prints tables. */
await runCli(async (argv, signal) => {
  const {classes, python} = new Command('npm run benchmark:search --')
    .description('Measures the search of the recognizer beside matMul + topk, and FAISS where there is one.')
    .option('--classes <numbers...>', 'numbers of classes', ['10000', '100000', '1000000'])
    .option('--python <program>', 'a Python with faiss-cpu', 'python3')
    .exitOverride()
    .parse(argv, {from: 'user'})
    .opts<{classes: string[]; python: string}>();
  const points = await measureSearch(classes.map(Number), ['cpu', 'wasm'], python, signal);
  console.log(toTerminal(searchRows(points)));
  console.log(`\nTargets\n${toTerminal(searchTargetRows(points))}`);
});
