import type * as tf from '@tensorflow/tfjs';

import {IMAGE_SIZE} from '../../demo/mnist/idx.js';
import {createClassifier} from '../../demo/mnist/network.js';
import {POOLED_SIZE} from '../../demo/mnist/pool.js';
import {createDeepClassifier} from './deep_network.js';

export interface Network {
  title: string;
  /** Height and width of the pictures that it looks at. */
  pictureSize: number;
  create: (featureDim: number, seed: number, numClasses: number) => tf.LayersModel;
  epochs: number;
  /** With turned and mirrored copies, of which an epoch has eight times as many pictures. */
  turnedEpochs: number;
  /**
   * Of the center loss, with `reduction: 'mean'`. For the dense network the best of `npm run openset -- --choose-weight`, by
   * the mean AUROC of the recognizer's scores.
   */
  lossWeight: number;
}

export const FEATURE_DIM = 64;
export const BATCH_SIZE = 128;
/** With `--turned`: by quarters, and mirrored, since six classes are few. */
export const COPIES = 8;

export const NETWORKS = {
  dense: {
    title: 'dense network',
    pictureSize: POOLED_SIZE,
    create: createClassifier,
    epochs: 6,
    turnedEpochs: 6,
    lossWeight: 0.1,
  },
  convolutional: {
    title: 'convolutional network',
    pictureSize: IMAGE_SIZE,
    create: createDeepClassifier,
    epochs: 8,
    turnedEpochs: 3,
    lossWeight: 0.03,
  },
} as const satisfies Record<string, Network>;

export type NetworkName = keyof typeof NETWORKS;
