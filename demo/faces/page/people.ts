import {Recognizer} from 'tfjs-center-loss/recognition';
import type {Calibration, Identification, RecognizerData} from 'tfjs-center-loss/recognition';

/** Numbers that the network gives of a face. */
const WIDTH = 128;
/** Two descriptors of one person are nearer than that: the limit of dlib, whose network it is, and of face-api. */
export const PUBLISHED_LIMIT = 0.6;
/** What a calibration is asked for: 95 of 100 pictures of known people, promised with 90 %. */
export const GOAL = {accept: 0.95, confidence: 0.9};

/** A picture of a known person that was not enrolled. */
interface KnownFace {
  name: string;
  descriptor: number[];
}

/** All that is known of people. */
interface PeopleData {
  recognizer: RecognizerData;
  pictures: [name: string, [template: string, picture: string][]][];
  knownFaces: KnownFace[];
}

/** People, each with several pictures: every picture is a template of its own, so that each can be forgotten. */
export class People {
  private recognizer = new Recognizer({width: WIDTH, templates: 'each'});
  /** Of each person and template, as a data URL. */
  private pictures = new Map<string, Map<string, string>>();
  private knownFaces: KnownFace[] = [];

  constructor() {
    this.usePublishedLimit();
  }

  get names(): readonly string[] {
    return this.recognizer.labels;
  }

  /** The greatest distance that is accepted. */
  get limit(): number {
    return -(this.recognizer.threshold ?? -Infinity);
  }

  get knownCount(): number {
    return this.knownFaces.length;
  }

  picturesOf(name: string): [template: string, picture: string][] {
    return [...(this.pictures.get(name) ?? [])];
  }

  async enrol(name: string, descriptor: Float32Array, picture: string): Promise<void> {
    await this.recognizer.enroll(name, descriptor);
    const template = this.recognizer.templates(name).at(-1) ?? '';
    this.pictures.set(name, (this.pictures.get(name) ?? new Map<string, string>()).set(template, picture));
  }

  /** Undefined as long as nobody is enrolled. */
  async identify(descriptor: Float32Array): Promise<Identification | undefined> {
    const [answer] = this.names.length === 0 ? [] : await this.recognizer.identify(descriptor);
    return answer;
  }

  /** Forgets one picture; with the last one, the person. */
  forgetPicture(name: string, template: string): void {
    this.recognizer.remove(name, template);
    this.pictures.get(name)?.delete(template);
    if (!this.names.includes(name)) {
      this.forget(name);
    }
  }

  /** Forgets a person, with all that is left of them: templates, pictures, and their part in the limit. */
  forget(name: string): void {
    this.recognizer.remove(name);
    this.pictures.delete(name);
    const others = this.knownFaces.filter((face) => face.name !== name);
    if (others.length < this.knownFaces.length) {
      this.knownFaces = others;
      this.usePublishedLimit();
    }
  }

  /** A picture that is not enrolled, but tells how far pictures of known people are. */
  addKnownFace(name: string, descriptor: Float32Array): void {
    this.knownFaces.push({name, descriptor: [...descriptor]});
  }

  calibrate(): Promise<Calibration> {
    const names = this.knownFaces.map(({name}) => name);
    return this.recognizer.calibrate(
      this.knownFaces.map(({descriptor}) => descriptor),
      names,
      GOAL,
    );
  }

  /** Without anything of a calibration. */
  usePublishedLimit(): void {
    const saved = this.recognizer.toJSON();
    this.recognizer = Recognizer.fromJSON({
      ...saved,
      pairThreshold: undefined,
      scores: undefined,
      pairScores: undefined,
    });
    this.recognizer.threshold = -PUBLISHED_LIMIT;
  }

  toText(): string {
    const data: PeopleData = {
      recognizer: this.recognizer.toJSON(),
      pictures: [...this.pictures].map(([name, pictures]) => [name, [...pictures]]),
      knownFaces: this.knownFaces,
    };
    return JSON.stringify(data);
  }

  /** Of what `toText` gave. */
  static fromText(text: string): People {
    const {recognizer, pictures, knownFaces} = JSON.parse(text) as PeopleData;
    const people = new People();
    people.recognizer = Recognizer.fromJSON(recognizer);
    people.pictures = new Map(pictures.map(([name, ofName]) => [name, new Map(ofName)]));
    people.knownFaces = knownFaces;
    return people;
  }
}
