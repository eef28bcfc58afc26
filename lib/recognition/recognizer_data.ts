import {decodeBase64, encodeBase64} from '../base64.js';
import {quote, ValueError} from '../errors.js';
import {checkOptions} from '../options.js';
import type {Thresholds} from './calibration.js';
import {readKnownScores} from './calibration/known_scores.js';
import type {KnownScores} from './calibration/known_scores.js';
import type {EnrolledClasses} from './enrolled_classes.js';
import {checkWidth} from './features.js';
import {checkLabel} from './labels.js';
import {checkScore} from './scoring.js';
import type {Score} from './scoring.js';

/** The format of what is written. Version 0.2 wrote this one, without its number. */
const FORMAT = 1;

/** A recognizer as plain data, for JSON. */
export interface RecognizerData {
  /** 1. Without it, 1 is meant. */
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
  classes: ClassData[];
}

/** An enrolled class as plain data. */
export interface ClassData {
  label: string;
  /** Of how many samples the center is the mean, with `'cosine'` of their unit vectors. */
  samples: number;
  /** The center as float32 numbers, the least significant byte first, in Base64: exact, and a quarter as long as digits. */
  center: string;
  /** The threshold of its own, if it has one. */
  threshold?: number | undefined;
}

const VALUE_BYTES = 4;

function encodeValues(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(VALUE_BYTES * values.length));
  values.forEach((value, i) => {
    bytes.setFloat32(VALUE_BYTES * i, value, true);
  });
  return encodeBase64(new Uint8Array(bytes.buffer));
}

/** A recognizer as plain data. */
export function dataOf(
  {score, width}: {score: Score; width: number | undefined},
  classes: EnrolledClasses | undefined,
  thresholds: Thresholds | undefined,
  known: KnownScores,
): RecognizerData {
  return {
    format: FORMAT,
    score,
    width,
    threshold: thresholds?.all,
    pairThreshold: thresholds?.pairs,
    scores: known.samples,
    pairScores: known.pairs,
    classes: (classes?.labels ?? []).map((label, index) => ({
      label,
      samples: classes?.samples[index] ?? 0,
      center: encodeValues(classes?.centers.row(index) ?? new Float32Array(0)),
      threshold: thresholds?.byLabel?.get(label),
    })),
  };
}

/** What plain data says, checked. */
export interface ReadData {
  score: Score;
  width: number | undefined;
  classes: {label: string; samples: number; center: Float32Array}[];
  thresholds: Thresholds;
  known: KnownScores;
}

const DATA_NAMES = ['format', 'score', 'width', 'threshold', 'pairThreshold', 'scores', 'pairScores', 'classes'];
const CLASS_NAMES = ['label', 'samples', 'center', 'threshold'];

/**
 * Reads plain data, of which anything may have been changed. What a store of centers checks itself is left to it: labels
 * that come twice, and numbers out of range.
 *
 * @throws ValueError for what `toJSON` of a recognizer has not made.
 */
export function readData(data: unknown, caller: string): ReadData {
  const {format, score, width, threshold, pairThreshold, scores, pairScores, classes} = Object(data) as Partial<
    Record<string, unknown>
  >;
  if (format !== undefined && format !== FORMAT) {
    const isLater = typeof format === 'number' && format > FORMAT;
    throw new ValueError(
      `${caller}: expected format ${FORMAT}, but got ${quote(format)}` +
        (isLater ? ': a later version of tfjs-center-loss saved it. Update this one.' : '.'),
    );
  }
  checkOptions(data, DATA_NAMES, caller);
  checkScore(score, caller);
  if (width !== undefined) {
    checkWidth(width, caller);
  }
  if (!Array.isArray(classes)) {
    throw new ValueError(`${caller}: expected classes to be an array, but got ${quote(classes)}.`);
  }
  const all = optionalNumber(threshold, 'threshold', caller);
  const pairs = optionalNumber(pairThreshold, 'pairThreshold', caller);
  const byLabel = new Map<string, number>();
  const read: ReadData['classes'] = [];
  // Not map, which passes over what is missing.
  for (const one of classes as unknown[]) {
    const {own, ...others} = readClass(one, width ?? read[0]?.center.length, caller);
    checkWidth(others.center.length, caller);
    read.push(others);
    if (own !== undefined) {
      byLabel.set(others.label, own);
    }
  }
  if (all === undefined && byLabel.size > 0) {
    throw new ValueError(`${caller}: expected a threshold beside those of classes, but got none.`);
  }
  return {
    score,
    width,
    classes: read,
    thresholds: {all, byLabel: byLabel.size > 0 ? byLabel : undefined, pairs},
    known: readKnownScores(scores, pairScores, caller),
  };
}

function readClass(
  data: unknown,
  width: number | undefined,
  caller: string,
): ReadData['classes'][number] & {own: number | undefined} {
  checkOptions(data, CLASS_NAMES, caller);
  const {label, samples, center, threshold} = data as Partial<Record<string, unknown>>;
  checkLabel(label, caller);
  const ofClass = `of class ${quote(label)}`;
  if (!(Number.isSafeInteger(samples) && (samples as number) >= 1)) {
    throw new ValueError(
      `${caller}: expected the samples ${ofClass} to be a whole number of at least 1, but got ${quote(samples)}.`,
    );
  }
  const values = decodeValues(center);
  if (!values || (width !== undefined && values.length !== width)) {
    throw new ValueError(
      `${caller}: expected the center ${ofClass} to be ${width ?? 'some'} float32 numbers in Base64, ` +
        `but got ${quote(values?.length ?? center)}.`,
    );
  }
  return {label, samples: samples as number, center: values, own: optionalNumber(threshold, 'threshold', caller)};
}

/** Undefined for what is not float32 numbers in Base64. */
function decodeValues(base64: unknown): Float32Array | undefined {
  if (typeof base64 !== 'string') {
    return undefined;
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decodeBase64(base64);
  } catch {
    return undefined;
  }
  if (bytes.length % VALUE_BYTES !== 0) {
    return undefined;
  }
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(bytes.length / VALUE_BYTES);
  for (let i = 0; i < values.length; i++) {
    values[i] = view.getFloat32(VALUE_BYTES * i, true);
  }
  return values;
}

function optionalNumber(value: unknown, name: string, caller: string): number | undefined {
  if (value !== undefined && !Number.isFinite(value)) {
    throw new ValueError(`${caller}: expected ${name} to be a number, but got ${quote(value)}.`);
  }
  return value as number | undefined;
}
