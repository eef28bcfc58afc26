import {fork} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';

import type {Job, JobResults, Message} from './jobs.js';
import type {NetworkName} from './networks.js';
import type {Backend} from './options.js';

export interface RunOptions {
  backend: Backend;
  network: NetworkName;
  idx: string | undefined;
  workers: number;
  signal: AbortSignal;
  /** Called several times a second, with the number of jobs done so far and parts of the jobs being done. */
  onProgress: (jobsDone: number) => void;
  onResults: (results: JobResults) => void;
}

/** Does jobs in worker processes. Each takes the next job when it has done one. */
export async function runJobs(jobs: readonly Job[], options: RunOptions): Promise<void> {
  const {backend, network, idx = '', workers, signal, onProgress, onResults} = options;
  signal.throwIfAborted();
  const queue = [...jobs];
  const shares = new Map<Job, number>();
  const tell = (job: Job, share: number) => {
    shares.set(job, share);
    onProgress([...shares.values()].reduce((sum, value) => sum + value, 0));
  };
  const children = Array.from({length: Math.min(workers, jobs.length)}, () =>
    fork(new URL('./worker.ts', import.meta.url), [backend, network, idx]),
  );
  const stop = () => {
    children.forEach((child) => child.kill());
  };
  signal.addEventListener('abort', stop);
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let job = queue.shift(); job; job = queue.shift()) {
          const current = job;
          const results = await runJob(child, current, (share) => {
            tell(current, share);
          });
          tell(current, 1);
          onResults(results);
        }
      }),
    );
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function runJob(child: ChildProcess, job: Job, onShare: (share: number) => void): Promise<JobResults> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      reject(new Error(`A worker process ended with exit code ${code ?? 'none'}; its message stands above.`));
    };
    const onMessage = (message: Message) => {
      if ('share' in message) {
        onShare(message.share);
      } else {
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(message.results);
      }
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.send(job);
  });
}
