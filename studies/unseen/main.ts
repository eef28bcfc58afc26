import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';

import {writeWholeFile} from 'tfjs-center-loss/node';

import {useBackend} from '../../demo/node/backend.js';
import {runCli} from '../../demo/node/cli.js';
import {showProgress} from '../progress.js';
import {toTerminal} from '../tables.js';
import {expectReached, printTargets} from '../targets.js';
import {writeDocs} from './docs.js';
import {readRuns, readSmallSet} from './omniglot.js';
import {parseOptions} from './options.js';
import {trialsOf} from './protocol.js';
import {toRun} from './results.js';
import {qualityRows, templateRows, trialLine, waysRows} from './tables.js';
import {targetsOf} from './targets.js';
import {runTrial, savedResults} from './trial.js';
import type {TrialResults} from './trial.js';

/** Trains and measures, prints tables, writes the numbers and the documentation page, and fails if a target is missed. */
await runCli(async (argv, signal) => {
  const {omniglot, seeds, epochs, output, docs} = parseOptions(argv);
  await useBackend('tensorflow');
  const data = {
    sets: {1: await readSmallSet(omniglot, 1), 2: await readSmallSet(omniglot, 2)},
    runs: await readRuns(omniglot),
  };
  const folder = join(output, 'unseen');
  const trials = trialsOf(seeds, epochs);
  const saved = await Promise.all(trials.map((trial) => savedResults(trial, folder)));
  // Those that take time, by which the time left is told.
  const count = saved.filter((result) => !result).length;
  console.log(`\nOmniglot on tensorflow: ${count} trainings, ${trials.length - count} done before`);
  const progress = showProgress(count);
  const results: TrialResults[] = [];
  let done = 0;
  try {
    for (const [nth, trial] of trials.entries()) {
      let result = saved[nth];
      if (!result) {
        result = await runTrial(trial, data, folder, (share) => {
          signal.throwIfAborted();
          progress.update(done + share);
        });
        done++;
        progress.update(done);
        progress.tell(trialLine(result));
      }
      results.push(result);
    }
  } finally {
    progress.stop();
  }
  const run = toRun(results);
  const targets = targetsOf(run.trials);
  console.log(`\nCharacters never seen\n${toTerminal(qualityRows(run.trials))}`);
  console.log(`\nLooks and scores\n${toTerminal(waysRows(run.trials))}`);
  console.log(`\nTemplates\n${toTerminal(templateRows(run.trials))}`);
  printTargets(targets);
  await mkdir(output, {recursive: true});
  await writeWholeFile(join(output, 'unseen.json'), JSON.stringify(run));
  if (docs !== false) {
    await writeDocs(docs, run);
  }
  expectReached(targets);
});
