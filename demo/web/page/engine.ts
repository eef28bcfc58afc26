import {proxy} from 'comlink';
import type {Remote} from 'comlink';

import type {Artifacts, Frame, Listener, MnistPictures, Preparation, Settings, State} from '../protocol.js';
import type {Trainer} from '../worker/trainer.js';
import {Connection} from './connection.js';

/** Trains in a worker. Every backend gets a worker of its own, so that one that failed can be tried again. */
export class Engine {
  private readonly listener: Omit<Listener, 'onSnapshot'>;
  private connection: Connection | undefined;
  private opened = new Promise<{connection: Connection; trainer: Remote<Trainer>}>(() => undefined);
  private snapshot: Artifacts[] | undefined;

  /** `listener.onLost` is told as well if the worker itself is gone. */
  constructor(listener: Omit<Listener, 'onSnapshot'>) {
    this.listener = listener;
  }

  /** The networks as they were a few seconds ago. */
  get lastKnown(): Artifacts[] | undefined {
    return this.snapshot;
  }

  /**
   * Starts anew, paused; an earlier worker is ended.
   *
   * @param networks Saved ones to go on from.
   * @returns What is offered and which backend runs, which may be another one.
   */
  async open(
    settings: Settings,
    pictures: Promise<MnistPictures>,
    networks: readonly Artifacts[] | undefined,
  ): Promise<Preparation> {
    this.connection?.close();
    let ready = false;
    const connection = new Connection((reason) => {
      // Before that, opening fails, which is told to the caller.
      if (ready) {
        void this.listener.onLost(reason);
      }
    });
    this.connection = connection;
    // The backend starts while the pictures are on their way.
    const prepared = connection.ask(
      Promise.all([connection.remote.startBackend(settings.backend, settings.network), pictures]),
    );
    this.opened = prepared.then(async ([{backend}, loaded]) => {
      const trainer = await connection.ask(connection.remote.openTrainer(loaded, {...settings, backend}, networks));
      await connection.ask(trainer.listen(this.hear(connection)));
      return {connection, trainer};
    });
    await this.opened;
    ready = true;
    const [preparation] = await prepared;
    return preparation;
  }

  /** Waits for the trainer. Rejects if the worker ends before it has answered. */
  async ask<T>(question: (trainer: Remote<Trainer>) => Promise<T>): Promise<T> {
    const {connection, trainer} = await this.opened;
    return connection.ask(question(trainer));
  }

  /** What an earlier worker still has to say is of no interest. */
  private hear(connection: Connection): Listener {
    const current = () => this.connection === connection;
    return proxy({
      onFrame: (frame: Frame) => (current() ? this.listener.onFrame(frame) : undefined),
      onState: (state: State) => (current() ? this.listener.onState(state) : undefined),
      onError: (sentence: string) => (current() ? this.listener.onError(sentence) : undefined),
      onSnapshot: (artifacts: Artifacts[]) => {
        if (current()) {
          this.snapshot = artifacts;
        }
      },
      onLost: (reason: string) => {
        if (current()) {
          connection.close(new Error(reason));
          void this.listener.onLost(reason);
        }
      },
    });
  }
}
