import * as tf from '@tensorflow/tfjs';

import {createDataset, shuffledBatches} from '../../mnist/dataset.js';
import type {Dataset} from '../../mnist/dataset.js';
import {NUM_CLASSES} from '../../mnist/idx.js';
import {averagePool, POOLED_SIZE} from '../../mnist/pool.js';
import {FURTHER_DRAWINGS, JUDGED_BY, NON_DIGITS, SIDES, TAUGHT_DRAWINGS} from '../protocol.js';
import type {
  Answer,
  Artifacts,
  Frame,
  LayerSettings,
  MnistPictures,
  Pictures,
  Settings,
  SideFrame,
  Sign,
} from '../protocol.js';
import {KINDS, nonDigits} from '../non_digits.js';
import {readSavedNetwork, writeMetadata} from '../saved_network.js';
import {FIRST_SAMPLES} from '../mnist_parts.js';
import type {SavedNetwork} from '../saved_network.js';
import {withShiftedCopies} from '../shifted.js';
import {tremblingSigns} from '../trembling_signs.js';
import {Side} from './side.js';
import type {Batch, BatchLoss, Looked} from './side.js';

const SEED = 1;
/** The Node demo's epoch: the learning rate falls as it does there. */
export const DECAY_SAMPLES = 60_000;

/** Both networks and their pictures, as tensors of the backend. */
export class Session {
  readonly settings: Settings;
  private sides: Side[];
  /** What the networks begin with. */
  private readonly first: Dataset;
  /** All training pictures; undefined as long as they are on their way. */
  private all: Dataset | undefined;
  /** Which of them the batches are of. */
  private source: Dataset | undefined;
  private looked: Looked;
  private signs: readonly Sign[] = [];
  private batches: ReturnType<typeof shuffledBatches> | undefined;
  private samplesSeen = 0;
  private samplesPlanned: number;
  private sinceFrame = noLosses();

  constructor(pictures: MnistPictures, settings: Settings) {
    this.settings = {...settings};
    const {testSamples} = settings;
    const {train} = pictures;
    this.first = toTrainingSet(train, Math.min(settings.samples, FIRST_SAMPLES));
    if (settings.samples <= FIRST_SAMPLES) {
      this.all = this.first;
    } else if (train.images.count > FIRST_SAMPLES) {
      this.all = toTrainingSet(train, settings.samples);
    }
    const heldBack = toDataset(pictures.heldBack, testSamples);
    const others = nonDigits(NON_DIGITS, pictures.test);
    this.looked = {
      test: toDataset(pictures.test, testSamples),
      heldBack,
      heldBackLabels: [...pictures.heldBack.labels.subarray(0, heldBack.size)],
      nonDigits: toImages(KINDS.flatMap((kind) => others[kind])),
      drawings: toImages(tremblingSigns(TAUGHT_DRAWINGS + FURTHER_DRAWINGS).flat()),
      signs: [],
    };
    this.samplesPlanned = settings.epochs * settings.samples;
    this.sides = createSides(this.settings);
  }

  get finished(): boolean {
    return this.samplesSeen >= this.samplesPlanned;
  }

  get seen(): number {
    return this.samplesSeen;
  }

  /** All pictures, where there were only some at the start; undefined if no more will come. */
  setTrainingPictures(pictures: Pictures | undefined): void {
    this.all ??= pictures ? toTrainingSet(pictures, this.settings.samples) : this.first;
  }

  /** Whether the next batch is of pictures that have not come yet. */
  get waits(): boolean {
    return this.present === undefined;
  }

  /**
   * The networks see as many pictures as come first, all of them of these, and then of all. So what is learned does not depend
   * on when the others come.
   */
  private get present(): Dataset | undefined {
    return this.samplesSeen < FIRST_SAMPLES ? this.first : this.all;
  }

  /** The same batch for both networks. Does nothing while they wait for pictures. */
  async step(): Promise<void> {
    const {present} = this;
    if (!present) {
      return;
    }
    if (present !== this.source) {
      this.endEpoch();
      this.source = present;
    }
    this.batches ??= shuffledBatches(present, this.settings.batchSize, SEED + this.samplesSeen);
    const {xs, ys} = this.batches.next().value;
    const [images, labels] = xs;
    const batch: Batch = {images, labels, oneHot: tf.oneHot(ys, NUM_CLASSES)};
    try {
      for (const [index, side] of this.sides.entries()) {
        this.sinceFrame[index]?.push(await side.train(batch, this.samplesSeen / DECAY_SAMPLES));
      }
      this.samplesSeen += labels.size;
    } finally {
      tf.dispose([{...batch}, ys]);
    }
  }

  async frame(): Promise<Omit<Frame, 'samplesPerSecond'>> {
    const losses = this.sinceFrame.map(meanLosses);
    this.sinceFrame = noLosses();
    const sides: SideFrame[] = [];
    for (const [index, side] of this.sides.entries()) {
      sides.push({...(await side.frame(this.looked)), ...(losses[index] ?? meanLosses([]))});
    }
    const {samples} = this.settings;
    const epochs = Math.round(this.samplesPlanned / samples);
    return {
      sides,
      samplesSeen: this.samplesSeen,
      samplesPlanned: this.samplesPlanned,
      epoch: Math.min(1 + Math.floor(this.samplesSeen / samples), epochs),
      epochs,
      numTensors: tf.memory().numTensors,
    };
  }

  /** @param pixels 28 x 28, 0 (paper) to 255 (ink). */
  async answer(pixels: Uint8Array): Promise<Answer[]> {
    const picture = toImages([pixels]);
    try {
      return await Promise.all(this.sides.map((side) => side.answer(picture, this.looked)));
    } finally {
      picture.dispose();
    }
  }

