import {IMAGE_SIZE} from '../mnist/idx.js';
import {NETWORKS} from './protocol.js';
import type {LayerSettings, Network, Sign} from './protocol.js';
import {signName} from './sign_name.js';

/** Beyond this a number in a file is a mistake: far more pictures than any visit trains on. */
const MAX_SAMPLES_SEEN = 1e9;
const MAX_FEATURE_DIM = 256;
const PICTURE_SIZE = IMAGE_SIZE * IMAGE_SIZE;
/** As many as there are marks and colors that can be told apart. */
export const MAX_SIGNS = 6;
/** Drawings of a sign: more do not make its center better. */
export const MAX_DRAWINGS = 5;
/** A layer that only this network has. */
const MARKS: Record<Network, string> = {dense: 'hidden1/kernel', convolutional: 'convolution1/kernel'};
const FEATURE_KERNEL = 'embedding/kernel';

export interface SavedWeight {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** What the page keeps beside the weights. JSON, so pictures are in base64. */
export interface Metadata {
  samplesSeen: number;
  signs: {name: string; mark: number; pictures: string[]}[];
}

/** A network with center loss as numbers, read from a file or from the browser's store. */
export interface SavedNetwork {
  network: Network;
  featureDim: number;
  layer: LayerSettings;
  reduction: 'sum' | 'mean';
  samplesSeen: number;
  signs: Sign[];
  weights: SavedWeight[];
}

/**
 * Reads what `model.save` of TensorFlow.js writes, here, in the Node demo or by way of Keras. What comes from outside can be
 * anything: whatever this page cannot go on from is refused with a sentence, before a tensor is made of it.
 */
export function readSavedNetwork(artifacts: unknown): SavedNetwork {
  const {modelTopology, weightSpecs, weightData, userDefinedMetadata} = record(artifacts);
  const weights = readWeights(weightSpecs, weightData);
  const network = NETWORKS.find((name) => weights.some((weight) => weight.name === MARKS[name]));
  const featureDim = weights.find(({name}) => name === FEATURE_KERNEL)?.shape[1];
  if (network === undefined || featureDim === undefined) {
    throw new Error('This is no network of this page, nor of the Node demo.');
  }
  if (!weights.some(({name}) => name.endsWith('/centers'))) {
    throw new Error('This network has no centers: please open the model for more training, not the classifier alone.');
  }
  if (featureDim < 2 || featureDim > MAX_FEATURE_DIM) {
    throw new Error(`This page shows networks of 2 to ${MAX_FEATURE_DIM} features, got ${featureDim}.`);
  }
  const {loss_weight: lossWeight, alpha, reduction} = layerConfig(modelTopology);
  return {
    network,
    featureDim,
    layer: {lossWeight: finite('λ', lossWeight, 1e6), alpha: finite('α', alpha, 1)},
    reduction: reduction === 'mean' ? 'mean' : 'sum',
    ...readMetadata(userDefinedMetadata),
    weights,
  };
}

export function writeMetadata(samplesSeen: number, signs: readonly Sign[]): Metadata {
  return {
    samplesSeen,
    signs: signs.map((sign) => ({
      ...sign,
      pictures: sign.pictures.map((picture) => btoa(String.fromCharCode(...picture))),
    })),
  };
}

/** The Node demo and Keras write none. */
function readMetadata(metadata: unknown): Pick<SavedNetwork, 'samplesSeen' | 'signs'> {
  const {samplesSeen = 0, signs = []} = record(metadata);
  return {
    samplesSeen: finite('number of pictures', samplesSeen, MAX_SAMPLES_SEEN),
    signs: list(signs).slice(0, MAX_SIGNS).map(readSign),
  };
}

function readSign(sign: unknown): Sign {
  const {name, mark, pictures} = record(sign);
  const shown = typeof name === 'string' ? signName(name) : '';
  const drawings = list(pictures);
  if (shown === '' || drawings.length === 0 || drawings.length > MAX_DRAWINGS) {
    throw new Error(`A sign in the file has no name, or not 1 to ${MAX_DRAWINGS} drawings.`);
  }
  if (!Number.isInteger(mark)) {
    throw new Error(`The mark of a sign should be a whole number, and is ${String(mark)}.`);
  }
  return {name: shown, mark: finite('mark of a sign', mark, MAX_SIGNS - 1), pictures: drawings.map(readPicture)};
}

function readPicture(picture: unknown): Uint8Array {
  let bytes = '';
  try {
    bytes = atob(String(picture));
  } catch {
    // Said below.
  }
  if (bytes.length !== PICTURE_SIZE) {
    throw new Error('A drawing of a sign in the file is damaged.');
  }
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

function readWeights(specs: unknown, data: unknown): SavedWeight[] {
  const buffers = Array.isArray(data) ? list(data) : [data];
  if (!Array.isArray(specs) || !buffers.every(isBuffer)) {
    throw new Error('The file holds no weights.');
  }
  const bytes = joined(buffers);
  let begin = 0;
  const weights = list(specs).map((spec): SavedWeight => {
    const {name, shape, dtype, quantization} = record(spec);
    if (typeof name !== 'string' || !isShape(shape) || dtype !== 'float32' || quantization !== undefined) {
      throw new Error('The weights have to be of type float32, with names and shapes.');
    }
    const end = begin + 4 * shape.reduce((product, side) => product * side, 1);
    const own = bytes.slice(begin, end);
    if (own.length !== end - begin) {
      throw new Error('The file of the weights is too short.');
    }
    const values = new Float32Array(own.buffer);
    begin = end;
    if (!values.every(Number.isFinite)) {
      throw new Error(`Not all weights of '${name}' are numbers.`);
    }
    return {name, shape, values};
  });
  if (begin !== bytes.length) {
    throw new Error(`The weights should be ${begin} bytes, as the model says, and are ${bytes.length}.`);
  }
  return weights;
}

function layerConfig(topology: unknown): Record<string, unknown> {
  const top = record(topology);
  const model = 'model_config' in top ? record(top['model_config']) : top;
  const layers: unknown = record(model['config'])['layers'];
  const layer = list(layers)
    .map(record)
    .find(({class_name}) => class_name === 'CenterLossLayer');
  if (!layer) {
    throw new Error('This network has no center loss layer.');
  }
  return record(layer['config']);
}

function finite(title: string, value: unknown, max: number): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= max)) {
    throw new Error(`The ${title} of this network should be a number from 0 to ${max}, and is ${String(value)}.`);
  }
  return value;
}

function isBuffer(value: unknown): value is ArrayBuffer {
  // Not by its class, of which each worker and each test has its own.
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && list(value).every((side) => Number.isInteger(side) && Number(side) >= 0);
}

/** The members of an array; none of anything else. What the browser has kept can have holes, which array methods pass over. */
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? Array.from(value as unknown[]) : [];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function joined(buffers: readonly ArrayBuffer[]): Uint8Array {
  const bytes = new Uint8Array(buffers.reduce((sum, {byteLength}) => sum + byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    bytes.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return bytes;
}
