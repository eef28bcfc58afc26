import * as tf from '@tensorflow/tfjs';

import {shuffledBatches} from '../../mnist/dataset.js';
import type {Dataset} from '../../mnist/dataset.js';
import {NUM_CLASSES} from '../../mnist/idx.js';
import {SIDES} from '../protocol.js';
import type {Answer, Artifacts, Frame, LayerSettings, Network, Settings, SideFrame} from '../protocol.js';
import {toDataset} from './mnist_fetch.js';
import type {MnistPictures} from './mnist_fetch.js';
import {Side} from './side.js';
import type {Batch, BatchLoss} from './side.js';

const SEED = 1;
/** The Node demo's epoch: the learning rate falls as it does there. */
const DECAY_SAMPLES = 60_000;

type SessionSettings = Pick<
  Settings,
  'network' | 'batchSize' | 'lossWeight' | 'alpha' | 'samples' | 'testSamples' | 'epochs'
>;

/** What is saved beside the weights. */
export interface Metadata {
  network: Network;
  samplesSeen: number;
}

/** Both networks and their pictures, as tensors of the current backend. */
export class Session {
  readonly settings: SessionSettings;
  private sides: Side[];
  private readonly train: Dataset;
  private readonly heldBack: Dataset;
  private readonly test: Dataset;
  private batches: ReturnType<typeof shuffledBatches> | undefined;
  private samplesSeen = 0;
  private samplesPlanned: number;
  private sinceFrame = noLosses();

  constructor(pictures: MnistPictures, settings: SessionSettings) {
    this.settings = {...settings};
    this.train = toDataset(pictures.train, settings.samples);
    const {testSamples} = settings;
    this.heldBack = toDataset(pictures.heldBack, Math.min(testSamples, pictures.heldBack.images.count));
    this.test = toDataset(pictures.test, testSamples);
    this.samplesPlanned = settings.epochs * settings.samples;
    this.sides = this.createSides();
  }

  get finished(): boolean {
    return this.samplesSeen >= this.samplesPlanned;
  }

  get seen(): number {
    return this.samplesSeen;
  }

  get metadata(): Metadata {
    return {network: this.settings.network, samplesSeen: this.samplesSeen};
  }

  /** The same batch for both networks. */
  async step(): Promise<void> {
    this.batches ??= shuffledBatches(this.train, this.settings.batchSize, SEED + this.samplesSeen);
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
      sides.push({...(await side.frame(this.test)), ...(losses[index] ?? meanLosses([]))});
    }
    const epochs = Math.round(this.samplesPlanned / this.train.size);
    return {
      sides,
      samplesSeen: this.samplesSeen,
      samplesPlanned: this.samplesPlanned,
      epoch: Math.min(1 + Math.floor(this.samplesSeen / this.train.size), epochs),
      epochs,
      numTensors: tf.memory().numTensors,
    };
  }

  /** @param pixels 28 x 28, 0 (paper) to 255 (ink). */
  async answer(pixels: Uint8Array): Promise<Answer[]> {
    const picture = toDataset({images: {count: 1, pixels}, labels: Uint8Array.of(0)});
    try {
      return await Promise.all(this.sides.map((side) => side.answer(picture.images, this.heldBack)));
    } finally {
      disposeDataset(picture);
    }
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
    this.samplesPlanned = this.samplesSeen + this.settings.epochs * this.train.size;
  }

  /** Back to the initial weights. */
  reset(network = this.settings.network): void {
    this.settings.network = network;
    this.replaceSides(this.createSides());
    this.samplesSeen = 0;
    this.samplesPlanned = this.settings.epochs * this.train.size;
  }

  async artifacts(): Promise<Artifacts[]> {
    return Promise.all(this.sides.map((side) => side.artifacts(this.metadata)));
  }

  async save(targets: readonly string[]): Promise<void> {
    for (const [index, side] of this.sides.entries()) {
      await side.save(targets[index] ?? '', this.metadata);
    }
  }

  /** Goes on from saved networks. Nothing has changed when it rejects. */
  async load(sources: readonly (tf.io.IOHandler | string)[]): Promise<void> {
    const sides: Side[] = [];
    try {
      for (const source of sources) {
        sides.push(await Side.load(source));
      }
      for (const side of sides) {
        // A model of another shape shows here.
        await side.frame(this.test);
      }
      const [first, second] = sides;
      if (!first || !second || sides.length !== SIDES.length) {
        throw new Error(`Expected ${SIDES.length} networks, got ${sides.length}.`);
      }
      const {network, samplesSeen} = toMetadata(first.metadata);
      this.replaceSides(sides);
      this.settings.network = network;
      this.setCenterLoss(second.layer);
      this.samplesSeen = samplesSeen;
      if (this.finished) {
        this.extend();
      }
    } catch (error) {
      sides.forEach((side) => {
        side.dispose();
      });
      throw error;
    }
  }

  dispose(): void {
    this.endEpoch();
    this.sides.forEach((side) => {
      side.dispose();
    });
    [this.train, this.heldBack, this.test].forEach(disposeDataset);
  }

  private createSides(): Side[] {
    const {network, lossWeight, alpha} = this.settings;
    return [Side.create(network, 0, alpha), Side.create(network, lossWeight, alpha)];
  }

  private replaceSides(sides: Side[]): void {
    this.sides.forEach((side) => {
      side.dispose();
    });
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

function noLosses(): BatchLoss[][] {
  return SIDES.map(() => []);
}

function meanLosses(losses: readonly BatchLoss[]): BatchLoss {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {loss: mean(losses.map(({loss}) => loss)), centerLoss: mean(losses.map(({centerLoss}) => centerLoss))};
}

/** Files come from anywhere. */
function toMetadata(metadata: unknown): Metadata {
  const {network, samplesSeen} = (metadata ?? {}) as Partial<Metadata>;
  if ((network !== 'dense' && network !== 'convolutional') || !Number.isFinite(samplesSeen)) {
    throw new Error('Expected a model that this page has saved.');
  }
  return {network, samplesSeen: Math.max(0, Number(samplesSeen))};
}

function disposeDataset({images, labels}: Dataset): void {
  tf.dispose([images, labels]);
}
