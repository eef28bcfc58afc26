import {transfer} from 'comlink';

import type {
  Adjustments,
  Answer,
  Artifacts,
  Frame,
  LayerSettings,
  Listener,
  MnistPictures,
  Pictures,
  Settings,
  Sign,
  State,
} from '../protocol.js';
import {onDeviceLost} from './backends.js';
import {sentenceFor} from './sentence.js';
import {Session} from './session.js';
import {Turns} from './turns.js';

/** The longest that a message of the page waits, if a step is not longer. */
const TURN_MS = 40;
const RATE_SMOOTHING = 0.3;
/** The most training that is lost with a device. */
const SNAPSHOT_MS = 3000;

/** What the page calls. Training and calls take turns, so that each finds the networks between two batches. */
export class Trainer {
  private readonly turns = new Turns();
  private readonly session: Session;
  private listener: Listener | undefined;
  private state: State = 'paused';
  private looping = false;
  private lastFrame = {time: 0, samplesSeen: 0};
  private lastSnapshot = 0;
  private samplesPerSecond = 0;
  /** How long the last frame took: on a slow machine training comes first. */
  private frameCost = 0;

  private constructor(session: Session) {
    this.session = session;
  }

  /** @param networks Saved ones to go on from. */
  static async open(pictures: MnistPictures, settings: Settings, networks?: readonly Artifacts[]): Promise<Trainer> {
    const session = new Session(pictures, settings);
    if (networks) {
      await session.load(networks);
    }
    return new Trainer(session);
  }

  async listen(listener: Listener): Promise<void> {
    this.listener = listener;
    onDeviceLost((reason) => {
      this.state = 'failed';
      void listener.onLost(reason);
    });
    await this.show();
  }

  get settings(): Settings {
    return this.session.settings;
  }

  get layers(): LayerSettings[] {
    return this.session.layers;
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
    await this.turns.take(async () => {
      this.session.reset();
      await this.sendFrame();
    });
  }

  /** Acts on the next batch. Resolves to what the layers now hold. */
  async adjust(changes: Adjustments): Promise<LayerSettings[]> {
    return this.turns.take(() => {
      Object.assign(this.session.settings, changes);
      this.session.setCenterLoss(this.session.settings);
      if (changes.batchSize !== undefined) {
        this.session.setBatchSize(changes.batchSize);
      }
      return this.session.layers;
    });
  }

  /** @param pictures All that there are; undefined if no more will come than those of the start. */
  async setTrainingPictures(pictures: Pictures | undefined): Promise<void> {
    await this.turns.take(() => {
      this.session.setTrainingPictures(pictures);
    });
  }

  async answer(pixels: Uint8Array): Promise<Answer[]> {
    return this.turns.take(() => this.session.answer(pixels));
  }

  /** Takes these signs as all that the visitor has taught. */
  async setSigns(signs: readonly Sign[]): Promise<void> {
    await this.turns.take(async () => {
      this.session.setSigns(signs);
      await this.sendFrame();
    });
  }

  async artifacts(): Promise<Artifacts[]> {
    return this.turns.take(() => this.session.artifacts());
  }

  /** Shows saved networks, paused. When it rejects, training goes on as before. */
  async load(networks: readonly Artifacts[]): Promise<void> {
    await this.turns.take(async () => {
      await this.session.load(networks);
      this.setState('paused');
      await this.sendFrame();
    });
  }

  private async show(): Promise<void> {
    await this.turns.take(() => this.sendFrame());
  }

  private async loop(): Promise<void> {
    while (this.state === 'running') {
      await this.turns.take(() => this.work());
      // Lets messages of the page in, and pictures that training waits for.
      await new Promise((resolve) => setTimeout(resolve, this.session.waits ? TURN_MS : 0));
    }
    this.looping = false;
  }

  private async work(): Promise<void> {
    try {
      const end = performance.now() + TURN_MS;
      while (this.state === 'running' && !this.session.waits && performance.now() < end) {
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
    if (begin > this.lastSnapshot + SNAPSHOT_MS || this.state !== 'running') {
      this.lastSnapshot = begin;
      await this.listener?.onSnapshot(await this.session.artifacts());
    }
    this.frameCost = performance.now() - begin;
    const buffers = frame.sides.flatMap(
      ({features, centers, signs}) => [features.buffer, centers.buffer, signs.buffer] as ArrayBuffer[],
    );
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
