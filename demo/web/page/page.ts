import {block, button, canvas, onThemeChange} from '../../pages/elements.js';
import {attempt, clearError, Closed, onClick, showError, showNotice} from '../../pages/messages.js';
import {keepOffline} from '../../pages/offline.js';
import {BACKEND_TITLES, BACKENDS_FOR, SIDES} from '../protocol.js';
import type {Artifacts, Backend, Frame, MnistPictures, Preparation, Settings, Sign, State} from '../protocol.js';
import {readSavedNetwork} from '../saved_network.js';
import {withinTime} from '../within_time.js';
import {Answering} from './answering.js';
import {Charts} from './charts.js';
import {listenToControls, showOffers, showSettings} from './controls.js';
import {DrawingPad} from './drawing_pad.js';
import {Engine} from './engine.js';
import {createLegend} from './legend.js';
import type {LoadingPictures} from './pictures.js';
import {Plane} from './plane.js';
import {showProgress, showState} from './progress.js';
import {listenToSaving, offerSaved} from './saving.js';
import {share} from './share.js';
import {sayLayers, saySides} from './spoken.js';
import {Teaching} from './teaching.js';
import {offerTour} from './tour.js';

const START_TITLES: Record<State, string> = {running: 'Pause', paused: 'Start', finished: 'Go on', failed: 'Start'};
/** A backend that is lost twice within this time is not taken again. */
const TRUST_MS = 60_000;
/** For a worker to say how far it is, before the state of a few seconds ago is taken. */
const PATIENCE_MS = 5000;

/** What the visitor sees and does. */
export class Page {
  private readonly engine = new Engine({
    onFrame: (frame) => {
      this.onFrame(frame);
    },
    onState: (state) => {
      this.onState(state);
    },
    onError: showError,
    onLost: (reason) => {
      this.onLost(reason);
    },
  });
  private readonly charts = new Charts();
  private readonly answering: Answering;
  private readonly pad: DrawingPad;
  private readonly teaching: Teaching;
  private readonly loading: LoadingPictures;
  private pictures: MnistPictures | undefined;
  private settings: Settings;
  private planes: Plane[] = [];
  private state: State = 'paused';
  private frame: Frame | undefined;
  private lastLoss = {time: -Infinity, backend: ''};

  constructor(settings: Settings, loading: LoadingPictures) {
    this.settings = settings;
    this.loading = loading;
    this.teaching = new Teaching(
      (signs) => {
        this.showSigns(signs);
        attempt(() => this.engine.ask((trainer) => trainer.setSigns(signs)));
      },
      () => {
        this.pad.clear();
      },
    );
    this.answering = new Answering(
      this.engine,
      () => this.teaching.signs,
      (answers) => {
        this.planes.forEach((plane, i) => {
          plane.showAnswer(answers?.[i]);
        });
      },
    );
    this.pad = new DrawingPad(canvas('pad'), canvas('seen'), (picture) => {
      this.answering.ask(picture);
      this.teaching.look(picture);
    });
  }

  async open(): Promise<void> {
    const first = this.loading.first.then((pictures) => {
      this.pictures = pictures;
      this.prepare(pictures);
      return pictures;
    });
    await this.start(this.settings, first, undefined);
    enableControls();
    offerTour();
    // Nothing waits for the store of the browser, which may take seconds.
    void offerSaved();
    await this.engine.ask((trainer) => trainer.start());
    // No request of the visitor, whose errors stay.
    this.takeAllPictures().catch(showError);
  }

  /** The rest of the pictures, which come while the networks learn from the first ones. */
  private async takeAllPictures(): Promise<void> {
    let pictures: MnistPictures;
    try {
      pictures = await this.loading.all;
    } catch (error) {
      await this.engine.ask((trainer) => trainer.setTrainingPictures(undefined));
      throw error;
    }
    this.pictures = pictures;
    await this.engine.ask((trainer) => trainer.setTrainingPictures(pictures.train));
    await keepOffline();
  }

  /** What needs the pictures, but no network. */
  private prepare({test}: MnistPictures): void {
    const labels = test.labels.slice(0, this.settings.testSamples);
    this.planes = SIDES.map((side) => new Plane(canvas(`plane-${side}`), labels));
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
    this.listen(test);
  }

  /** In a new worker. The page shows what runs in the end. */
  private async start(
    settings: Settings,
    pictures: Promise<MnistPictures>,
    networks: readonly Artifacts[] | undefined,
  ): Promise<void> {
    block('status').textContent = this.pictures ? `Starting ${BACKEND_TITLES[settings.backend]}…` : 'Loading pictures…';
    const preparation = await this.engine.open(settings, pictures, networks);
    this.settings = await this.engine.ask((trainer) => trainer.settings);
    this.showStarted(preparation, settings.backend);
    await this.showNetworks();
  }

  private async showNetworks(): Promise<void> {
    sayLayers(await this.engine.ask((trainer) => trainer.layers), this.settings.featureDim);
  }

  private showSigns(signs: readonly Sign[]): void {
    this.planes.forEach((plane) => {
      plane.setSigns(signs);
    });
  }

  private showStarted({offers, backend, failed}: Preparation, wanted: Backend): void {
    showOffers(offers, wanted, backend);
    showSettings(this.settings);
    if (failed.length > 0) {
      const titles = failed.map((one) => BACKEND_TITLES[one]).join(' and ');
      showNotice(`${titles} could not be started in this browser: training on ${BACKEND_TITLES[backend]} instead.`);
    }
  }

