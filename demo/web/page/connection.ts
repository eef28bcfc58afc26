import {wrap} from 'comlink';
import type {Remote} from 'comlink';

import {Closed} from '../../pages/messages.js';
import type {TrainingWorker} from '../worker/main.js';

const PING_MS = 5000;
/** Long steps of a slow backend, on a slow machine, block a worker for seconds. */
const SILENCE_MS = 45_000;

/** One worker. What it is asked is answered, or fails once the worker is gone. */
export class Connection {
  readonly remote: Remote<TrainingWorker>;
  private readonly worker: Worker;
  private readonly end: Promise<never>;
  private fail: (reason: Error) => void = () => undefined;
  private readonly closed = new AbortController();

  /** @param onGone Called if the worker ends by itself, with a sentence. */
  constructor(onGone: (reason: string) => void) {
    this.worker = new Worker(new URL('../worker/main.ts', import.meta.url), {type: 'module'});
    this.remote = wrap<TrainingWorker>(this.worker);
    this.end = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.end.catch(() => undefined);
    const gone = (reason: string) => {
      if (!this.closed.signal.aborted) {
        this.close(new Error(reason));
        onGone(reason);
      }
    };
    this.worker.addEventListener('error', () => {
      gone('The part of this page that trains could not be loaded, or has broken down.');
    });
    void this.watchLock(gone);
    this.watchSilence(gone);
  }

  ask<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.end]);
  }

  close(reason: Error = new Closed('The worker was closed.')): void {
    this.closed.abort();
    this.worker.terminate();
    this.fail(reason);
  }

  /** On plain http there are no locks. */
  private async watchLock(gone: (reason: string) => void): Promise<void> {
    // Typed as always there.
    const locks = (navigator as Partial<Navigator>).locks;
    const name = `center-loss worker ${String(Math.random())}`;
    try {
      await this.remote.hold(name);
      await locks?.request(name, {signal: this.closed.signal}, () => {
        gone('The browser has ended the part of this page that trains.');
      });
    } catch {
      // Closed meanwhile, or no locks: the pings are left.
    }
  }

  private watchSilence(gone: (reason: string) => void): void {
    let asked = 0;
    let lastTick = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // A computer that slept, or a page in the background, has not listened.
      const awake = now - lastTick < 2 * PING_MS;
      lastTick = now;
      if (this.closed.signal.aborted) {
        clearInterval(timer);
      } else if (asked === 0 || !awake) {
        asked = now;
        void this.remote.ping().then(() => {
          asked = 0;
        });
      } else if (now - asked > SILENCE_MS) {
        gone('The part of this page that trains has not answered for a long time.');
      }
    }, PING_MS);
  }
}
