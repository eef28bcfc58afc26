import type {io} from '@tensorflow/tfjs';

/** What page and worker say to each other. */

export const BACKENDS = ['webgl', 'webgpu', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];
export const BACKEND_TITLES: Record<Backend, string> = {webgl: 'WebGL', webgpu: 'WebGPU', wasm: 'WASM', cpu: 'CPU'};

export const NETWORKS = ['dense', 'convolutional'] as const;
export type Network = (typeof NETWORKS)[number];

/** The two networks that are trained side by side, in the order in which they are shown. */
export const SIDES = ['softmax', 'center-loss'] as const;

export interface Settings {
  backend: Backend;
  network: Network;
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

/** What the layer of a network works with. */
export interface LayerSettings {
  lossWeight: number;
  alpha: number;
}

export interface Offer {
  backend: Backend;
  available: boolean;
}

/** What the page has to know before the first frame. */
export interface Introduction {
  offers: Offer[];
  /** The settings asked for, or the nearest that the machine can do. */
  settings: Settings;
  /** The digit of each test picture. */
  testLabels: Uint8Array;
  layers: LayerSettings[];
  hasSavedModels: boolean;
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
}

export type Artifacts = io.ModelArtifacts;
