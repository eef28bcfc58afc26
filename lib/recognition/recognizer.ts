import {quote, ValueError} from '../errors.js';
import {checkGoal, isAccepted, reportOf, thresholdsFor} from './calibration.js';
import type {Calibration, CalibrationGoal, Judgement, Thresholds} from './calibration.js';
import {EnrolledClasses} from './enrolled_classes.js';
import {readFeatures, readLabelledFeatures, rowOf} from './features.js';
import type {Features, Matrix} from './features.js';
import {differentPairs, pairsInTurn, samePairs} from './pairs.js';
import type {Pair} from './pairs.js';
import {checkData, decodeValues, encodeValues} from './recognizer_data.js';
import type {RecognizerData} from './recognizer_data.js';
import {checkScore, DEFAULT_SCORE, pairScore, scoresOf} from './scores.js';
import type {Score} from './scores.js';
import {nearest} from './search/nearest.js';

export interface RecognizerArgs {
  /** What samples score; see `Score`. */
  readonly score?: Score;
  /** How many numbers the features of a sample are. Needed only if the first features come as a Float32Array. */
  readonly width?: number;
}

/** The answer to: who is it? */
export interface Identification {
  /** The label of the nearest class, if the sample is accepted as one of it; undefined: none of these. */
  label: string | undefined;
  accepted: boolean;
  /** The k nearest classes, the nearest first; of equally near ones the one enrolled first. */
  nearest: {label: string; score: number}[];
}

/** The answer to: are these two the same? */
export interface Verification {
  same: boolean;
  /** Higher means more alike. */
  score: number;
}

/**
 * Names the class of samples by their features, or says that they belong to none; learns new classes without training.
 *
 * A class is the mean of its samples in feature space, its center. Samples are compared with all centers, exactly. Memory:
 * the centers, float32, and some 80 bytes a class. The features must be finite numbers, of the same width throughout.
 */
export class Recognizer {
  readonly score: Score;
  private givenWidth: number | undefined;
  private classes: EnrolledClasses | undefined;
  private thresholds: Thresholds | undefined;

  /** @throws ValueError for an unknown score, or a width that is no whole number of at least 1. */
  constructor({score = DEFAULT_SCORE, width}: RecognizerArgs = {}) {
    checkScore(score, 'Recognizer');
    if (width !== undefined && !(Number.isInteger(width) && width >= 1)) {
      throw new ValueError(`Recognizer: expected width to be a whole number of at least 1, but got ${quote(width)}.`);
    }
    this.score = score;
    this.givenWidth = width;
  }

  /**
   * A recognizer that starts with these centers, such as those of a trained layer. Each counts as one sample when its class
   * is enrolled again.
   *
   * @param centers `[classes, width]`; a Float32Array has its width from the number of labels.
   * @param labels One a center, no two the same.
   * @throws ValueError for wrong features or labels.
   */
  static async fromCenters(
    centers: Features,
    labels: readonly string[],
    args: RecognizerArgs = {},
  ): Promise<Recognizer> {
    const where = 'Recognizer.fromCenters';
    const recognizer = new Recognizer(args);
    const {values, rows, width} = await readLabelledFeatures(centers, labels, args.width, where);
    const classes = recognizer.classesOfWidth(width, where);
    classes.centers.reserve(rows);
    labels.forEach((label, i) => {
      checkLabel(label, where);
      if (classes.placeOf(label) !== undefined) {
        throw new ValueError(`${where}: expected labels that differ, but got ${quote(label)} twice.`);
      }
      classes.add(label, values.subarray(i * width, (i + 1) * width), 1);
    });
    return recognizer;
  }

  /** The enrolled classes, in the order of their enrolment. */
  get labels(): readonly string[] {
    return [...(this.classes?.labels ?? [])];
  }

