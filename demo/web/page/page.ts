import {proxy} from 'comlink';
import type {Remote} from 'comlink';

import {BACKEND_TITLES, SIDES} from '../protocol.js';
import type {Frame, Settings, State} from '../protocol.js';
import type {Trainer} from '../worker/trainer.js';
import {Answering} from './answering.js';
import {Charts} from './charts.js';
import {listenToControls, showOffers, showSettings} from './controls.js';
import {DrawingPad} from './drawing_pad.js';
import {block, button, canvas, enableControls, onThemeChange} from './elements.js';
import {createLegend} from './legend.js';
import {attempt, clearError, onClick, showError} from './messages.js';
import {Plane} from './plane.js';
import {showProgress, showState} from './progress.js';
import {listenToSaving} from './saving.js';
import {sayLayers, saySides} from './spoken.js';

const START_TITLES: Record<State, string> = {running: 'Pause', paused: 'Start', finished: 'Go on', failed: 'Start'};

/** The page once the worker has the pictures and a backend. */
export class Page {
  private readonly trainer: Remote<Trainer>;
  private readonly charts = new Charts();
  private planes: Plane[] = [];
  private state: State = 'paused';
  private frame: Frame | undefined;
  private samplesSeen = 0;
  private readonly answering: Answering;

  constructor(trainer: Remote<Trainer>) {
    this.trainer = trainer;
    this.answering = new Answering(trainer, (answers) => {
      this.planes.forEach((plane, i) => {
        plane.showAnswer(answers?.[i]);
      });
    });
  }

  async open(wanted: Settings): Promise<void> {
    const {offers, settings, testLabels, layers, hasSavedModels} = await this.trainer.introduce();
    showOffers(offers, wanted.backend, settings.backend);
    showSettings(settings);
    sayLayers(layers);
    block('status').textContent = `Starting ${BACKEND_TITLES[settings.backend]}…`;
    this.planes = SIDES.map((side) => new Plane(canvas(`plane-${side}`), testLabels));
    createLegend((digit) => {
      this.planes.forEach((plane) => {
        plane.highlight(digit);
      });
    });
    onThemeChange(() => {
      this.planes.forEach((plane) => {
        plane.request();
      });
    });
    this.listen(testLabels.length);
    enableControls();
    button('load-browser').disabled = !hasSavedModels;
    await this.trainer.listen(
      proxy({
        onFrame: (frame: Frame) => {
          this.onFrame(frame);
        },
        onState: (state: State) => {
          this.onState(state);
        },
        onError: showError,
      }),
    );
    await this.trainer.show();
    await this.trainer.start();
  }

  private onFrame(frame: Frame): void {
    if (frame.samplesSeen < this.samplesSeen) {
      this.charts.clear();
    }
    if (frame.samplesSeen === 0) {
      this.planes.forEach((plane) => {
        plane.restart();
      });
    }
    this.samplesSeen = frame.samplesSeen;
    this.frame = frame;
    frame.sides.forEach((side, i) => {
      this.planes[i]?.show(side);
    });
    saySides(frame);
    this.charts.add(frame);
    showProgress(frame, this.state);
    this.answering.refresh();
  }

  private onState(state: State): void {
    this.state = state;
    if (state === 'running') {
      clearError();
    }
    showState(state);
    button('start').textContent = START_TITLES[state];
    if (this.frame) {
      showProgress(this.frame, state);
    }
  }

  private listen(testPictures: number): void {
    const {trainer} = this;
    onClick('start', () => (this.state === 'running' ? trainer.pause() : trainer.start()));
    onClick('reset', () => trainer.reset());
    listenToControls({
      onAdjust: (changes) => {
        attempt(async () => {
          sayLayers(await trainer.adjust(changes));
        });
      },
      onNetwork: (network) => {
        this.change(() => trainer.chooseNetwork(network));
      },
      onBackend: (backend) => {
        this.change(() => trainer.chooseBackend(backend));
      },
    });

    const pad = new DrawingPad(canvas('pad'), canvas('seen'), (picture) => {
      this.answering.ask(picture);
    });
    button('clear').addEventListener('click', () => {
      pad.clear();
    });
    button('no-digit').addEventListener('click', () => {
      pad.showNoDigit();
    });
    onClick('test-picture', async () => {
      pad.show(await trainer.testPicture(Math.floor(Math.random() * testPictures)));
    });
    listenToSaving(trainer, (action) => {
      this.change(action);
    });
  }

  /** Something that ends with other settings, or with the old ones and an error. */
  private change(action: () => Promise<void>): void {
    attempt(async () => {
      try {
        await action();
      } finally {
        const {settings, layers} = await this.trainer.introduce();
        showSettings(settings);
        sayLayers(layers);
      }
    });
  }
}
