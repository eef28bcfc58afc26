import * as tf from '@tensorflow/tfjs';
import {transfer} from 'comlink';
import pLimit from 'p-limit';

import {BACKEND_TITLES, SIDES} from '../protocol.js';
import type {
  Answer,
  Artifacts,
  Backend,
  Frame,
  Introduction,
  LayerSettings,
  Listener,
  Network,
  Offer,
  Settings,
  State,
} from '../protocol.js';
import {canTrain, offeredBackends, suitableBackend, useBackend} from './backends.js';
import {fetchMnist} from './mnist_fetch.js';
import type {MnistPictures} from './mnist_fetch.js';
import {sentenceFor} from './sentence.js';
import {Session} from './session.js';

/** The longest that a message of the page waits, if a step is not longer. */
const TURN_MS = 40;
const RATE_SMOOTHING = 0.3;

const BROWSER_STORE = SIDES.map((side) => `indexeddb://center-loss-demo/${side}`);

/** What the page calls. Training and calls take turns, so that each finds the networks between two batches. */
export class Trainer {
  private readonly turn = pLimit(1);
  private readonly pictures: MnistPictures;
  private readonly offers: Offer[];
  private readonly settings: Settings;
  private session: Session;
  private listener: Listener | undefined;
  private state: State = 'paused';
  private looping = false;
  private lastFrame = {time: 0, samplesSeen: 0};
  private samplesPerSecond = 0;
  /** How long the last frame took: on a slow machine training comes first. */
  private frameCost = 0;

  private constructor(pictures: MnistPictures, offers: Offer[], settings: Settings) {
    this.pictures = pictures;
    this.offers = offers;
    this.settings = settings;
    this.session = new Session(pictures, settings);
  }

  static async open(wanted: Settings, folder: string): Promise<Trainer> {
    tf.enableProdMode();
    const [pictures, offers] = await Promise.all([fetchMnist(folder), offeredBackends()]);
    const settings = {...wanted};
    settings.backend = suitableBackend(settings.backend, settings.network, offers);
    await useBackend(settings.backend);
    return new Trainer(pictures, offers, settings);
  }

  async introduce(): Promise<Introduction> {
    const saved = await tf.io.listModels();
    return {
      offers: this.offers,
      settings: this.settings,
      testLabels: this.pictures.test.labels.slice(0, this.settings.testSamples),
      layers: this.session.layers,
      hasSavedModels: BROWSER_STORE.every((name) => name in saved),
    };
  }

  listen(listener: Listener): void {
    this.listener = listener;
  }

  async show(): Promise<void> {
    await this.turn(() => this.sendFrame());
  }

  start(): void {
    if (this.session.finished) {
      this.session.extend();
    }
    this.lastFrame = {time: performance.now(), samplesSeen: this.session.seen};
    this.samplesPerSecond = 0;
    this.setState('running');
    if (!this.looping) {
      this.looping = true;
      void this.loop();
    }
  }

  async pause(): Promise<void> {
    this.setState('paused');
    await this.show();
  }

  async reset(): Promise<void> {
    this.setState('paused');
    await this.turn(async () => {
      this.session.reset();
      await this.sendFrame();
    });
  }

  /** Acts on the next batch. Resolves to what the layers now hold. */
  async adjust(
    changes: Partial<Pick<Settings, 'lossWeight' | 'alpha' | 'batchSize' | 'framesPerSecond'>>,
  ): Promise<LayerSettings[]> {
    return this.turn(() => {
      Object.assign(this.settings, changes);
      this.session.setCenterLoss(this.settings);
      if (changes.batchSize !== undefined) {
        this.session.setBatchSize(changes.batchSize);
      }
      return this.session.layers;
    });
  }

  /** Starts anew with another network, on another backend if the present one cannot train it. */
  async chooseNetwork(network: Network): Promise<void> {
    await this.turn(async () => {
      await this.moveTo(suitableBackend(this.settings.backend, network, this.offers));
      this.session.reset(network);
      this.settings.network = network;
      await this.sendFrame();
    });
  }

