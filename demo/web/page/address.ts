import {BACKENDS, FEATURE_DIMS, NETWORKS} from '../protocol.js';
import type {Settings} from '../protocol.js';
import {TEST_SAMPLES, TRAIN_SAMPLES} from '../mnist_parts.js';

export const DEFAULTS: Settings = {
  backend: 'wasm',
  network: 'dense',
  featureDim: 16,
  batchSize: 64,
  lossWeight: 0.2,
  alpha: 0.6,
  framesPerSecond: 5,
  samples: TRAIN_SAMPLES,
  testSamples: TEST_SAMPLES,
  epochs: 12,
};

/** Settings in the page's address, such as `?backend=webgl&epochs=3`; what is missing or unusable is the default. */
export function settingsFromAddress(search: string): Settings {
  const parameters = new URLSearchParams(search);
  const choice = <T extends string>(name: string, choices: readonly T[], otherwise: T): T =>
    choices.find((one) => one === parameters.get(name)) ?? otherwise;
  const number = (name: 'batchSize' | 'samples' | 'testSamples' | 'epochs', max: number): number => {
    const value = Number(parameters.get(name));
    return Number.isInteger(value) && value >= 1 && value <= max ? value : DEFAULTS[name];
  };
  return {
    ...DEFAULTS,
    backend: choice('backend', BACKENDS, DEFAULTS.backend),
    network: choice('network', NETWORKS, DEFAULTS.network),
    featureDim: FEATURE_DIMS.find((dim) => String(dim) === parameters.get('featureDim')) ?? DEFAULTS.featureDim,
    batchSize: number('batchSize', 512),
    samples: number('samples', TRAIN_SAMPLES),
    testSamples: number('testSamples', TEST_SAMPLES),
    epochs: number('epochs', 1000),
  };
}
