import {Recognizer} from 'tfjs-center-loss/recognition';

import {NUM_CLASSES} from '../../mnist/idx.js';
import {ACCEPTED_SHARE} from '../protocol.js';
import type {Answer} from '../protocol.js';

/** `[rows, width]` */
export interface Rows {
  values: Float32Array;
  rows: number;
}

/** A score of the recognizer, and what it is as a distance: from 0 on, and the greater the farther. */
const DISTANCES = {
  distance: (score: number) => -score,
  cosine: (score: number) => 1 - score,
};
export type JudgedBy = keyof typeof DISTANCES;

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
  judgedBy: JudgedBy;
}

export type Judgement = Pick<Answer, 'accepted' | 'nearest' | 'limit' | 'fartherOut'>;

/** Names features by the nearest center, and refuses those that are farther out than known digits are. */
export class Judge {
  /** The digits alone. */
  private readonly digits: Recognizer;
  /** And the signs. */
  private readonly all: Recognizer;
  private readonly width: number;
  private readonly distanceOf: (score: number) => number;
  private readonly limit: number;

  private constructor(digits: Recognizer, all: Recognizer, {width, judgedBy}: Knowledge, limit: number) {
    this.digits = digits;
    this.all = all;
    this.width = width;
    this.distanceOf = DISTANCES[judgedBy];
    this.limit = limit;
  }

  static async create(knowledge: Knowledge): Promise<Judge> {
    const {width, centers, signs, heldBack, heldBackLabels, judgedBy} = knowledge;
    const names = Array.from({length: NUM_CLASSES}, (_, digit) => String(digit));
    const digits = await Recognizer.fromCenters(features(centers, width), names, {score: judgedBy});
    const {threshold} = await digits.calibrate(features(heldBack.values, width), heldBackLabels.map(String), {
      accept: ACCEPTED_SHARE,
    });
    // A sign has too few pictures for a calibration: it takes the limit of the digits.
    const all = Recognizer.fromJSON(digits.toJSON());
    for (const [i, sign] of signs.entries()) {
      await all.enroll(String(NUM_CLASSES + i), features(sign.values, width));
    }
    return new Judge(digits, all, knowledge, DISTANCES[judgedBy](threshold));
  }

  async judge(values: Float32Array): Promise<Judgement[]> {
    const found = await this.all.identify(features(values, this.width), {k: 2});
    return found.map(({accepted, nearest, typicality = NaN}) => ({
      accepted,
      nearest: nearest.map(({label, score}) => ({classId: Number(label), distance: this.distanceOf(score)})),
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
}

function features(values: Float32Array, width: number): {shape: number[]; data: () => Promise<Float32Array>} {
  return {shape: [values.length / width, width], data: () => Promise.resolve(values)};
}
