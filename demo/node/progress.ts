import type {TrainingLogs, TrainingOptions} from '../mnist/training.js';
import {Bar, timeLeft} from './bar.js';

export interface Progress extends Required<Pick<TrainingOptions, 'onBatch' | 'onEpoch'>> {
  /** Leaves the terminal as it was; for when the training ends early. */
  stop: () => void;
}

/** A bar for every epoch on a terminal, a line for every epoch elsewhere. */
export function showProgress(epochs: number, batches: number): Progress {
  return process.stdout.isTTY ? bars(epochs, batches) : lines(epochs);
}

function bars(epochs: number, batches: number): Progress {
  const bar = new Bar();
  let left = timeLeft();
  const show = (epoch: number, done: number, logs: TrainingLogs) => {
    bar.show(done, (drawn) => `${epochName(epoch, epochs)} ${drawn}  ${left(done)} left  ${format(logs)}`);
  };
  return {
    onBatch: (epoch, batch, logs) => {
      show(epoch, (batch + 1) / batches, logs);
    },
    onEpoch: (epoch, logs) => {
      show(epoch, 1, logs);
      bar.end();
      left = timeLeft();
    },
    stop: () => {
      bar.end();
    },
  };
}

function lines(epochs: number): Progress {
  return {
    onBatch: () => undefined,
    onEpoch: (epoch, logs) => {
      console.log(`${epochName(epoch, epochs)}  ${format(logs)}`);
    },
    stop: () => undefined,
  };
}

function epochName(epoch: number, epochs: number): string {
  return `epoch ${String(epoch + 1).padStart(String(epochs).length)}/${epochs}`;
}

function format({loss, accuracy, centerLoss}: TrainingLogs): string {
  return `loss ${loss.toFixed(3)}  accuracy ${accuracy.toFixed(3)}  center loss ${centerLoss.toFixed(3)}`;
}
