import {quote, ValueError} from '../errors.js';
import {checkOptions} from '../options.js';
import type {Identification, Verification} from './answers.js';
import {calibration, checkThreshold, isAccepted, withoutLabel} from './calibration.js';
import type {Calibration, Thresholds} from './calibration.js';
import {checkGoal} from './calibration/goal.js';
import type {CalibrationGoal} from './calibration/goal.js';
import {knownScores, shareUpTo} from './calibration/known_scores.js';
import type {KnownScores} from './calibration/known_scores.js';
import {EnrolledClasses} from './enrolled_classes.js';
import {checkWidth, readFeatures, readLabelledFeatures} from './features.js';
import type {Features} from './features.js';
import {checkLabel} from './labels.js';
import {bytesOf, readBytes} from './recognizer_bytes.js';
import {checkRows, dataOf, readData} from './recognizer_data.js';
import type {Head, RecognizerData, Saved} from './recognizer_data.js';
import {checkScore, DEFAULT_SCORE, nearestClasses, pairScore, scoreSamples} from './scoring.js';
import type {Score} from './scoring.js';
import {rowOf} from './search/matrix.js';
import {inverseLength} from './search/vectors.js';
import {checkTemplates, ONLY} from './templates.js';
import type {TemplatesOption} from './templates.js';

/** The options of a {@link Recognizer}. */
export interface RecognizerArgs {
  /** What samples score; see `Score`. */
  readonly score?: Score;
  /** How many numbers the features of a sample are, at most 2²⁴. Needed only if the first come as several samples in one Float32Array. */
  readonly width?: number;
  /**
   * What samples become that are enrolled without a name for their template: `'mean'`, one template of the class, the mean of
   * them all; or `'each'`, a template of its own for every sample. `'mean'` by default.
   */
  readonly templates?: TemplatesOption;
}

/**
 * Names the class of samples by their features, or says that they belong to none; learns new classes without training.
 *
 * A class is the mean of its samples in feature space, its center. Samples are compared with all centers, exactly. Memory:
 * the centers in float32, a quarter of that again for the codes that make the search fast, and some 80 bytes a class. The features must be finite numbers, of the same width throughout.
 * @example
 * ```js
 * const recognizer = new Recognizer();
 * await recognizer.enroll('cat', [[0, 1], [1, 0]]);
 * await recognizer.enroll('dog', [[8, 9], [9, 8]]);
 * await recognizer.calibrate([[0, 0], [9, 9]], ['cat', 'dog']);
 * const [first, second] = await recognizer.identify([[1, 1], [20, 0]], {k: 2});
 * console.log(first.label, second.label, first.nearest.length); // cat undefined 2
 * ```
 */
export class Recognizer {
  private readonly givenScore: Score;
  private readonly givenTemplates: TemplatesOption;
  private givenWidth: number | undefined;
  private classes: EnrolledClasses | undefined;
  private thresholds: Thresholds = {all: undefined, byLabel: undefined, pairs: undefined};
  private known: KnownScores = {samples: undefined, pairs: undefined};

  /** @throws ValueError for an unknown score or option, or a width that is no whole number from 1 to 2²⁴. */
  constructor(args: RecognizerArgs = {}) {
    const caller = 'Recognizer';
    checkOptions(args, ['score', 'width', 'templates'], caller);
    const {score = DEFAULT_SCORE, width, templates} = args;
    checkScore(score, caller);
    if (width !== undefined) {
      checkWidth(width, caller);
    }
    this.givenScore = score;
    this.givenTemplates = checkTemplates(templates, caller);
    this.givenWidth = width;
  }

  /**
   * A recognizer that starts with these centers, such as those of a trained layer. Each counts as one sample when its class
   * is enrolled again.
   *
   * @param centers `[classes, width]`; a Float32Array has its width from the number of labels.
   * @param labels One a center, no two the same.
   * @throws ValueError for wrong features or labels.
   * @example
   * ```js
   * const recognizer = await Recognizer.fromCenters([[0, 0], [8, 8]], ['cat', 'dog'], {score: 'cosine'});
   * console.log(recognizer.labels); // ['cat', 'dog']
   * ```
   */
  static async fromCenters(
    centers: Features,
    labels: readonly string[],
    args: RecognizerArgs = {},
  ): Promise<Recognizer> {
    const caller = 'Recognizer.fromCenters';
    const recognizer = new Recognizer(args);
    const read = await readLabelledFeatures(centers, labels, checkLabel, args.width, caller);
    recognizer.changeClasses(read.matrix.width, caller, (classes) => {
      classes.add({labels: read.labels, values: read.matrix.values}, caller);
    });
    return recognizer;
  }

