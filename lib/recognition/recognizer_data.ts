import {decodeBase64, encodeBase64} from '../base64.js';
import {quote, ValueError} from '../errors.js';
import type {Thresholds} from './calibration.js';
import type {EnrolledClasses} from './enrolled_classes.js';

/** A recognizer as plain data, for JSON. */
export interface RecognizerData {
  score: string;
  /** Undefined before the first enrolment, unless it was given. */
  width?: number | undefined;
  /** The lowest accepted score; undefined before calibration. */
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
  return encodeBase64(new Uint8Array(bytes.buffer));
}

export function decodeValues(base64: string): Float32Array {
  const bytes = decodeBase64(base64);
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
    classes: (classes?.labels ?? []).map((label, index) => ({
      label,
      samples: classes?.samples[index] ?? 0,
      center: encodeValues(classes?.centers.row(index) ?? new Float32Array(0)),
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
export function checkData(data: unknown, caller: string): asserts data is RecognizerData {
  const {width, threshold, pairThreshold, classes} = Object(data) as Partial<Record<keyof RecognizerData, unknown>>;
  const isWhole =
    Array.isArray(classes) && classes.every(isClassData) && [width, threshold, pairThreshold].every(isOptionalNumber);
  if (!isWhole) {
    throw new ValueError(`${caller}: expected what toJSON of a recognizer gave, but got ${quote(data)}.`);
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
