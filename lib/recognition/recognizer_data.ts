import {quote, ValueError} from '../errors.js';
import type {Thresholds} from './calibration.js';
import type {EnrolledClasses} from './enrolled_classes.js';

/** A recognizer as plain data, for JSON. */
export interface RecognizerData {
  score: string;
  /** Undefined before the first enrolment, unless it was given. */
  width?: number | undefined;
  /** From which score on samples are accepted; undefined before calibration. */
  threshold?: number | undefined;
  /** The same for two samples. */
  pairThreshold?: number | undefined;
  classes: ClassData[];
}

/** An enrolled class as plain data. */
export interface ClassData {
  label: string;
  /** Of how many samples the center is the mean. */
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
  const characters = Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte));
  return btoa(characters.join(''));
}

export function decodeValues(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({length: Math.floor(bytes.length / VALUE_BYTES)}, (_, i) =>
    view.getFloat32(VALUE_BYTES * i, true),
  );
}

/** The classes and thresholds of a recognizer. */
export function dataOf(
  classes: EnrolledClasses | undefined,
  thresholds: Thresholds | undefined,
): Omit<RecognizerData, 'score' | 'width'> {
  return {
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

/** The thresholds that were saved; undefined for a recognizer that was not calibrated. */
export function thresholdsOf({threshold, pairThreshold, classes}: RecognizerData): Thresholds | undefined {
  const own = classes.flatMap((data) => (data.threshold === undefined ? [] : [[data.label, data.threshold] as const]));
  return threshold === undefined
    ? undefined
    : {all: threshold, byLabel: own.length > 0 ? new Map(own) : undefined, pairs: pairThreshold};
}

/** @throws ValueError for what `toJSON` of a recognizer has not made. */
export function checkData(data: unknown, where: string): asserts data is RecognizerData {
  const {width, threshold, pairThreshold, classes} = Object(data) as Partial<Record<keyof RecognizerData, unknown>>;
  const isWhole =
    Array.isArray(classes) && classes.every(isClassData) && [width, threshold, pairThreshold].every(isOptionalNumber);
  if (!isWhole) {
    throw new ValueError(`${where}: expected what toJSON of a recognizer gave, but got ${quote(data)}.`);
  }
}

function isClassData(data: unknown): data is ClassData {
  const {label, samples, center, threshold} = Object(data) as Partial<Record<keyof ClassData, unknown>>;
  return (
    typeof label === 'string' &&
    typeof samples === 'number' &&
    typeof center === 'string' &&
    isOptionalNumber(threshold)
  );
}

function isOptionalNumber(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
}
