import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer} from '../../lib/index.js';
import type {CenterLossLayerArgs} from '../../lib/index.js';
import {toClassIds} from '../../lib/labels/class_ids.js';
import {itWhere} from '../support/it_where.js';
import {disposeAfterEach} from '../support/tensors.js';

/** The method of a backend through which every program of the GPU is run, those that move and read tensors too. */
const RUN_PROGRAM = {webgl: 'runWebGLProgram', webgpu: 'runWebGPUProgram'};

type Gpu = keyof typeof RUN_PROGRAM;
type Method = (this: unknown, ...args: unknown[]) => unknown;

const gpu = tf.getBackend() as Gpu;
const itOnGpus = itWhere(gpu in RUN_PROGRAM, 'this backend runs no programs on a GPU');

/** How many programs of the GPU `action` runs. */
function programsOf(action: () => void): number {
  const backend = tf.backend() as unknown as Record<string, Method>;
  const method = RUN_PROGRAM[gpu];
  const run = backend[method] as Method;
  let programs = 0;
  backend[method] = function (...args) {
    programs++;
    return run.apply(this, args);
  };
  try {
    action();
  } finally {
    Reflect.deleteProperty(backend, method);
  }
  return programs;
}

const NUM_CLASSES = 10;
const FEATURE_DIM = 8;

function ids(dtype: 'int32' | 'float32' | 'bool', shape: number[]): tf.Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return tf.tensor(
    Array.from({length: size}, (_, i) => (i * 7) % (dtype === 'bool' ? 2 : NUM_CLASSES)),
    shape,
    dtype,
  );
}

const oneHot = (shape: number[]) => tf.oneHot(ids('int32', shape), NUM_CLASSES);

interface Labels {
  name: string;
  /** The features' leading shape. */
  leadingShape: number[];
  make: () => tf.Tensor;
  masked?: boolean;
}

const VECTOR = {leadingShape: [64]};
const SEQUENCES = {leadingShape: [16, 4]};
const ID_LABELS: Labels = {name: 'int32 [N]', make: () => ids('int32', [64]), ...VECTOR};
const BEFORE_IDS = {webgl: 36, webgpu: 19};
const BEFORE_ONE_HOT = {webgl: 52, webgpu: 30};

/** Programs of a training step: now, and when operations of TensorFlow.js read the labels and made the loss. */
interface Programs {
  now: Record<Gpu, number>;
  before: Record<Gpu, number>;
}

const FORMS: (Labels & Programs)[] = [
  {...ID_LABELS, before: BEFORE_IDS, now: {webgl: 16, webgpu: 9}},
  {name: 'float32 [N]', make: () => ids('float32', [64]), ...VECTOR, before: BEFORE_IDS, now: {webgl: 16, webgpu: 9}},
  {name: 'float32 [N, 1]', make: () => ids('float32', [64, 1]), ...VECTOR, before: BEFORE_IDS, now: {webgl: 16, webgpu: 9}},
  {name: 'float32 [B, T]', make: () => ids('float32', [16, 4]), ...SEQUENCES, before: BEFORE_IDS, now: {webgl: 16, webgpu: 9}},
  {name: 'float32 [B, T], masked', make: () => ids('float32', [16, 4]), masked: true, ...SEQUENCES, before: {webgl: 38, webgpu: 20}, now: {webgl: 17, webgpu: 9}},
  {name: 'int32 one-hot [N, C]', make: () => oneHot([64]), ...VECTOR, before: BEFORE_ONE_HOT, now: {webgl: 15, webgpu: 9}},
  {name: 'float32 one-hot [N, C]', make: () => oneHot([64]).toFloat(), ...VECTOR, before: BEFORE_ONE_HOT, now: {webgl: 15, webgpu: 9}},
  {name: 'int32 one-hot [B, T, C]', make: () => oneHot([16, 4]), ...SEQUENCES, before: BEFORE_ONE_HOT, now: {webgl: 15, webgpu: 9}},
  {name: 'int32 one-hot [B, T, C], masked', make: () => oneHot([16, 4]), masked: true, ...SEQUENCES, before: {webgl: 54, webgpu: 31}, now: {webgl: 15, webgpu: 9}},
]; // prettier-ignore

