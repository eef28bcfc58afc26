import * as tf from '@tensorflow/tfjs';

import {fitData, fitOnce, modelsOf, NETWORKS} from './fit_networks.js';
import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import {timingOf} from './measure.js';

const WAYS = ['without', 'emptyLayer', 'withLayer'] as const;

/** How often an operation runs in a step of `fit`, and the milliseconds of all its runs. */
type Operations = Record<string, {runs: number; milliseconds: number}>;

/** The operations of a step of `fit`: without the layer, with one that computes nothing, with ours. */
export type FitProfile = {network: string} & Record<(typeof WAYS)[number], Operations>;

const REPEATS = 30;
/** What the profiler lists besides operations: functions with a gradient of their own, whose operations it lists as well. */
const SCOPES = ['unnamed scope', 'forward'];

/** Where the time of a step of `fit` goes: the median of each operation. */
export async function profileFit(): Promise<FitProfile[]> {
  const profiles: FitProfile[] = [];
  for (const network of NETWORKS) {
    const models = modelsOf(network);
    const data = fitData(models.without, network.numClasses, 1);
    const profile: FitProfile = {network: network.name, without: {}, emptyLayer: {}, withLayer: {}};
    for (const way of WAYS) {
      profile[way] = await operationsOf(() => fitOnce(models[way], data));
    }
    profiles.push(profile);
    tf.dispose({...data});
    for (const model of Object.values(models)) {
      model.dispose();
    }
  }
  return profiles;
}

async function operationsOf(step: () => Promise<void>): Promise<Operations> {
  const runs: Record<string, number[]>[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const times: Record<string, number[]> = {};
    const {kernels} = await tf.profile(step);
    for (const {name, kernelTimeMs} of kernels.filter((kernel) => !SCOPES.includes(kernel.name))) {
      (times[name] ??= []).push(Number(kernelTimeMs));
    }
    runs.push(times);
  }
  const names = Object.keys(Object.assign({}, ...runs) as object);
  const sum = (times: number[] = []) => times.reduce((total, time) => total + time, 0);
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        runs: runs.at(-1)?.[name]?.length ?? 0,
        milliseconds: timingOf(runs.map((times) => sum(times[name]))).median,
      },
    ]),
  );
}

/** The operations that a layer adds, and all of them together. */
export function fitProfileRows(profiles: readonly FitProfile[]): Rows {
  return {
    head: ['network', 'operation', 'without', 'empty layer', 'with', 'without (ms)', 'empty layer (ms)', 'with (ms)'],
    numeric: [false, false, true, true, true, true, true, true],
    body: profiles.flatMap(({network, ...ways}) => {
      const row = (operation: string, of: (operations: Operations) => {runs: number; milliseconds: number}) => {
        const cells = WAYS.map((way) => of(ways[way]));
        return [
          network,
          operation,
          ...cells.map(({runs}) => String(runs)),
          ...cells.map(({milliseconds}) => threeDigits(milliseconds)),
        ];
      };
      const names = [...new Set(WAYS.flatMap((way) => Object.keys(ways[way])))];
      const runsOf = (name: string) => WAYS.map((way) => ways[way][name]?.runs ?? 0);
      return [
        ...names
          .filter((name) => new Set(runsOf(name)).size > 1)
          .map((name) => row(name, (operations) => operations[name] ?? {runs: 0, milliseconds: 0})),
        row('all', (operations) =>
          Object.values(operations).reduce(
            (all, {runs, milliseconds}) => ({runs: all.runs + runs, milliseconds: all.milliseconds + milliseconds}),
            {runs: 0, milliseconds: 0},
          ),
        ),
      ];
    }),
  };
}
