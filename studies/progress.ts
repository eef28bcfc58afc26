import {Bar, timeLeft} from '../demo/node/bar.js';

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
  const shown = new Bar();
  const left = timeLeft();
  let told = '';
  return {
    update: (jobsDone) => {
      const done = jobsDone / jobs;
      shown.show(done, (drawn) => `${drawn}  ${left(done)} left  ${told}`);
    },
    tell: (line) => {
      told = line;
    },
    stop: () => {
      shown.end();
    },
  };
}

function lines(jobs: number): Progress {
  const left = timeLeft();
  let told = 0;
  let done = 0;
  return {
    update: (jobsDone) => {
      done = jobsDone;
    },
    tell: (line) => {
      told++;
      console.log(`${told}/${jobs}, ${left(done / jobs)} left: ${line}`);
    },
    stop: () => undefined,
  };
}
