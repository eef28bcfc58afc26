import type {Remote} from 'comlink';

import {button, canvas, context2d, element} from '../../pages/elements.js';
import {showError} from '../../pages/messages.js';
import type {Face, FaceWorker} from '../worker/main.js';
import type {Source} from './source.js';
import {clearAnswers} from './view.js';

/** What was last looked at. */
export interface Seen {
  source: Source;
  frame: HTMLCanvasElement;
  /** The largest first. */
  faces: readonly Face[];
}

/** Has the worker look at one picture after another, of one source at a time. */
export class Watching {
  /** Undefined while nothing is looked at. */
  seen: Seen | undefined;
  private readonly worker: Remote<FaceWorker>;
  private readonly onSeen: (seen: Seen) => Promise<void>;
  private source: Source | undefined;

  /** @param onSeen Called for each picture, and waited for before the next one. */
  constructor(worker: Remote<FaceWorker>, onSeen: (seen: Seen) => Promise<void>) {
    this.worker = worker;
    this.onSeen = onSeen;
  }

  async begin(open: () => Promise<Source>): Promise<void> {
    this.stop();
    const source = await open();
    // Another may have been opened meanwhile.
    this.stop();
    this.source = source;
    element('film', HTMLVideoElement).hidden = !source.isFilm;
    button('next').hidden = source.isFilm;
    button('stop').disabled = false;
    this.watch(source).catch((error: unknown) => {
      if (source === this.source) {
        this.stop();
        showError(error);
      }
    });
  }

  stop(): void {
    this.source?.close();
    this.source = undefined;
    this.seen = undefined;
    element('film', HTMLVideoElement).hidden = true;
    button('next').hidden = true;
    button('stop').disabled = true;
    const stage = canvas('stage');
    context2d(stage).clearRect(0, 0, stage.width, stage.height);
    clearAnswers();
  }

  /** Goes on to the next picture. */
  async next(): Promise<void> {
    this.seen = undefined;
    clearAnswers();
    await this.source?.advance();
  }

  private async watch(source: Source): Promise<void> {
    while (source === this.source) {
      const frame = await source.frame();
      const picture = context2d(frame).getImageData(0, 0, frame.width, frame.height);
      const faces = await this.worker.facesOf(picture);
      if (source === this.source) {
        this.seen = {source, frame, faces};
        await this.onSeen(this.seen);
      }
    }
  }
}