  /** What samples score. */
  get score(): Score {
    return this.givenScore;
  }

  /**
   * The lowest accepted score; undefined before calibration, when everything is accepted. One that is set is for all classes: the
   * thresholds that classes have of their own are gone. A `'distance'` score is a negated distance: -0.6 accepts distances up
   * to 0.6.
   *
   * @throws ValueError for what is neither a finite number nor undefined, and above the highest score: 1 of `'cosine'`, else 0.
   * @example
   * ```js
   * const recognizer = await Recognizer.fromCenters([[0, 0], [8, 8]], ['cat', 'dog']);
   * recognizer.threshold = -2.5;
   * const [near, far] = await recognizer.identify([[2, 1], [3, 3]]);
   * console.log(near.label, far.label); // cat undefined
   * ```
   */
  get threshold(): number | undefined {
    return this.thresholds.all;
  }

  set threshold(threshold: number | undefined) {
    checkThreshold(threshold, this.score, 'threshold');
    this.thresholds = {...this.thresholds, all: threshold, byLabel: undefined};
  }

  /** The same for `verify`, which cannot do without. */
  get pairThreshold(): number | undefined {
    return this.thresholds.pairs;
  }

  set pairThreshold(threshold: number | undefined) {
    checkThreshold(threshold, this.score, 'pairThreshold');
    this.thresholds = {...this.thresholds, pairs: threshold};
  }

  /** The enrolled classes, in the order of their enrolment. */
  get labels(): readonly string[] {
    return (this.classes?.labels ?? []).filter((label) => label !== undefined);
  }

  /**
   * Enrols a new class, or more samples of a known one: its center is the mean of all its samples. One sample is enough;
   * of five the mean is much nearer to the truth.
   *
   * With the scores `'distance'` and `'cosine'` the scores of other classes stay the same to the last bit. `'relative'`
   * scores change, since they compare a center with all others. Calibrated thresholds stay; a new class takes the one of
   * all.
   *
   * @throws ValueError for wrong features, no samples, or a label that is no string. Nothing has changed then, nor where there
   *   is no more memory.
   */
  async enroll(label: string, samples: Features, args: {readonly template?: string} = {}): Promise<void> {
    const caller = 'enroll';
    checkLabel(label, caller);
    checkOptions(args, ['template'], caller);
    const {template} = args;
    if (template !== undefined) {
      checkLabel(template, caller, 'template');
    }
    const matrix = await readFeatures(samples, this.width, caller);
    if (matrix.rows === 0) {
      throw new ValueError(`${caller}: expected at least one sample of ${quote(label)}, but got none.`);
    }
    this.changeClasses(matrix.width, caller, (classes) => {
      if (template === undefined && this.givenTemplates === 'each') {
        classes.addEach(label, matrix, caller);
      } else {
        classes.addSamples(label, template ?? ONLY, matrix, caller);
      }
    });
  }

  /**
   * The names of the templates of a class, in the order of their enrolment; none for a class that is not enrolled. What was
   * enrolled without a name is called `'1'`, and with `templates: 'each'` `'1'`, `'2'` and so on, whatever is free.
   *
   * @throws ValueError for a label that is no string.
   */
  templates(label: string): string[] {
    checkLabel(label, 'templates');
    const {classes} = this;
    const first = classes?.indexOf(label);
    return classes && first !== undefined ? classes.rowsOf(first).map((row) => classes.nameOf(row)) : [];
  }

  /**
   * Forgets a class, and its threshold; or one template of it, and with the last one the class. False if it was not enrolled.
   * Its numbers are overwritten in memory.
   *
   * @throws ValueError for a label or a template that is no string.
   */
  remove(label: string, template?: string): boolean {
    const caller = 'remove';
    checkLabel(label, caller);
    if (template !== undefined) {
      checkLabel(template, caller, 'template');
    }
    const {classes} = this;
    const row = template === undefined ? classes?.indexOf(label) : classes?.find(label, template);
    if (!classes || row === undefined) {
      return false;
    }
    if (template === undefined) {
      classes.remove(row);
    } else {
      classes.removeTemplate(row);
    }
    if (classes.indexOf(label) === undefined) {
      this.thresholds = withoutLabel(this.thresholds, label);
    }
    return true;
  }

