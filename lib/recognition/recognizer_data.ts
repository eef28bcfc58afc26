import {encodeBase64} from '../base64.js';
import {quote, ValueError} from '../errors.js';
import {checkOptions} from '../options.js';
import type {Thresholds} from './calibration.js';
import {readKnownScores} from './calibration/known_scores.js';
import type {KnownScores} from './calibration/known_scores.js';
import type {AddedRows, EnrolledClasses} from './enrolled_classes.js';
import {checkWidth, IN_RANGE, indexOutOfRange} from './features.js';
import {checkLabel} from './labels.js';
import {checkScore} from './scoring.js';
import type {Score} from './scoring.js';
import {checkTemplates, ONLY} from './templates.js';
import type {TemplatesOption} from './templates.js';

/**
 * The format of what is written. Version 0.2 wrote the first, without its number. The second is that of recognizers with
 * templates, so that what knows of none does not take each for a class.
 */
const FORMAT = 1;
const FORMAT_WITH_TEMPLATES = 2;

/** A recognizer as plain data, for JSON. */
export interface RecognizerData {
  /** 1, or 2 where classes have several templates, or named ones, or `templates` is given. Without it, 1 is meant. */
  format?: number | undefined;
  score: string;
  /** Undefined before the first enrolment, unless it was given. */
  width?: number | undefined;
  /** The lowest accepted score; undefined before calibration. */
  threshold?: number | undefined;
  /** The same for two samples. */
  pairThreshold?: number | undefined;
  /** What the known samples of the calibration scored, ascending: at most 1,000 quantiles. Versions before did not save them. */
  scores?: readonly number[] | undefined;
  /** The same of pairs of them with the same label. */
  pairScores?: readonly number[] | undefined;
  /** `'each'` where every sample becomes a template of its own. */
  templates?: string | undefined;
  classes: ClassData[];
}

/** An enrolled class as plain data; of one with several templates, each of these. */
export interface ClassData {
  label: string;
  /** The name of the template; undefined for `'1'`. */
  template?: string | undefined;
  /** Of how many samples the center is the mean, with `'cosine'` of their unit vectors. */
  samples: number;
  /** The center as float32 numbers, the least significant byte first, in Base64: exact, and a quarter as long as digits. */
  center: string;
  /** The threshold of its own, if the class has one. */
  threshold?: number | undefined;
}

const VALUE_BYTES = 4;

function encodeValues(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(VALUE_BYTES * values.length));
  for (let i = 0; i < values.length; i++) {
    bytes.setFloat32(VALUE_BYTES * i, values[i] as number, true);
  }
  return encodeBase64(new Uint8Array(bytes.buffer));
}

/** What a recognizer is beside its classes. */
export interface Head {
  score: Score;
  width: number | undefined;
  templates: TemplatesOption;
  thresholds: Thresholds;
  known: KnownScores;
}

/** The same as plain data. */
export function headOf({score, width, templates, thresholds, known}: Head): Omit<RecognizerData, 'classes'> {
  return {
    score,
    width,
    threshold: thresholds.all,
    pairThreshold: thresholds.pairs,
    scores: known.samples,
    pairScores: known.pairs,
    ...(templates === 'each' ? {templates} : {}),
  };
}

/** A recognizer as plain data. */
export function dataOf(head: Head, enrolled: EnrolledClasses | undefined): RecognizerData {
  const classes: ClassData[] = [];
  let format = head.templates === 'each' ? FORMAT_WITH_TEMPLATES : FORMAT;
  enrolled?.forEachRow((row, label) => {
    const template = enrolled.nameOf(row);
    if (template !== ONLY) {
      format = FORMAT_WITH_TEMPLATES;
    }
    classes.push({
      label,
      ...(template === ONLY ? {} : {template}),
      samples: enrolled.samplesOf(row),
      center: encodeValues(enrolled.centers.row(row)),
      // A class has one threshold, whatever its templates.
      threshold: enrolled.labels[row] === label ? head.thresholds.byLabel?.get(label) : undefined,
    });
  });
  return {format, ...headOf(head), classes};
}

/** What was saved, checked; but for labels that come twice where templates have no names, which the classes check. */
export interface Saved extends Head {
  rows: AddedRows;
}

const HEAD_NAMES = ['score', 'width', 'threshold', 'pairThreshold', 'scores', 'pairScores'];
const CLASS_NAMES = ['label', 'samples', 'center', 'threshold'];

/** @throws ValueError for a number of a format that is none of these, the last of which is the newest. */
export function checkFormat(format: unknown, known: readonly number[], caller: string): void {
  if (!known.includes(format as number)) {
    const isLater = typeof format === 'number' && format > (known.at(-1) ?? NaN);
    throw new ValueError(
      `${caller}: expected format ${known.join(' or ')}, but got ${quote(format)}` +
        (isLater ? ': a later version of tfjs-center-loss saved it. Update this one.' : '.'),
    );
  }
}

/**
 * Reads plain data, of which anything may have been changed.
 *
 * @throws ValueError for what `toJSON` of a recognizer has not made.
 */