const ARGS: ({name: string; args: Partial<CenterLossLayerArgs>} & Programs)[] = [
  {name: 'an ignored class', args: {ignoreClass: 3}, before: {webgl: 39, webgpu: 21}, now: {webgl: 16, webgpu: 9}},
  {name: 'a weight of 1', args: {lossWeight: 1}, before: {webgl: 31, webgpu: 17}, now: {webgl: 15, webgpu: 8}},
  {name: "reduction 'mean'", args: {reduction: 'mean'}, before: {webgl: 45, webgpu: 23}, now: {webgl: 19, webgpu: 11}},
  {
    name: "reduction 'mean' and an ignored class",
    args: {reduction: 'mean', ignoreClass: 3},
    before: {webgl: 48, webgpu: 25},
    now: {webgl: 19, webgpu: 11},
  },
];

/** A mask of these labels, if they have one. */
function maskOf({leadingShape, masked}: Labels): {mask?: tf.Tensor} {
  return masked ? {mask: ids('bool', leadingShape)} : {};
}

/** Programs of a training step of the layer alone, in which labels and features are results of other programs. */
async function programsOfStep(labels: Labels, args: Partial<CenterLossLayerArgs> = {}): Promise<number> {
  const layer = new CenterLossLayer({numClasses: NUM_CLASSES, ...args});
  const features = tf.mul(tf.ones([...labels.leadingShape, FEATURE_DIM]), 2);
  const mask = maskOf(labels);
  tf.dispose(layer.apply(features) as tf.Tensor);
  const step = (y: tf.Tensor) =>
    tf.tidy(() =>
      tf.grad((x: tf.Tensor) => {
        layer.apply([x, y], {training: true, ...mask});
        return tf.addN(layer.calculateLosses());
      })(features),
    );
  // As fit cuts them from the data. Each batch has its own: labels that have been read need no program to be read again.
  const batch = () => {
    const twice = tf.concat([labels.make(), labels.make()]);
    return tf.slice(twice, 0, twice.shape[0] / 2);
  };
  const [first, second] = [batch(), batch()];
  step(first);
  const programs = programsOf(() => step(second));
  await layer.centers.data();
  layer.dispose();
  return programs;
}

const onBoth = ({webgl, webgpu}: Record<Gpu, number>) => `${webgl} programs on webgl and ${webgpu} on webgpu`;

describe('On a GPU', () => {
  disposeAfterEach();

  for (const labels of FORMS) {
    itOnGpus(`one program reads and checks labels ${labels.name}`, () => {
      const args = {...maskOf(labels), leadingShape: labels.leadingShape, numClasses: NUM_CLASSES, caller: 'spec'};
      const onGpu = labels.make();
      // The first brings them to the GPU.
      toClassIds(onGpu, args);
      expect(programsOf(() => toClassIds(onGpu, args))).toBe(1);
    });
  }

  for (const {now, before, ...labels} of FORMS) {
    itOnGpus(`a training step with labels ${labels.name} takes ${onBoth(now)}, once ${onBoth(before)}`, async () => {
      expect(await programsOfStep(labels)).toBe(now[gpu]);
      expect(now[gpu]).toBeLessThanOrEqual(before[gpu] / 2);
    });
  }

  for (const {name, args, now, before} of ARGS) {
    itOnGpus(`a training step with ${name} takes ${onBoth(now)}, once ${onBoth(before)}`, async () => {
      expect(await programsOfStep(ID_LABELS, args)).toBe(now[gpu]);
      expect(now[gpu]).toBeLessThanOrEqual(before[gpu] / 2);
    });
  }
});
