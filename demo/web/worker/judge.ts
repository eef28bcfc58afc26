import {Recognizer} from 'tfjs-center-loss/recognition';
import type {Score} from 'tfjs-center-loss/recognition';

import {NUM_CLASSES} from '../../mnist/idx.js';
import {ACCEPTED_SHARE, FURTHER_DRAWINGS, TAUGHT_DRAWINGS} from '../protocol.js';
import type {Answer} from '../protocol.js';

/** `[rows, width]` */
export interface Rows {
  values: Float32Array;
  rows: number;
}

/** What a network knows by its centers: the ten digits, and signs that it was never trained on. */
export interface Knowledge {
  width: number;
  /** Of the ten digits. */
  centers: Float32Array;
  /** The features of the pictures of each sign. */
  signs: readonly Rows[];
  /** Features of digits that no network is trained on. */
  heldBack: Rows;
  heldBackLabels: readonly number[];
  judgedBy: Score;
}

export type Judgement = Pick<Answer, 'accepted' | 'nearest' | 'limit' | 'fartherOut'>;

/** Names features by the nearest center, and refuses those that are farther out than known digits are. */
export class Judge {
  /** The digits alone. */
  private readonly digits: Recognizer;
  /** And the signs. */
  private readonly all: Recognizer;
  private readonly width: number;
  private readonly judgedBy: Score;
  private readonly limit: number;

  private constructor(digits: Recognizer, all: Recognizer, {width, judgedBy}: Knowledge, limit: number) {
    this.digits = digits;
    this.all = all;
    this.width = width;
    this.judgedBy = judgedBy;
    this.limit = limit;
  }

  static async create(knowledge: Knowledge): Promise<Judge> {
    const {width, centers, signs, heldBack, heldBackLabels, judgedBy} = knowledge;
    const names = Array.from({length: NUM_CLASSES}, (_, digit) => String(digit));
    const digits = await Recognizer.fromCenters(features(centers, width), names, {score: judgedBy});
    const {threshold} = await digits.calibrate(features(heldBack.values, width), heldBackLabels.map(String), {
      accept: ACCEPTED_SHARE,
    });
    return new Judge(digits, await taught(digits, signs, width), knowledge, distanceOf(judgedBy, threshold));
  }

  async judge(values: Float32Array): Promise<Judgement[]> {
    const found = await this.all.identify(features(values, this.width), {k: 2});
    return found.map(({accepted, nearest, typicality = NaN}) => ({
      accepted,
      nearest: nearest.map(({label, score}) => ({classId: Number(label), distance: distanceOf(this.judgedBy, score)})),
      limit: this.limit,
      // Rounded down, so that a picture that is refused is never said to have as many as are needed; but for the rounding of
      // a share.
      fartherOut: Math.floor(100 * typicality + 1e-9),
    }));
  }

  /** The share of these features that is refused, whatever signs are known: one may be among them. */
  async refused(values: Float32Array): Promise<number> {
    const found = await this.digits.identify(features(values, this.width));
    return found.filter(({accepted}) => !accepted).length / found.length;
  }

  /**
   * Teaches signs, whatever others are known, and gives the share of their further drawings that is accepted as the right one.
   *
   * @param drawings Features, one sign after the other: of the drawings that teach it, and of the further ones.
   */
  async named({values, rows}: Rows): Promise<number> {
    const {width} = this;
    const each = TAUGHT_DRAWINGS + FURTHER_DRAWINGS;
    const signs = Array.from({length: rows / each}, (_, i) =>
      values.subarray(i * each * width, (i + 1) * each * width),
    );
    const teaching = signs.map((ofSign) => ({
      values: ofSign.subarray(0, TAUGHT_DRAWINGS * width),
      rows: TAUGHT_DRAWINGS,
    }));
    const pupil = await taught(this.digits, teaching, width);
    const found = await Promise.all(
      signs.map((ofSign) => pupil.identify(features(ofSign.subarray(TAUGHT_DRAWINGS * width), width))),
    );
    const right = found.flatMap((answers, i) => answers.filter(({label}) => label === labelOf(i)));
    return right.length / found.flat().length;
  }
}

/** A copy that knows these signs, too: they have too few pictures for a calibration, and take the limit of the digits. */
async function taught(digits: Recognizer, signs: readonly Rows[], width: number): Promise<Recognizer> {
  const copy = Recognizer.fromJSON(digits.toJSON());
  for (const [i, {values}] of signs.entries()) {
    await copy.enroll(labelOf(i), features(values, width));
  }
  return copy;
}

/** A score as a distance: from 0 on, and the greater the farther. */
function distanceOf(judgedBy: Score, score: number): number {
  return judgedBy === 'cosine' ? 1 - score : 0 - score;
}

function labelOf(sign: number): string {
  return String(NUM_CLASSES + sign);
}

function features(values: Float32Array, width: number): {shape: number[]; data: () => Promise<Float32Array>} {
  return {shape: [values.length / width, width], data: () => Promise.resolve(values)};
}
