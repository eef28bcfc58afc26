import * as tf from '@tensorflow/tfjs';

import {fitData, fitOnce, modelsOf} from './fit_networks.js';
import type {Network} from './fit_networks.js';
import {measure, timingOf} from './measure.js';
import type {Timing} from './measure.js';

export interface FitStep {
  network: string;
  /** Milliseconds of a step of `model.fit`, without center loss. */
  without: Timing;
  withLayer: Timing;
  /** Times with the layer as multiples of the mean of two networks without, round by round. */
  ratio: Timing;
  /** The same of a network with a layer that takes the labels, adds a loss and computes nothing. */
  emptyLayer: Timing;
  /** Of the two networks without, the second as multiples of the first: how far it is from 1 is the measurement's doing. */
  control: Timing;
}

const BUDGET = {total: 40_000, minRounds: 7, maxRounds: 150};

/** Measures steps of `fit` with and without center loss, in turn. */
export async function measureFitSteps(networks: readonly Network[]): Promise<FitStep[]> {
  const results: FitStep[] = [];
  for (const network of networks) {
    const {name, numClasses, steps} = network;
    const models = modelsOf(network);
    const data = fitData(models.without, numClasses, steps);
    const subjects = Object.entries(models).map(([way, model]) => [way, {run: () => fitOnce(model, data)}] as const);
    const samples = await measure(new Map(subjects), BUDGET);
    const perStep = (way: keyof typeof models) => (samples.get(way) ?? []).map((time) => time / steps);
    const [without, second] = [perStep('without'), perStep('control')];
    const mean = without.map((time, i) => (time + (second[i] ?? NaN)) / 2);
    const ratios = (times: number[], to = mean) => timingOf(times.map((time, i) => time / (to[i] ?? NaN)));
    results.push({
      network: name,
      without: timingOf(mean),
      withLayer: timingOf(perStep('withLayer')),
      ratio: ratios(perStep('withLayer')),
      emptyLayer: ratios(perStep('emptyLayer')),
      control: ratios(second, without),
    });
    tf.dispose({...data});
    for (const model of Object.values(models)) {
      model.dispose();
    }
  }
  return results;
}