  /**
   * Enrols a new class, or more samples of a known one: its center is the mean of all its samples. One sample is enough;
   * of five the mean is much nearer to the truth.
   *
   * With the scores `'distance'` and `'cosine'` the scores of other classes stay the same to the last bit. `'relative'`
   * scores change, since they compare a center with all others. Calibrated thresholds stay; a new class takes the one of
   * all.
   *
   * @throws ValueError for wrong features, no samples, or a label that is no string.
   */
  async enroll(label: string, samples: Features): Promise<void> {
    const where = 'enroll';
    checkLabel(label, where);
    const matrix = await readFeatures(samples, this.width, where);
    if (matrix.rows === 0) {
      throw new ValueError(`${where}: expected at least one sample of ${quote(label)}, but got none.`);
    }
    this.classesOfWidth(matrix.width, where).addSamples(label, matrix);
  }

  /** Forgets a class, and its threshold. False if it was not enrolled. */
  remove(label: string): boolean {
    const place = this.classes?.placeOf(label);
    if (place === undefined) {
      return false;
    }
    this.classes?.remove(place);
    if (this.thresholds?.byLabel) {
      const byLabel = new Map(this.thresholds.byLabel);
      byLabel.delete(label);
      this.thresholds = {...this.thresholds, byLabel};
    }
    return true;
  }

  /**
   * Chooses from which score on samples are accepted, by samples that were not used for training or enrolment. Replaces an
   * earlier calibration. The promise is for new samples like these: of 1,000 samples calibrated to 95 %, a share of new
   * ones is accepted that strays around it by 0.7 points.
   *
   * @param samples Samples of known classes.
   * @param labels The class of each.
   * @param goal The share of known samples to accept, or of unknown ones to let in.
   * @throws ValueError for wrong features or goals, a label that is not enrolled, and if nothing is enrolled.
   */
  async calibrate(samples: Features, labels: readonly string[], goal: CalibrationGoal = {}): Promise<Calibration> {
    const where = 'calibrate';
    checkGoal(goal, where);
    this.enrolled(where);
    const known = await readLabelledFeatures(samples, labels, this.width, where);
    const unknown = goal.unknown && (await readFeatures(goal.unknown, this.width, where));
    if (unknown?.rows === 0) {
      throw new ValueError(`${where}: expected at least one unknown sample, but got none.`);
    }
    const classes = this.enrolled(where);
    const stranger = labels.find((label) => classes.placeOf(label) === undefined);
    if (stranger !== undefined) {
      throw new ValueError(`${where}: expected labels of enrolled classes, but got ${quote(stranger)}.`);
    }
    if (this.score === 'relative' && classes.size < 2) {
      throw new ValueError(`${where}: expected at least two classes for the score 'relative', but got 1.`);
    }
    const scored = {
      known: this.judge(known, where),
      labels,
      unknown: unknown && this.judge(unknown, where),
      same: this.scorePairs(known, known, samePairs(labels)),
      different: [
        ...this.scorePairs(known, known, differentPairs(labels)),
        ...(unknown ? this.scorePairs(unknown, known, pairsInTurn(unknown.rows, known.rows)) : []),
      ],
    };
    this.thresholds = thresholdsFor(scored, goal);
    return reportOf(scored, this.thresholds);
  }

  /**
   * Names the class of each sample, or says that it is none. Before `calibrate` everything is accepted.
   *
   * @param k So many of the nearest classes are returned, all of them if there are fewer.
   * @throws ValueError for wrong features, a k that is no whole number of at least 1, and if nothing is enrolled.
   */
  async identify(samples: Features, {k = 1}: {readonly k?: number} = {}): Promise<Identification[]> {
    const where = 'identify';
    if (!(Number.isInteger(k) && k >= 1)) {
      throw new ValueError(`${where}: expected k to be a whole number of at least 1, but got ${quote(k)}.`);
    }
    this.enrolled(where);
    const matrix = await readFeatures(samples, this.width, where);
    return this.nearestClasses(matrix, k, where).map((found) => {
      const [best] = found;
      const accepted = best !== undefined && (!this.thresholds || isAccepted(best, this.thresholds));
      return {label: accepted ? best.label : undefined, accepted, nearest: found};
    });
  }