  /** Takes the networks along. */
  async chooseBackend(backend: Backend): Promise<void> {
    await this.turn(async () => {
      const {network} = this.settings;
      if (!canTrain(backend, network)) {
        throw new Error(`${BACKEND_TITLES[backend]} cannot train a convolutional network: it lacks the gradient.`);
      }
      await this.moveTo(backend);
      await this.sendFrame();
    });
  }

  async answer(pixels: Uint8Array): Promise<Answer[]> {
    return this.turn(() => this.session.answer(pixels));
  }

  /** A test picture, 28 x 28. */
  testPicture(index: number): Uint8Array {
    const {count, pixels} = this.pictures.test.images;
    const area = pixels.length / count;
    return pixels.slice(index * area, (index + 1) * area);
  }

  async saveInBrowser(): Promise<void> {
    await this.turn(() => this.session.save(BROWSER_STORE));
  }

  async loadFromBrowser(): Promise<void> {
    await this.load(BROWSER_STORE);
  }

  async artifacts(): Promise<Artifacts[]> {
    return this.turn(() => this.session.artifacts());
  }

  async loadArtifacts(artifacts: Artifacts[]): Promise<void> {
    await this.load(artifacts.map((one) => tf.io.fromMemory(one)));
  }

  private async load(sources: readonly (tf.io.IOHandler | string)[]): Promise<void> {
    this.setState('paused');
    await this.turn(async () => {
      await this.session.load(sources);
      const {network, lossWeight, alpha} = this.session.settings;
      Object.assign(this.settings, {network, lossWeight, alpha});
      await this.moveTo(suitableBackend(this.settings.backend, network, this.offers));
      await this.sendFrame();
    });
  }

  /** Not all backends can read each other's tensors: everything is built again from plain values. */
  private async moveTo(backend: Backend): Promise<void> {
    const previous = this.settings.backend;
    if (backend === previous) {
      return;
    }
    const artifacts = await this.session.artifacts();
    this.session.dispose();
    try {
      await useBackend(backend);
      this.settings.backend = backend;
    } catch (error) {
      await useBackend(previous);
      throw error;
    } finally {
      this.session = new Session(this.pictures, this.settings);
      await this.session.load(artifacts.map((one) => tf.io.fromMemory(one)));
    }
  }

  private async loop(): Promise<void> {
    while (this.state === 'running') {
      await this.turn(() => this.work());
      // Lets messages of the page in.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.looping = false;
  }

  private async work(): Promise<void> {
    try {
      const end = performance.now() + TURN_MS;
      while (this.state === 'running' && performance.now() < end) {
        await this.session.step();
        if (this.session.finished) {
          this.setState('finished');
        }
      }
      const frameDue = this.lastFrame.time + Math.max(1000 / this.settings.framesPerSecond, 2 * this.frameCost);
      if (this.state === 'finished' || (this.state === 'running' && performance.now() >= frameDue)) {
        await this.sendFrame();
      }
    } catch (error) {
      this.setState('failed');
      await this.listener?.onError(sentenceFor(error, this.settings.backend));
    }
  }

  private async sendFrame(): Promise<void> {
    const begin = performance.now();
    const frame: Frame = {...(await this.session.frame()), samplesPerSecond: this.measureRate()};
    this.frameCost = performance.now() - begin;
    const buffers = frame.sides.flatMap(({features, centers}) => [features.buffer, centers.buffer] as ArrayBuffer[]);
    await this.listener?.onFrame(transfer(frame, buffers));
  }

  private measureRate(): number {
    const {time, samplesSeen} = this.lastFrame;
    const now = performance.now();
    this.lastFrame = {time: now, samplesSeen: this.session.seen};
    if (this.session.seen > samplesSeen) {
      const rate = (1000 * (this.session.seen - samplesSeen)) / (now - time);
      const previous = this.samplesPerSecond || rate;
      this.samplesPerSecond = previous + RATE_SMOOTHING * (rate - previous);
    }
    return this.samplesPerSecond;
  }

  private setState(state: State): void {
    this.state = state;
    void this.listener?.onState(state);
  }
}
