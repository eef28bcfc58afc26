import {block, element} from '../../pages/elements.js';
import type {Frame, State} from '../protocol.js';

const TITLES: Record<State, string> = {
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Stopped',
};

/** The part of the pictures that has arrived, until the networks begin. */
export function showLoading(part: number): void {
  if (block('status').dataset['begun'] === undefined) {
    element('progress', HTMLProgressElement).value = part;
    block('details').textContent = `${Math.round(100 * part)} % of the pictures are here`;
  }
}

/** The bar, what is left to do, and how fast it goes. */
export function showProgress(frame: Frame, state: State): void {
  const {samplesSeen, samplesPlanned, samplesPerSecond, epoch, epochs, numTensors} = frame;
  block('status').dataset['begun'] = 'yes';
  element('progress', HTMLProgressElement).value = samplesSeen / samplesPlanned;
  const seconds = Math.ceil((samplesPlanned - samplesSeen) / samplesPerSecond);
  const left = state === 'running' && Number.isFinite(seconds) ? `, ${duration(seconds)} left` : '';
  block('details').textContent =
    `Epoch ${epoch} of ${epochs}${left} · ${Math.round(samplesPerSecond).toLocaleString('en')} samples/s` +
    ` · ${numTensors} tensors`;
}

/** Said by screen readers, so only what changes seldom. */
export function showState(state: State): void {
  block('status').textContent = TITLES[state];
}

function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
