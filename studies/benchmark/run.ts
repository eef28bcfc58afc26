import * as tf from '@tensorflow/tfjs';

import {checkedContenders} from './check.js';
import type {Contender, Size} from './contender.js';
import {NETWORKS, networksOf} from './fit_networks.js';
import {profileFit} from './fit_profile.js';
import type {FitProfile} from './fit_profile.js';
import {measureFitSteps} from './fit_step.js';
import type {FitStep} from './fit_step.js';
import type {FirstSteps} from './first_steps.js';
import {measureGrid, runsAtOnce} from './grid.js';
import type {Grid, Point} from './grid.js';
import {ours} from './ours.js';
import {article} from './peers/article.js';
import {composite} from './peers/composite.js';
import {distanceMatrix} from './peers/distance_matrix.js';
import {oneHot} from './peers/one_hot.js';
import {profileStep} from './profile.js';
import type {KernelTime} from './profile.js';
import type {ThreadsTimes} from './threads.js';

/** The size of the step whose operations are timed one by one. */
export const PROFILED: Size = {numClasses: 1000, featureDim: 512, batchSize: 512};

const PEERS: readonly Contender[] = [article, oneHot, distanceMatrix];

/** What one backend gave. */
export interface BackendResults {
  backend: string;
  points: Point[];
  fitSteps: FitStep[];
  profile: KernelTime[];
  /** Of native TensorFlow. */
  fitProfiles?: FitProfile[];
  /** In a browser. */
  firstSteps?: FirstSteps;
  /** Of wasm in a browser. */
  threads?: ThreadsTimes[];
}

/**
 * Measures on a backend; in Node or in a browser. With `hasGpu`, steps of `fit` are measured on backends of a GPU too, with as
 * many centers as the grid has classes.
 */
export async function runBackend(
  backend: string,
  grid: Grid,
  hasGpu: boolean,
  signal?: AbortSignal,
): Promise<BackendResults> {
  tf.enableProdMode();
  if (!(await tf.setBackend(backend))) {
    throw new Error(`The TensorFlow.js backend '${backend}' does not start here.`);
  }
  // On a GPU the composite is what kernels have to be measured by.
  const contenders = await checkedContenders([ours, ...(runsAtOnce() ? [] : [composite]), ...PEERS]);
  return {
    backend,
    // A GPU in software would take minutes.
    fitSteps: await measureFitSteps(runsAtOnce() ? NETWORKS : hasGpu ? networksOf(grid.classes) : []),
    points: await measureGrid(contenders, grid, signal),
    profile: runsAtOnce() ? await profileStep(PROFILED) : [],
    ...(backend === 'tensorflow' ? {fitProfiles: await profileFit()} : {}),
  };
}
