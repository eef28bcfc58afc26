import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdir} from 'node:fs/promises';

import {createDataset} from '../mnist/dataset.js';
import {NETWORKS, runExperiment} from '../mnist/experiment.js';
import {useBackend} from './backend.js';
import {runCli} from './cli.js';
import {readMnist} from './mnist_files.js';
import {parseOptions} from './options.js';
import {showProgress} from './progress.js';
import {perClassTable, summaryTable} from './report.js';
import {save} from './save.js';
import type {Run} from './save.js';

/** Trains with and without center loss, compares, saves, and has another process reload and classify. */
await runCli(async (argv, signal) => {
  const {output, perClass, ...options} = parseOptions(argv);
  const {epochs, batchSize, samples} = options;
  const {pictureSize} = NETWORKS[options.network];
  await mkdir(output, {recursive: true});
  await useBackend(options.backend);
  const train = await readMnist('train');
  const trainData = createDataset(train.images, train.labels, samples, pictureSize);
  const test = await readMnist('t10k');
  const testData = createDataset(test.images, test.labels, test.images.count, pictureSize);

  const run = async (name: string, lossWeight: number): Promise<Run> => {
    console.log(`\n${name}: ${samples} pictures, loss weight ${lossWeight}`);
    const progress = showProgress(epochs, Math.ceil(samples / batchSize));
    try {
      const experiment = await runExperiment(trainData, testData, {...options, ...progress, lossWeight, signal});
      return {...experiment, name, lossWeight};
    } finally {
      progress.stop();
    }
  };
  const baseline = options.baseline ? [await run('softmax', 0)] : [];
  const centered = await run('softmax + center loss', options.lossWeight);
  const runs = [...baseline, centered];

  console.log(`\nOn the ${testData.size} test pictures:\n${summaryTable(runs)}`);
  console.log('intra-class: mean distance to the mean of the class; inter-class: between the means of two classes');
  if (perClass) {
    console.log(perClassTable(runs));
  }
  signal.throwIfAborted();
  await save(output, options, runs, centered, testData.labels.arraySync());
  await classifyInAnotherProcess(output, signal);
});

async function classifyInAnotherProcess(folder: string, signal: AbortSignal): Promise<void> {
  const child = fork(new URL('./classify.ts', import.meta.url), [folder], {signal});
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) {
    throw new Error(`The second process failed with exit code ${code ?? 'none'}.`);
  }
}
