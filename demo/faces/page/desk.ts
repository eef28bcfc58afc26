import type {Remote} from 'comlink';
import type {Identification} from 'tfjs-center-loss/recognition';

import {block, button, canvas, element, input, select} from '../../pages/elements.js';
import {attempt, onClick} from '../../pages/messages.js';
import type {FaceWorker} from '../worker/main.js';
import {Enrolment} from './enrolment.js';
import type {Keeping} from './keeping.js';
import {People} from './people.js';
import {sayAnswer, sayCalibration, sayKeeping, sayLimit} from './sentences.js';
import {openCamera, openFiles} from './source.js';
import type {Source} from './source.js';
import {drawFaces} from './stage.js';
import {showAnswers, showPeople} from './view.js';
import {Watching} from './watching.js';
import type {Seen} from './watching.js';

/** Names the faces that are seen; enrols people, forgets and keeps them. */
export class Desk {
  private readonly watching: Watching;
  private readonly keeping: Keeping;
  private people: People;
  private enrolment: Enrolment | undefined;

  constructor(worker: Remote<FaceWorker>, keeping: Keeping, people: People) {
    this.watching = new Watching(worker, (seen) => this.onSeen(seen));
    this.keeping = keeping;
    this.people = people;
    this.listenToSources();
    this.listenToPeople();
    this.listenToKeeping();
  }

  async open(): Promise<void> {
    block('desk').hidden = false;
    button('camera').focus();
    await this.changed();
  }

  private listenToSources(): void {
    const film = element('film', HTMLVideoElement);
    const files = input('files');
    onClick('camera', () => this.look(() => openCamera(film)));
    button('open').addEventListener('click', () => {
      files.click();
    });
    files.addEventListener('change', () => {
      const chosen = [...(files.files ?? [])];
      files.value = '';
      if (chosen.length > 0) {
        attempt(() => this.look(() => openFiles(film, chosen)));
      }
    });
    onClick('next', () => this.watching.next());
    button('stop').addEventListener('click', () => {
      this.watching.stop();
      this.enrolment = undefined;
    });
  }

  private look(open: () => Promise<Source>): Promise<void> {
    this.enrolment = undefined;
    return this.watching.begin(open);
  }

  private listenToPeople(): void {
    onSubmit('enrol-form', () => {
      const {seen} = this.watching;
      if (!seen) {
        throw new Error('Show a face first: by the camera, a film or pictures.');
      }
      this.enrolment = new Enrolment(this.people, input('name').value.trim());
      seen.source.again();
    });
    onClick('add-known', () => {
      const [largest] = this.watching.seen?.faces ?? [];
      const name = select('true-name').value;
      if (!largest || name === '') {
        throw new Error('Show a face first, and enrol whose it is.');
      }
      this.people.addKnownFace(name, largest.descriptor);
      return this.changed();
    });
    onClick('calibrate', async () => {
      const report = await this.people.calibrate();
      await this.changed();
      block('limit-said').textContent = sayCalibration(report, this.people.limit);
    });
    onClick('published', () => {
      this.people.usePublishedLimit();
      return this.changed();
    });
  }

  private listenToKeeping(): void {
    const passphrase = input('passphrase');
    onSubmit('keep-form', async () => {
      await this.keeping.begin(this.people.toText(), passphrase.value);
      passphrase.value = '';
      await this.changed();
    });
    onClick('forget-all', async () => {
      this.people = new People();
      this.enrolment = undefined;
      await this.keeping.forget();
      await this.changed();
    });
  }

  private async onSeen(seen: Seen): Promise<void> {
    const answers = await this.answer(seen);
    const {enrolment} = this;
    if (!enrolment) {
      return;
    }
    await enrolment.take(seen, answers);
    block('enrol-said').textContent = enrolment.state;
    await this.changed();
    if (enrolment.isComplete || !(await seen.source.advance())) {
      this.enrolment = undefined;
    }
  }

  /** Names the faces, and shows what they are called. */
  private async answer({source, frame, faces}: Seen): Promise<(Identification | undefined)[]> {
    const answered = await Promise.all(
      faces.map(async ({box, descriptor}) => {
        const answer = await this.people.identify(descriptor);
        return {box, answer, ...sayAnswer(answer, this.people.limit)};
      }),
    );
    drawFaces(canvas('stage'), frame, source.isFilm, answered);
    showAnswers(answered);
    return answered.map(({answer}) => answer);
  }

  /** Shows the people as they are now, and keeps them if they are to be kept. */
  private async changed(): Promise<void> {
    const {people, keeping, watching} = this;
    showPeople(people, {
      forgetPicture: (name, template) => {
        people.forgetPicture(name, template);
        attempt(() => this.changed());
      },
      forget: (name) => {
        people.forget(name);
        attempt(() => this.changed());
      },
    });
    await keeping.change(people.toText());
    block('limit-said').textContent = sayLimit(people);
    block('keeping-said').textContent = sayKeeping(keeping);
    if (watching.seen && !watching.seen.source.isFilm) {
      await this.answer(watching.seen);
    }
  }
}

function onSubmit(form: string, action: () => Promise<void> | void): void {
  element(form, HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(async () => {
      await action();
    });
  });
}