  /**
   * Compares samples two by two: are they of the same class, enrolled or not?
   *
   * @param first `[samples, width]`
   * @param second As many.
   * @throws ValueError for wrong features, for another number of samples, and before `calibrate` with two samples to compare.
   */
  async verify(first: Features, second: Features): Promise<Verification[]> {
    const where = 'verify';
    const one = await readFeatures(first, this.width, where);
    const other = await readFeatures(second, this.width ?? one.width, where);
    if (one.rows !== other.rows) {
      throw new ValueError(`${where}: expected as many samples as in first, ${one.rows}, but got ${other.rows}.`);
    }
    const threshold = this.thresholds?.pairs;
    if (threshold === undefined) {
      throw new ValueError(`${where}: expected calibrate to be called before, with samples that can be paired.`);
    }
    const scores = this.scorePairs(one, other, pairsInTurn(one.rows, one.rows));
    return scores.map((score) => ({same: score >= threshold, score}));
  }

  /** All of the recognizer as plain data, for `JSON.stringify`; `fromJSON` makes the same of it to the last bit. */
  toJSON(): RecognizerData {
    const {classes, thresholds} = this;
    return {
      score: this.score,
      width: this.width,
      threshold: thresholds?.all,
      pairThreshold: thresholds?.pairs,
      classes: (classes?.labels ?? []).map((label, place) => ({
        label,
        samples: classes?.samples[place] ?? 0,
        center: encodeValues(classes?.centers.row(place) ?? new Float32Array(0)),
        threshold: thresholds?.byLabel?.get(label),
      })),
    };
  }

  /** @throws ValueError for what is not from `toJSON`. */
  static fromJSON(data: RecognizerData): Recognizer {
    const where = 'Recognizer.fromJSON';
    checkData(data, where);
    const {score, width, threshold, pairThreshold, classes} = data;
    checkScore(score, where);
    const recognizer = new Recognizer({score, ...(width === undefined ? {} : {width})});
    const byLabel = new Map<string, number>();
    for (const {label, samples, center, threshold: ownThreshold} of classes) {
      const values = decodeValues(center);
      recognizer.classesOfWidth(values.length, where).add(label, values, samples);
      if (ownThreshold !== undefined) {
        byLabel.set(label, ownThreshold);
      }
    }
    if (threshold !== undefined) {
      recognizer.thresholds = {all: threshold, byLabel: byLabel.size > 0 ? byLabel : undefined, pairs: pairThreshold};
    }
    return recognizer;
  }

  private get width(): number | undefined {
    return this.classes?.width ?? this.givenWidth;
  }

  /** The classes, to add to them. */
  private classesOfWidth(width: number, where: string): EnrolledClasses {
    const expected = this.width ?? width;
    if (width !== expected) {
      throw new ValueError(`${where}: expected features of width ${expected}, but got width ${width}.`);
    }
    this.classes ??= new EnrolledClasses(width, this.score === 'cosine' ? 'cosine' : 'distance');
    return this.classes;
  }

  /** The classes, of which there must be one. */
  private enrolled(where: string): EnrolledClasses {
    if (!this.classes || this.classes.size === 0) {
      throw new ValueError(`${where}: expected a class to be enrolled before, but there is none.`);
    }
    return this.classes;
  }

  private nearestClasses(samples: Matrix, k: number, where: string): {label: string; score: number}[][] {
    const {centers, labels} = this.enrolled(where);
    return nearest(centers, samples, k, this.score === 'relative').map((found) => {
      const scores = scoresOf(found, this.score);
      return found.hits.map(({index}, rank) => ({label: labels[index] ?? '', score: scores[rank] ?? NaN}));
    });
  }

  private judge(samples: Matrix, where: string): Judgement[] {
    return this.nearestClasses(samples, 1, where).flatMap((found) => found);
  }

  private scorePairs(first: Matrix, second: Matrix, pairs: readonly Pair[]): number[] {
    return pairs.map(([i, j]) => pairScore(rowOf(first, i), rowOf(second, j), this.score));
  }
}

function checkLabel(label: unknown, where: string): asserts label is string {
  if (typeof label !== 'string') {
    throw new ValueError(`${where}: expected a label to be a string, but got ${quote(label)}.`);
  }
}
