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

/** Numbers of features that the visitor may choose. */
export const FEATURE_DIMS = [2, 16, 32] as const;

/** The share of known digits that the networks accept; what is farther out is refused. */
export const ACCEPTED_SHARE = 0.94;
/** Of each kind of what is no digit, to see how much of it is refused. */
export const NON_DIGITS = 200;
/** Each built-in sign is taught by so many drawings, as a visitor's is, and has so many others that should be named. */
export const TAUGHT_DRAWINGS = 3;
export const FURTHER_DRAWINGS = 20;

/**
 * How far a picture is from a center, for each side: by the score that refuses most of what is no digit. Points of softmax
 * alone lie along rays, so that their distances say little, and the angle serves it best. With center loss it is the
 * distance, the farther where another center is about as near.
 */
export const JUDGED_BY = {softmax: 'cosine', 'center-loss': 'relative'} as const;

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

/** A sign that the visitor has taught: a class of its own, without training. */
export interface Sign {
  name: string;
  /** Which of the marks and colors shows it. */
  mark: number;
  /** Drawings of it, 28 x 28 each, 0 (paper) to 255 (ink). */
  pictures: Uint8Array[];
}

/** One network at one moment. */
export interface SideFrame {
  /** Of the test pictures: x and y in the plane, one after the other. */
  features: Float32Array;
  /** Of the ten digits and of the signs after them, likewise. */
  centers: Float32Array;
  /** Of the signs' pictures, one sign after the other, likewise. */
  signs: Float32Array;
  /** On the test pictures. */
  accuracy: number;
  /** Mean distance to the class mean over mean distance between class means. */
  ratio: number;
  /** The share of the built-in pictures that are no digits, and are refused. */
  refused: number;
  /** The share of the built-in signs' further drawings that are accepted as the right sign. */
  named: number;
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

/** A class that an answer speaks of. Ids: the ten digits, and from 10 on the signs. */
export interface Candidate {
  classId: number;
  /** From its center. */
  distance: number;
}

/** What one of the networks says to a picture. */
export interface Answer {
  /** What the softmax layer says, which knows digits alone. */
  digit: number;
  probability: number;
  /** Whether the picture is near enough to a center to be one of its class. */
  accepted: boolean;
  /** The nearest two. */
  nearest: Candidate[];
  /** A picture of a class is accepted up to this distance. */
  limit: number;
  /** Of a hundred known digits: how many lie farther from their center. */
  fartherOut: number;
  /** In the plane. */
  x: number;
  y: number;
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
