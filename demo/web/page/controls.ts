import {element, input, select} from '../../pages/elements.js';
import {showNotice} from '../../pages/messages.js';
import {BACKEND_TITLES, BACKENDS, FEATURE_DIMS} from '../protocol.js';
import type {Adjustments, Backend, Network, Offer, Settings} from '../protocol.js';

/** A pull of ten times another shows; one of a tenth more does not. */
const LOSS_WEIGHTS = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

export interface ControlListener {
  onAdjust: (changes: Adjustments) => void;
  onNetwork: (network: Network) => void;
  onFeatureDim: (featureDim: number) => void;
  onBackend: (backend: Backend) => void;
}

/** Makes the sliders and menus show the settings. */
export function showSettings(settings: Settings): void {
  const {lossWeight, alpha, network, featureDim, backend, batchSize, framesPerSecond} = settings;
  const nearest = LOSS_WEIGHTS.reduce((best, weight) =>
    Math.abs(weight - lossWeight) < Math.abs(best - lossWeight) ? weight : best,
  );
  setSlider('loss-weight', LOSS_WEIGHTS.indexOf(nearest), String(lossWeight));
  setSlider('alpha', alpha, String(alpha));
  select('network').value = network;
  // A network from a file may have any.
  const dims = [...new Set([...FEATURE_DIMS, featureDim])].sort((a, b) => a - b);
  select('feature-dim').replaceChildren(...dims.map((dim) => new Option(String(dim))));
  select('feature-dim').value = String(featureDim);
  select('backend').value = backend;
  select('batch-size').value = String(batchSize);
  select('frames-per-second').value = String(framesPerSecond);
}

export function listenToControls({onAdjust, onNetwork, onFeatureDim, onBackend}: ControlListener): void {
  input('loss-weight').max = String(LOSS_WEIGHTS.length - 1);
  input('loss-weight').addEventListener('input', ({currentTarget}) => {
    const position = (currentTarget as HTMLInputElement).valueAsNumber;
    const lossWeight = LOSS_WEIGHTS[position] ?? 0;
    setSlider('loss-weight', position, String(lossWeight));
    onAdjust({lossWeight});
  });
  input('alpha').addEventListener('input', ({currentTarget}) => {
    const alpha = (currentTarget as HTMLInputElement).valueAsNumber;
    setSlider('alpha', alpha, String(alpha));
    onAdjust({alpha});
  });
  onChoice('batch-size', (value) => {
    onAdjust({batchSize: Number(value)});
  });
  onChoice('frames-per-second', (value) => {
    onAdjust({framesPerSecond: Number(value)});
  });
  onChoice('network', (value) => {
    onNetwork(value as Network);
  });
  onChoice('feature-dim', (value) => {
    onFeatureDim(Number(value));
  });
  onChoice('backend', (value) => {
    onBackend(value as Backend);
  });
}

/** Fills the menu of backends, and says what the machine lacks. */
export function showOffers(offers: readonly Offer[], wanted: Backend, used: Backend): void {
  const lacking = (backend: Backend) => !offers.some((offer) => offer.backend === backend && offer.available);
  select('backend').replaceChildren(
    ...BACKENDS.map((backend) => {
      const title = BACKEND_TITLES[backend];
      const option = new Option(lacking(backend) ? `${title} (not here)` : title, backend);
      option.disabled = lacking(backend);
      return option;
    }),
  );
  const noGpu = lacking('webgl') && lacking('webgpu');
  if (noGpu) {
    showNotice(
      `This browser offers neither WebGL nor WebGPU, so the networks are trained on ${BACKEND_TITLES[used]}: ` +
        'the dense one as well, the convolutional one slowly.',
    );
  } else if (lacking(wanted)) {
    showNotice(`This browser offers no ${BACKEND_TITLES[wanted]}: training on ${BACKEND_TITLES[used]} instead.`);
  }
}

function onChoice(id: string, listener: (value: string) => void): void {
  select(id).addEventListener('change', ({currentTarget}) => {
    listener((currentTarget as HTMLSelectElement).value);
  });
}

function setSlider(id: string, position: number, value: string): void {
  const slider = input(id);
  slider.value = String(position);
  slider.setAttribute('aria-valuetext', value);
  element(`${id}-value`, HTMLOutputElement).value = value;
}