  /**
   * Chooses from which score on samples are accepted, by samples that were not used for training or, without `leaveOneOut`,
   * enrolment. Replaces an earlier calibration. The promise is for new samples like these. It holds on average over calibrations:
   * with 1,000 samples at 95 %, the accepted share of new ones has a standard deviation of 0.7 points. With `confidence` it holds
   * for this calibration, with that probability.
   *
   * @param samples Samples of known classes.
   * @param labels The class of each.
   * @param goal The share of known samples to accept, or of unknown ones to let in.
   * @throws ValueError for wrong features or goals, a label that is not enrolled, and if nothing is enrolled; with `leaveOneOut`
   *   for a class of one sample, and for more samples of a class than are enrolled.
   * @example
   * ```js
   * const recognizer = await Recognizer.fromCenters([[0, 0], [8, 8]], ['cat', 'dog']);
   * const goal = {falseAccept: 0.01, unknown: [[4, 4], [0, 8]]};
   * const {accepted, falselyAccepted} = await recognizer.calibrate([[0, 1], [8, 6]], ['cat', 'dog'], goal);
   * console.log(accepted, falselyAccepted); // 1 0
   * ```
   */
  async calibrate(samples: Features, labels: readonly string[], goal: CalibrationGoal = {}): Promise<Calibration> {
    const caller = 'calibrate';
    checkGoal(goal, caller);
    this.enrolled(caller);
    // The caller may change all of it before the next line is reached.
    const wanted = {...goal};
    const [{matrix: known, labels: names}, unknown] = await Promise.all([
      readLabelledFeatures(samples, labels, checkLabel, this.width, caller),
      wanted.unknown === undefined ? undefined : readFeatures(wanted.unknown, this.width, caller),
    ]);
    if (unknown?.rows === 0) {
      throw new ValueError(`${caller}: expected at least one unknown sample, but got none.`);
    }
    const classes = this.enrolled(caller);
    classes.checkEnrolled(names, caller);
    this.checkRelative(classes, caller);
    const scored = scoreSamples(classes, this.score, {known, labels: names}, unknown, wanted);
    const {thresholds, report} = calibration(scored, wanted, classes.size);
    this.thresholds = thresholds;
    this.known = knownScores(scored);
    return report;
  }

  /**
   * Names the class of each sample, or says that it is none. Before `calibrate` everything is accepted but, with `'cosine'`, a
   * sample of zeros, which has no direction.
   *
   * @param args `k`: so many of the nearest classes are returned, all of them if there are fewer; 1 by default.
   * @throws ValueError for wrong features, other options, a k that is no whole number of at least 1, if nothing is enrolled,
   *   and after calibration if one class alone is left for relative scores.
   */
  async identify(samples: Features, args: {readonly k?: number} = {}): Promise<Identification[]> {
    const caller = 'identify';
    checkOptions(args, ['k'], caller);
    const {k = 1} = args;
    if (!(Number.isInteger(k) && k >= 1)) {
      throw new ValueError(`${caller}: expected k to be a whole number of at least 1, but got ${quote(k)}.`);
    }
    this.enrolled(caller);
    const matrix = await readFeatures(samples, this.width, caller);
    const classes = this.enrolled(caller);
    const {score, thresholds, known} = this;
    if (thresholds.all !== undefined) {
      this.checkRelative(classes, caller);
    }
    return nearestClasses(classes, matrix, k, score).map((nearest, i) => {
      const [best] = nearest;
      const isLikeAny = thresholds.all !== undefined || score !== 'cosine' || inverseLength(rowOf(matrix, i)) > 0;
      const accepted = best !== undefined && isLikeAny && isAccepted(best, thresholds);
      const typicality = best && shareUpTo(known.samples, best.score);
      return {label: accepted ? best.label : undefined, accepted, typicality, nearest};
    });
  }

  /**
   * Compares samples two by two: are they of the same class, enrolled or not?
   *
   * @param first `[samples, width]`
   * @param second As many.
   * @throws ValueError for wrong features, for another number of samples, and without a `pairThreshold`, which `calibrate`
   *   chooses if there are two samples to compare.
   * @example
   * ```js
   * const recognizer = await Recognizer.fromCenters([[0, 0], [8, 0]], ['cat', 'dog']);
   * await recognizer.calibrate([[0, 0], [0, 2], [8, 1]], ['cat', 'cat', 'dog']);
   * console.log(await recognizer.verify([3, 3], [3, 4])); // [{same: true, score: -1, typicality: 1}]
   * ```
   */
  async verify(first: Features, second: Features): Promise<Verification[]> {
    const caller = 'verify';
    const [one, other] = await Promise.all([
      readFeatures(first, this.width, caller),
      readFeatures(second, this.width, caller),
    ]);
    if (one.width !== other.width && other.rows > 0) {
      throw new ValueError(`${caller}: expected features of width ${one.width}, but got width ${other.width}.`);
    }
    if (one.rows !== other.rows) {
      throw new ValueError(`${caller}: expected as many samples as in first, ${one.rows}, but got ${other.rows}.`);
    }
    const {pairThreshold, known} = this;
    if (pairThreshold === undefined) {
      throw new ValueError(
        `${caller}: expected calibrate to be called before, with samples that can be paired, or pairThreshold to be set.`,
      );
    }
    return Array.from({length: one.rows}, (_, i) => {
      const score = pairScore(rowOf(one, i), rowOf(other, i), this.score);
      return {same: score >= pairThreshold, score, typicality: shareUpTo(known.pairs, score)};
    });
  }

