import type {io} from '@tensorflow/tfjs';

import type {IdxImages} from '../mnist/idx.js';

/** What page and worker say to each other. */

export const BACKENDS = ['webgl', 'webgpu', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];
export const BACKEND_TITLES: Record<Backend, string> = {webgl: 'WebGL', webgpu: 'WebGPU', wasm: 'WASM', cpu: 'CPU'};

export const NETWORKS = ['dense', 'convolutional'] as const;
export type Network = (typeof NETWORKS)[number];

/**
 * The backends that can train a network, the best one first. For the small dense network the way to the GPU takes longer
 * than the work itself. WASM has no gradient for convolutions.
 */
export const BACKENDS_FOR: Record<Network, readonly Backend[]> = {
  dense: ['wasm', 'webgl', 'webgpu', 'cpu'],
  convolutional: ['webgpu', 'webgl', 'cpu'],
};

/** The two networks that are trained side by side, in the order in which they are shown. */
export const SIDES = ['softmax', 'center-loss'] as const;

export interface Settings {
  backend: Backend;
  network: Network;
  /** Number of features. */
  featureDim: number;
  batchSize: number;
  /** λ of the network with center loss. */
  lossWeight: number;
  alpha: number;
  framesPerSecond: number;
  /** Training pictures. */
  samples: number;
  /** Test pictures, and at most as many held back. */
  testSamples: number;
  epochs: number;
}

/** What the visitor may change while the networks learn. */
export type Adjustments = Partial<Pick<Settings, 'lossWeight' | 'alpha' | 'batchSize' | 'framesPerSecond'>>;

export interface Pictures {
  images: IdxImages;
  labels: Uint8Array;
}

export interface MnistPictures {
  train: Pictures;
  /** Training pictures that no network is trained on. */
  heldBack: Pictures;
  test: Pictures;
}

/** What the layer of a network works with. */
export interface LayerSettings {
  lossWeight: number;
  alpha: number;
}

export interface Offer {
  backend: Backend;
  available: boolean;
}

/** What the worker found when it looked for a backend. */
export interface Preparation {
  offers: Offer[];
  /** The backend that runs. */
  backend: Backend;
  /** Those that are offered, were tried first, and did not start. */
  failed: Backend[];
}

/** One network at one moment. */
export interface SideFrame {
  /** Of the test pictures: x and y, one after the other. */
  features: Float32Array;
  /** Of the ten digits, likewise. */
  centers: Float32Array;
  /** On the test pictures. */
  accuracy: number;
  /** Mean distance to the class mean over mean distance between class means. */
  ratio: number;
  /** Means over the batches since the last frame, NaN if there was none: cross-entropy and, per sample, center loss. */
  loss: number;
  centerLoss: number;
}

export interface Frame {
  sides: SideFrame[];
  /** Pictures that each network has been trained on. */
  samplesSeen: number;
  samplesPlanned: number;
  epoch: number;
  epochs: number;
  /** By each of the networks. */
  samplesPerSecond: number;
  numTensors: number;
}

export interface Answer {
  digit: number;
  probability: number;
  x: number;
  y: number;
  /** The digit of the nearest center. */
  nearest: number;
  distance: number;
  /** For each center: most of the held-back training pictures are nearer to it than this. */
  limits: number[];
}

/** Whether a picture is near enough to a center to be a digit at all. */
export function isKnown({nearest, distance, limits}: Answer): boolean {
  return distance <= (limits[nearest] ?? NaN);
}

export type State = 'running' | 'paused' | 'finished' | 'failed';

export interface Listener {
  onFrame: (frame: Frame) => void | Promise<void>;
  onState: (state: State) => void | Promise<void>;
  /** A sentence. */
  onError: (message: string) => void | Promise<void>;
  /** The networks as they are now, every few seconds: what the page goes on from if the worker is gone. */
  onSnapshot: (networks: Artifacts[]) => void | Promise<void>;
  /** The device of the backend is gone, why, as a sentence. Nothing can be computed in this worker any more. */
  onLost: (reason: string) => void | Promise<void>;
}

/** A network as `tf.loadLayersModel` reads it. */
export type Artifacts = io.ModelArtifacts;