  /** Goes on in a new worker with other settings, from these networks or anew; where that fails, as before. */
  private async restart(
    settings: Settings,
    networks: readonly Artifacts[] | undefined,
    {run = this.state === 'running', signs = this.teaching.signs}: {run?: boolean; signs?: readonly Sign[]} = {},
  ): Promise<void> {
    const {settings: before} = this;
    const last = this.engine.lastKnown;
    const pictures = this.pictures ? Promise.resolve(this.pictures) : this.loading.first;
    this.settings = settings;
    let failure: Error | undefined;
    try {
      await this.start(settings, pictures, networks);
    } catch (error) {
      if (error instanceof Closed) {
        throw error;
      }
      failure = error instanceof Error ? error : new Error('The networks could not be started.');
      this.settings = before;
      await this.start(before, pictures, last).catch((again: unknown) => {
        this.onState('failed');
        throw again;
      });
    }
    // What was taught since the networks were saved is known to the page.
    const known = failure ? this.teaching.signs : signs;
    if (known.length > 0) {
      await this.engine.ask((trainer) => trainer.setSigns(known));
    }
    if (run) {
      await this.engine.ask((trainer) => trainer.start());
    } else {
      this.onState('paused');
    }
    if (failure) {
      throw failure;
    }
  }

  private onLost(reason: string): void {
    const {backend, network} = this.settings;
    const again = this.lastLoss.backend === backend && performance.now() < this.lastLoss.time + TRUST_MS;
    this.lastLoss = {time: performance.now(), backend};
    const next = again ? BACKENDS_FOR[network].find((one) => one !== backend) : backend;
    attempt(async () => {
      await this.restart({...this.settings, backend: next ?? backend}, this.engine.lastKnown);
      const used = BACKEND_TITLES[this.settings.backend];
      showNotice(`${reason} The networks go on from where they were a few seconds before, on ${used}.`);
    });
  }

  private onFrame(frame: Frame): void {
    if (frame.samplesSeen === 0) {
      this.planes.forEach((plane) => {
        plane.restart();
      });
    }
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

  private listen({images: {count, pixels}}: MnistPictures['test']): void {
    const {engine} = this;
    onClick('start', async () => {
      if (this.state === 'failed') {
        await this.restart(this.settings, engine.lastKnown, {run: true});
      } else {
        await engine.ask((trainer) => (this.state === 'running' ? trainer.pause() : trainer.start()));
      }
    });
    onClick('reset', () => engine.ask((trainer) => trainer.reset()));
    onClick('share', share);
    listenToControls({
      onAdjust: (changes) => {
        attempt(async () => {
          Object.assign(this.settings, changes);
          sayLayers(await engine.ask((trainer) => trainer.adjust(changes)), this.settings.featureDim);
          // What does not learn any more would not show what a slider does.
          if (this.state === 'finished' && (changes.lossWeight !== undefined || changes.alpha !== undefined)) {
            await engine.ask((trainer) => trainer.start());
          }
        });
      },
      onNetwork: (network) => {
        this.change(() => this.restart({...this.settings, network}, undefined));
      },
      onFeatureDim: (featureDim) => {
        this.change(() => this.restart({...this.settings, featureDim}, undefined));
      },
      onBackend: (backend) => {
        this.change(() => this.moveTo(backend));
      },
    });

    const {pad} = this;
    button('clear').addEventListener('click', () => {
      pad.clear();
    });
    button('no-digit').addEventListener('click', () => {
      pad.showNoDigit();
    });
    button('test-picture').addEventListener('click', () => {
      const index = Math.floor(Math.random() * count);
      const area = pixels.length / count;
      pad.show(pixels.slice(index * area, (index + 1) * area));
    });
    listenToSaving({
      networks: () => engine.ask((trainer) => trainer.artifacts()),
      open: (networks) => this.openNetworks(networks),
    });
  }

  private async moveTo(backend: Backend): Promise<void> {
    const {network} = this.settings;
    if (!BACKENDS_FOR[network].includes(backend)) {
      throw new Error(`${BACKEND_TITLES[backend]} cannot train a convolutional network: it lacks the gradient.`);
    }
    // Where the old worker can still say how far it is.
    const current = this.engine.ask((trainer) => trainer.artifacts());
    const networks = await withinTime(current, PATIENCE_MS, 'The worker does not answer.').catch(
      () => this.engine.lastKnown,
    );
    await this.restart({...this.settings, backend}, networks);
  }

  /** Saved ones, paused, so that they are seen as they are. */
  private async openNetworks(networks: Artifacts[]): Promise<void> {
    const {network, signs: saved} = readSavedNetwork(networks.at(-1));
    // What the visitor has taught stays where nothing was saved, and where the networks cannot be opened.
    const signs = saved.length > 0 ? saved : this.teaching.signs;
    if (BACKENDS_FOR[network].includes(this.settings.backend)) {
      await this.engine.ask((trainer) => trainer.load(networks));
    } else {
      await this.restart({...this.settings, network}, networks, {signs});
    }
    this.settings = await this.engine.ask((trainer) => trainer.settings);
    showSettings(this.settings);
    await this.showNetworks();
    this.teaching.take(signs);
    this.showSigns(signs);
  }

  /** Something that ends with other settings, or with the old ones and an error. */
  private change(action: () => Promise<void>): void {
    attempt(async () => {
      try {
        await action();
      } finally {
        showSettings(this.settings);
      }
    });
  }
}

/** They are disabled in the HTML, since they do nothing before the worker is there. Those of the steps come one by one. */
function enableControls(): void {
  const controls = 'button:not(.teaching *), select, input:not(.teaching *)';
  for (const control of document.querySelectorAll<HTMLInputElement>(controls)) {
    control.disabled = false;
  }
}
