import * as tf from '@tensorflow/tfjs';
import {expose, proxy} from 'comlink';

import type {Artifacts, MnistPictures, Settings} from '../protocol.js';
import {startBackend} from './backends.js';
import {Trainer} from './trainer.js';

tf.enableProdMode();

const worker = {
  startBackend,

  /** Holds a lock for as long as the worker lives: whoever asks for it next learns of the worker's end at once. */
  hold(lock: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const forever = () => {
        resolve();
        return new Promise<never>(() => undefined);
      };
      navigator.locks.request(lock, forever).catch(reject);
    });
  },

  /** Answered if the worker is not stuck. */
  ping(): void {
    // Nothing to do: the answer is all.
  },

  /** @param networks Saved ones to go on from. */
  async openTrainer(pictures: MnistPictures, settings: Settings, networks?: readonly Artifacts[]) {
    return proxy(await Trainer.open(pictures, settings, networks));
  },
};

export type TrainingWorker = typeof worker;

expose(worker);