export function readData(data: unknown, caller: string): Saved {
  const {format = FORMAT, classes} = Object(data) as Partial<Record<string, unknown>>;
  checkFormat(format, [FORMAT, FORMAT_WITH_TEMPLATES], caller);
  const hasTemplates = format === FORMAT_WITH_TEMPLATES;
  const head = readHead(data, ['format', ...(hasTemplates ? ['templates'] : []), 'classes'], caller);
  const known = [...CLASS_NAMES, ...(hasTemplates ? ['template'] : [])];
  if (!Array.isArray(classes)) {
    throw new ValueError(`${caller}: expected classes to be an array, but got ${quote(classes)}.`);
  }
  const own: (readonly [string, unknown])[] = [];
  const [labels, names, samples, centers]: [string[], string[], number[], string[]] = [[], [], [], []];
  let {width} = head;
  // Not map, which passes over what is missing.
  for (const one of classes as unknown[]) {
    checkOptions(one, known, caller);
    const {label, template = ONLY, samples: count, center, threshold} = one as Partial<Record<string, unknown>>;
    checkLabel(label, caller);
    checkLabel(template, caller, 'a template');
    if (!isCount(count)) {
      throw new ValueError(
        `${caller}: expected the samples of class ${quote(label)} to be a whole number of at least 1, ` +
          `but got ${quote(count)}.`,
      );
    }
    const characters = centerOf(center, width, label, caller);
    width ??= characters.length / VALUE_BYTES;
    checkWidth(width, caller);
    labels.push(label);
    names.push(template);
    samples.push(count);
    centers.push(characters);
    if (threshold !== undefined) {
      own.push([label, threshold]);
    }
  }
  const values = valuesOf(centers, width ?? 0);
  const rows = {labels, names: hasTemplates ? names : undefined, samples, values};
  return {...head, width, rows, thresholds: withOwn(head.thresholds, own, caller)};
}

/**
 * @throws ValueError for NaN, which in one center would change which classes are found at all, for numbers out of range, and for
 *   templates that come twice.
 */
export function checkRows({labels, names, values}: AddedRows, caller: string): void {
  const bad = indexOutOfRange(values);
  if (bad >= 0) {
    const label = quote(labels[Math.floor((bad * labels.length) / values.length)]);
    throw new ValueError(
      `${caller}: expected the center of class ${label} to hold ${IN_RANGE}, but got ${quote(values[bad])}.`,
    );
  }
  const seen = new Set<string>();
  names?.forEach((name, i) => {
    const both = JSON.stringify([labels[i], name]);
    if (seen.has(both)) {
      throw new ValueError(`${caller}: expected labels and templates that differ, but got ${both} twice.`);
    }
    seen.add(both);
  });
}

/** Reads what a recognizer is beside its classes. */
export function readHead(data: unknown, otherNames: readonly string[], caller: string): Head {
  checkOptions(data, [...HEAD_NAMES, ...otherNames], caller);
  const {score, width, templates, threshold, pairThreshold, scores, pairScores} = data as Partial<
    Record<string, unknown>
  >;
  checkScore(score, caller);
  if (width !== undefined) {
    checkWidth(width, caller);
  }
  const all = optionalNumber(threshold, 'threshold', caller);
  const pairs = optionalNumber(pairThreshold, 'pairThreshold', caller);
  return {
    score,
    width,
    templates: checkTemplates(templates, caller),
    thresholds: {all, byLabel: undefined, pairs},
    known: readKnownScores(scores, pairScores, caller),
  };
}

/** With the thresholds that classes have of their own. */
export function withOwn(
  thresholds: Thresholds,
  own: readonly (readonly [string, unknown])[],
  caller: string,
): Thresholds {
  const byLabel = new Map(
    own.map(([label, threshold]) => [label, optionalNumber(threshold, 'threshold', caller) ?? NaN] as const),
  );
  if (own.length === 0) {
    return thresholds;
  }
  if (thresholds.all === undefined) {
    throw new ValueError(`${caller}: expected a threshold beside those of classes, but got none.`);
  }
  if (byLabel.size < own.length) {
    throw new ValueError(`${caller}: expected one threshold a class, but got ${own.length} for ${byLabel.size}.`);
  }
  return {...thresholds, byLabel};
}

/** Whether it is a number of samples that a center can be the mean of. */
export function isCount(samples: unknown): samples is number {
  return Number.isSafeInteger(samples) && (samples as number) >= 1;
}

/**
 * The bytes of a center, a character each.
 *
 * @throws ValueError for what is not so many float32 numbers in Base64.
 */
function centerOf(center: unknown, width: number | undefined, label: string, caller: string): string {
  let characters: string | undefined;
  try {
    characters = typeof center === 'string' ? atob(center) : undefined;
  } catch {
    // It is told below.
  }
  const size = characters === undefined ? undefined : characters.length / VALUE_BYTES;
  if (characters === undefined || !Number.isInteger(size) || (width ?? size) !== size) {
    throw new ValueError(
      `${caller}: expected the center of class ${quote(label)} to be ${width ?? 'some'} float32 numbers in Base64, ` +
        `but got ${quote(Number.isInteger(size) ? size : center)}.`,
    );
  }
  return characters;
}

/** All centers, one after the other: an array for each would take longer than all else. */
function valuesOf(centers: readonly string[], width: number): Float32Array {
  const values = new Float32Array(centers.length * width);
  const view = new DataView(values.buffer);
  centers.forEach((characters, row) => {
    const start = row * width;
    for (let i = 0; i < characters.length; i++) {
      view.setUint8(VALUE_BYTES * start + i, characters.charCodeAt(i));
    }
    for (let i = start; i < start + width; i++) {
      values[i] = view.getFloat32(VALUE_BYTES * i, true);
    }
  });
  return values;
}

function optionalNumber(value: unknown, name: string, caller: string): number | undefined {
  if (value !== undefined && !Number.isFinite(value)) {
    throw new ValueError(`${caller}: expected ${name} to be a number, but got ${quote(value)}.`);
  }
  return value as number | undefined;
}
