import {createDataset} from '../../demo/mnist/dataset.js';
import {useBackend} from '../../demo/node/backend.js';
import {readMnist} from '../../demo/node/mnist_files.js';
import type {Job, Message} from './jobs.js';
import {NETWORKS} from './networks.js';
import type {NetworkName} from './networks.js';
import type {Backend} from './options.js';
import {runPixels, runTrial} from './trial.js';

/** Does the jobs that its parent process sends, one after the other. */
const [backend, network, idx] = process.argv.slice(2) as [Backend, NetworkName, string];
const ready = prepare();
// Whoever waits for it reports the error.
ready.catch(() => undefined);
process.on('message', (job: Job) => {
  work(job).catch((error: unknown) => {
    console.error(error instanceof Error ? `Error: ${error.message}` : error);
    process.exit(1);
  });
});

async function prepare() {
  await useBackend(backend);
  const folder = idx === '' ? undefined : idx;
  const train = await readMnist('train', folder);
  const test = await readMnist('t10k', folder);
  const {pictureSize} = NETWORKS[network];
  return {
    train: createDataset(train.images, train.labels, train.images.count, pictureSize),
    test: createDataset(test.images, test.labels, test.images.count, pictureSize),
  };
}

async function work(job: Job): Promise<void> {
  const {train, test} = await ready;
  const results =
    job.kind === 'pixels'
      ? await runPixels(job, train, test)
      : await runTrial(job, train, test, (share) => {
          tell({share});
        });
  tell({results});
}

function tell(message: Message): void {
  process.send?.(message);
}