  /** All of the recognizer as plain data, for `JSON.stringify`; `fromJSON` makes the same of it to the last bit. */
  toJSON(): RecognizerData {
    return dataOf(this.head, this.classes);
  }

  /**
   * The recognizer of which `toJSON` gave this.
   *
   * What version 0.2 saved is loaded as well, and goes on as it was; with `'cosine'`, whose means were then of samples of any
   * length, a center that is longer than 1 goes on as so many samples in its direction.
   *
   * @throws ValueError for what is not from `toJSON`: other names, labels that come twice, centers and thresholds that are no
   *   numbers, and a later format.
   * @example
   * ```js
   * const recognizer = await Recognizer.fromCenters([[0, 0], [8, 8]], ['cat', 'dog']);
   * const text = JSON.stringify(recognizer);
   * console.log(Recognizer.fromJSON(JSON.parse(text)).labels); // ['cat', 'dog']
   * ```
   */
  static fromJSON(data: RecognizerData): Recognizer {
    const caller = 'Recognizer.fromJSON';
    return Recognizer.fromSaved(readData(data, caller), caller);
  }

  /**
   * All of the recognizer as bytes, for files and databases; `fromBytes` makes the same of it to the last bit. They take what
   * the centers take, in float32, and the labels; a million classes of 128 numbers take seconds as JSON, which ends
   * at 500 million characters, and less than one as bytes. docs/recognition.md has the format.
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    return bytesOf(this.head, this.classes);
  }

  /**
   * The recognizer of which `toBytes` gave this.
   *
   * @throws ValueError for what is not from `toBytes`, what has changed since then or is not all of it, and a later format.
   * @example
   * ```js
   * const recognizer = await Recognizer.fromCenters([[0, 0], [8, 8]], ['cat', 'dog']);
   * const bytes = recognizer.toBytes();
   * console.log(Recognizer.fromBytes(bytes).labels); // ['cat', 'dog']
   * ```
   */
  static fromBytes(bytes: Uint8Array): Recognizer {
    const caller = 'Recognizer.fromBytes';
    return Recognizer.fromSaved(readBytes(bytes, caller), caller);
  }

  private static fromSaved({score, width, templates, rows, thresholds, known}: Saved, caller: string): Recognizer {
    checkRows(rows, caller);
    const recognizer = new Recognizer({score, ...(width === undefined ? {} : {width}), templates});
    if (width !== undefined && rows.labels.length > 0) {
      recognizer.changeClasses(width, caller, (classes) => {
        classes.add(rows, caller);
      });
    }
    if (thresholds.byLabel) {
      recognizer.enrolled(caller).checkEnrolled([...thresholds.byLabel.keys()], caller);
    }
    recognizer.thresholds = thresholds;
    recognizer.known = known;
    return recognizer;
  }

  private get head(): Head {
    const {score, width, givenTemplates: templates, thresholds, known} = this;
    return {score, width, templates, thresholds, known};
  }

  private get width(): number | undefined {
    return this.classes?.width ?? this.givenWidth;
  }

  /** Adds to the classes. If that fails, they are as before, and so is the width. */
  private changeClasses(width: number, caller: string, change: (classes: EnrolledClasses) => void): void {
    const expected = this.width ?? width;
    if (width !== expected) {
      throw new ValueError(`${caller}: expected features of width ${expected}, but got width ${width}.`);
    }
    const classes = this.classes ?? new EnrolledClasses(width, this.score === 'cosine' ? 'cosine' : 'distance');
    change(classes);
    this.classes = classes;
  }

  /** @throws ValueError for one class alone and relative scores: all that is like it or not would score 0. */
  private checkRelative({size}: EnrolledClasses, caller: string): void {
    if (this.score === 'relative' && size < 2) {
      throw new ValueError(`${caller}: expected at least two classes for the score 'relative', but got 1.`);
    }
  }

  /** The classes, of which there must be one. */
  private enrolled(caller: string): EnrolledClasses {
    if (!this.classes || this.classes.size === 0) {
      throw new ValueError(`${caller}: expected a class to be enrolled before, but there is none.`);
    }
    return this.classes;
  }
}
