import {runCli} from '../../demo/node/cli.js';
import {toTerminal} from '../tables.js';
import {expectReached, printTargets} from '../targets.js';
import {writeDocs} from './docs.js';
import {choiceJobs, comparisonJobs} from './jobs.js';
import type {JobResults} from './jobs.js';
import {NETWORKS} from './networks.js';
import {parseOptions} from './options.js';
import {showProgress} from '../progress.js';
import {saveRun, toRun} from './results.js';
import {calibrationRows, choiceRows, fewSamplesRows, qualityRows, trialLine} from './tables.js';
import {targetsOf, turnedTargetsOf} from './targets.js';
import {runJobs} from './workers.js';

/** Trains and measures, prints tables, writes the numbers and the documentation page, and fails if a target is missed. */
await runCli(async (argv, signal) => {
  const options = parseOptions(argv);
  const {backend, network, workers, chooseWeight, turned, idx, quick, output, docs} = options;
  const isSaved = !quick && idx === undefined;
  const jobs = chooseWeight ? choiceJobs(options) : comparisonJobs(options);
  console.log(
    `\n${NETWORKS[network].title} on ${backend}: ${jobs.length} jobs in ${Math.min(workers, jobs.length)} processes`,
  );
  const begin = performance.now();
  const results: JobResults[] = [];
  const progress = showProgress(jobs.length);
  const runSoFar = () => toRun(results, {backend, workers, wallSeconds: (performance.now() - begin) / 1000});
  const kind = chooseWeight ? 'choice' : turned ? 'turned' : 'comparison';
  try {
    await runJobs(jobs, {
      backend,
      network,
      idx,
      workers,
      signal,
      onProgress: progress.update,
      onResults: (result) => {
        results.push(result);
        progress.tell(result.kind === 'trial' ? trialLine(result) : `${result.known.join('')} nearest picture`);
      },
    });
  } catch (error) {
    // What a stopped run has measured is worth hours.
    if (isSaved) {
      await saveRun(output, kind, network, runSoFar(), true);
    }
    throw error;
  } finally {
    progress.stop();
  }
  const run = runSoFar();
  const targets = chooseWeight ? [] : turned ? turnedTargetsOf(network, run) : targetsOf(network, run);

  if (chooseWeight) {
    console.log(`\nAUROC by the weight of the center loss, on other splits\n${toTerminal(choiceRows(run))}`);
  } else {
    console.log(`\nKnown or unknown?\n${toTerminal(qualityRows(run))}`);
    console.log(`\nA few samples\n${toTerminal(fewSamplesRows(run))}`);
    console.log(`\nCalibration\n${toTerminal(calibrationRows(run))}`);
    printTargets(targets);
  }
  if (isSaved) {
    const all = await saveRun(output, kind, network, run);
    if (docs !== false) {
      await writeDocs(docs, all);
    }
    expectReached(targets);
  }
});
