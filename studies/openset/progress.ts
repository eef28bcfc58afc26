import {SingleBar} from 'cli-progress';

export interface Progress {
  /** The number of jobs done, with parts of those being done. */
  update: (jobsDone: number) => void;
  /** For a job that is done. */
  tell: (line: string) => void;
  /** Leaves the terminal as it was; for when the run ends early. */
  stop: () => void;
}

/** A bar with the time left on a terminal, and a line for each job done. */
export function showProgress(jobs: number): Progress {
  return process.stdout.isTTY ? bar(jobs) : lines(jobs);
}

function bar(jobs: number): Progress {
  const shown = new SingleBar({
    format: '{bar} {percentage}%  {left} left  {line}',
    stream: process.stdout,
    barsize: 16,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    // Ctrl-C is main's to handle.
    gracefulExit: false,
  });
  const left = timeLeft(jobs);
  shown.start(jobs, 0, {left: '?', line: ''});
  return {
    update: (jobsDone) => {
      shown.update(jobsDone, {left: left(jobsDone)});
    },
    tell: (line) => {
      shown.update({line});
    },
    stop: () => {
      shown.stop();
    },
  };
}

function lines(jobs: number): Progress {
  const left = timeLeft(jobs);
  let told = 0;
  let done = 0;
  return {
    update: (jobsDone) => {
      done = jobsDone;
    },
    tell: (line) => {
      told++;
      console.log(`${told}/${jobs}, ${left(done)} left: ${line}`);
    },
    stop: () => undefined,
  };
}

/** All jobs are taken to be alike. */
function timeLeft(jobs: number): (jobsDone: number) => string {
  const begin = performance.now();
  return (jobsDone) => {
    const seconds = ((performance.now() - begin) / 1000) * (jobs / jobsDone - 1);
    return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
  };
}
