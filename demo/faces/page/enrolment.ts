import type {Identification} from 'tfjs-center-loss/recognition';

import type {People} from './people.js';
import {pictureOf} from './stage.js';
import type {Seen} from './watching.js';

/** So many pictures of a person are enrolled at once. */
const PICTURES = 5;

/** Takes pictures of one person, as they come. */
export class Enrolment {
  private readonly name: string;
  private readonly people: People;
  private taken = 0;
  private alike = '';
  private hint = '';

  constructor(people: People, name: string) {
    this.people = people;
    this.name = name;
  }

  get isComplete(): boolean {
    return this.taken === PICTURES;
  }

  /** How far it is, in sentences. */
  get state(): string {
    const taken = `${String(this.taken)} of ${String(PICTURES)} pictures of ${this.name} are enrolled.`;
    return [taken, this.alike, this.hint].filter((sentence) => sentence !== '').join(' ');
  }

  /**
   * Enrols the face of a picture, if there is one face alone and the same as before: one picture of somebody else would make
   * two people one.
   */
  async take({frame, faces}: Seen, [answer]: readonly (Identification | undefined)[]): Promise<void> {
    const [face] = faces;
    if (!face || faces.length > 1) {
      this.hint = face ? 'More than one face is seen.' : 'No face is seen.';
    } else if (this.taken > 0 && answer?.label !== this.name) {
      this.hint = 'This face is unlike the one before.';
    } else {
      if (this.taken === 0 && answer?.label !== undefined && answer.label !== this.name) {
        this.alike = `This face looks like ${answer.label}: is it the same person?`;
      }
      await this.people.enrol(this.name, face.descriptor, pictureOf(frame, face.box));
      this.taken++;
      this.hint = this.isComplete ? '' : 'Turn your head a little.';
    }
  }
}
