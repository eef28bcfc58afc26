import {SingleBar} from 'cli-progress';

import type {TrainingLogs, TrainingOptions} from '../mnist/training.js';

export interface Progress extends Required<Pick<TrainingOptions, 'onBatch' | 'onEpoch'>> {
  /** Leaves the terminal as it was; for when the training ends early. */
  stop: () => void;
}

/** A bar for every epoch on a terminal, a line for every epoch elsewhere. */
export function showProgress(epochs: number, batches: number): Progress {
  return process.stdout.isTTY ? bars(epochs, batches) : lines(epochs);
}

function bars(epochs: number, batches: number): Progress {
  const bar = new SingleBar({
    format: '{epoch} {bar} {percentage}%  {eta_formatted} left  {logs}',
    stream: process.stdout,
    barsize: 16,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    autopadding: true,
    hideCursor: true,
    // Ctrl-C is main's to handle.
    gracefulExit: false,
  });
  const show = (epoch: number, done: number, logs: TrainingLogs) => {
    if (!bar.isActive) {
      bar.start(batches, 0, {epoch: epochName(epoch, epochs), logs: format(logs)});
    }
    bar.update(done, {logs: format(logs)});
  };
  return {
    onBatch: (epoch, batch, logs) => {
      show(epoch, batch + 1, logs);
    },
    onEpoch: (epoch, logs) => {
      show(epoch, batches, logs);
      bar.stop();
    },
    stop: () => {
      bar.stop();
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