  /** What the visitor has taught, all of it. */
  setSigns(signs: readonly Sign[]): void {
    tf.dispose([...this.looked.signs]);
    this.signs = signs;
    this.looked = {...this.looked, signs: signs.map(({pictures}) => toImages(pictures))};
    this.sides.forEach((side) => {
      side.forgetJudge();
    });
  }

  /** Acts on the next batch. */
  setCenterLoss({lossWeight, alpha}: LayerSettings): void {
    Object.assign(this.settings, {lossWeight, alpha});
    this.sides.forEach((side, index) => {
      side.layer.lossWeight = index === 0 ? 0 : lossWeight;
      side.layer.alpha = alpha;
    });
  }

  get layers(): LayerSettings[] {
    return this.sides.map(({layer: {lossWeight, alpha}}) => ({lossWeight, alpha}));
  }

  setBatchSize(batchSize: number): void {
    this.settings.batchSize = batchSize;
    this.endEpoch();
  }

  /** Plans as many epochs again. */
  extend(): void {
    this.samplesPlanned = this.samplesSeen + this.settings.epochs * this.settings.samples;
  }

  /** Back to the initial weights. */
  reset(): void {
    this.replaceSides(createSides(this.settings));
    this.samplesSeen = 0;
    this.samplesPlanned = this.settings.epochs * this.settings.samples;
  }

  async artifacts(): Promise<Artifacts[]> {
    const metadata = writeMetadata(this.samplesSeen, this.signs);
    return Promise.all(this.sides.map((side) => side.artifacts(metadata)));
  }

  /**
   * Goes on from saved networks: both, or the one with center loss, for which the other begins anew. Nothing has changed when
   * it rejects.
   */
  async load(artifacts: readonly Artifacts[]): Promise<void> {
    const saved = artifacts.map(readSavedNetwork);
    const centered = saved.at(-1);
    if (!centered || saved.length > SIDES.length) {
      throw new Error(`Expected one or two networks, got ${saved.length}.`);
    }
    const {network, featureDim, reduction, layer} = centered;
    // One with a sum, as the Node demo may save it, pulls as hard with a mean.
    const lossWeight = layer.lossWeight * (reduction === 'sum' ? this.settings.batchSize : 1);
    const settings = {...this.settings, network, featureDim, lossWeight, alpha: layer.alpha};
    const sides = createSides(settings);
    try {
      restored(sides, saved);
      await checkComputes(sides, this.looked);
    } catch (error) {
      disposeAll(sides);
      throw error;
    }
    Object.assign(this.settings, settings);
    this.replaceSides(sides);
    if (centered.signs.length > 0) {
      this.setSigns(centered.signs);
    }
    this.samplesSeen = centered.samplesSeen;
    if (this.finished) {
      this.extend();
    }
  }

  private replaceSides(sides: Side[]): void {
    disposeAll(this.sides);
    this.sides = sides;
    this.sinceFrame = noLosses();
    this.endEpoch();
  }

  private endEpoch(): void {
    // An endless generator, but it can be told to end.
    (this.batches as Generator | undefined)?.return(undefined);
    this.batches = undefined;
  }
}

/** Each is judged by what refuses most of what is no digit, as `npm run demo:web:table` shows. */
function createSides(settings: Settings): Side[] {
  return [
    new Side({...settings, lossWeight: 0}, JUDGED_BY.softmax, SEED),
    new Side(settings, JUDGED_BY['center-loss'], SEED),
  ];
}

/** The last saved network is the last side. */
function restored(sides: readonly Side[], saved: readonly SavedNetwork[]): void {
  const offset = sides.length - saved.length;
  saved.forEach(({weights}, i) => {
    sides[offset + i]?.setWeights(weights);
  });
}

/**
 * Weights can be finite and their products not: such networks show nothing and answer nothing.
 *
 * @throws Error if these cannot compute a frame.
 */
async function checkComputes(sides: readonly Side[], looked: Looked): Promise<void> {
  for (const side of sides) {
    const {features, centers, ratio} = await side.frame(looked).catch(() => NOTHING_COMPUTED);
    if (![...features, ...centers, ratio].every(Number.isFinite)) {
      throw new Error('The weights of this network are too large: nothing can be computed with them.');
    }
  }
}

const NOTHING_COMPUTED = {features: [NaN], centers: [], ratio: NaN};

function disposeAll(sides: readonly Side[]): void {
  sides.forEach((side) => {
    side.dispose();
  });
}

function noLosses(): BatchLoss[][] {
  return SIDES.map(() => []);
}

function meanLosses(losses: readonly BatchLoss[]): BatchLoss {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {loss: mean(losses.map(({loss}) => loss)), centerLoss: mean(losses.map(({centerLoss}) => centerLoss))};
}

/** What the networks learn from: the first pictures, and shifted copies of them. */
export function toTrainingSet({images, labels}: Pictures, most: number): Dataset {
  const count = Math.min(most, images.count);
  const area = images.pixels.length / images.count;
  const first = {images: {count, pixels: images.pixels.subarray(0, count * area)}, labels: labels.subarray(0, count)};
  const shifted = withShiftedCopies(first);
  return createDataset(shifted.images, shifted.labels);
}

function toDataset({images, labels}: Pictures, most: number): Dataset {
  return createDataset(images, labels, Math.min(most, images.count));
}

/** `[pictures, pixels]`, as the networks take them. */
export function toImages(pictures: readonly Uint8Array[]): tf.Tensor2D {
  const pixels = Uint8Array.from(pictures.flatMap((picture) => [...picture]));
  return averagePool({count: pictures.length, pixels}, pictures.length, POOLED_SIZE);
}
