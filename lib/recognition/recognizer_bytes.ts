import {quote, ValueError, whatIs} from '../errors.js';
import {checksum} from './checksum.js';
import type {EnrolledClasses} from './enrolled_classes.js';
import {checkFormat, headOf, isCount, readHead, withOwn} from './recognizer_data.js';
import type {Head, Saved} from './recognizer_data.js';
import {ONLY} from './templates.js';

/**
 * The bytes of a saved recognizer; docs/recognition.md has them for other programs:
 *
 *     8 bytes       "tfjs-clr" in ASCII
 *     uint32        1, the number of the format
 *     uint32        how many bytes the head takes
 *     the head      JSON in UTF-8, filled up with spaces to a multiple of 4 bytes
 *     the centers   float32, a row for each template
 *     uint32        the checksum XXH32 of all before
 *
 * All numbers have the least significant byte first.
 */
const MAGIC = 'tfjs-clr';
const FORMAT = 1;
const WORD_BYTES = 4;
const FORMAT_START = 8;
const HEAD_START = 16;
const SPACE = 0x20;

/** Where the labels begin in the head. */
const LABELS = ',"labels":["';

const COLUMNS = ['labels', 'names', 'samples', 'thresholds'] as const;

/** A recognizer as bytes. */
export function bytesOf(head: Head, enrolled: EnrolledClasses | undefined): Uint8Array<ArrayBuffer> {
  const [labels, names, samples]: [string[], string[], number[]] = [[], [], []];
  enrolled?.forEachRow((row, label) => {
    labels.push(label);
    names.push(enrolled.nameOf(row));
    samples.push(enrolled.samplesOf(row));
  });
  const own = head.thresholds.byLabel;
  const columns: Record<(typeof COLUMNS)[number], unknown> = {
    labels,
    // Left out where each class has but one template, without a name.
    names: names.every((name) => name === ONLY) ? undefined : names,
    // Left out where each is the mean of one sample.
    samples: samples.every((count) => count === 1) ? undefined : samples,
    thresholds: own?.size ? [...own] : undefined,
  };
  const encoder = new TextEncoder();
  const text = encoder.encode(JSON.stringify({...headOf(head), ...columns}));
  const headBytes = WORD_BYTES * Math.ceil(text.length / WORD_BYTES);
  const start = HEAD_START + headBytes;
  const size = labels.length * (enrolled?.width ?? 0);
  const end = start + WORD_BYTES * size;
  const bytes = new Uint8Array(end + WORD_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode(MAGIC));
  view.setUint32(FORMAT_START, FORMAT, true);
  view.setUint32(FORMAT_START + WORD_BYTES, headBytes, true);
  bytes.set(text, HEAD_START);
  bytes.fill(SPACE, HEAD_START + text.length, start);
  enrolled?.centers.copyTo(new Float32Array(bytes.buffer, start, size));
  view.setUint32(end, checksum(new Int32Array(bytes.buffer, 0, end / WORD_BYTES)), true);
  return bytes;
}

/**
 * Reads such bytes, of which any may have been changed. Nothing is reserved before the sizes are known to be right.
 *
 * @throws ValueError for what `toBytes` of a recognizer has not made.
 */
export function readBytes(given: Uint8Array, caller: string): Saved {
  // Whoever writes JavaScript may pass anything, an ArrayBuffer too.
  const kind = whatIs(given);
  if (Object.prototype.toString.call(given) !== '[object Uint8Array]') {
    throw new ValueError(`${caller}: expected a Uint8Array, but got ${kind}.`);
  }
  // Words lie at multiples of 4 bytes; what comes from files may not.
  const bytes = given.byteOffset % WORD_BYTES === 0 ? given : given.slice();
  const {buffer, byteOffset, length} = bytes;
  const end = length - WORD_BYTES;
  if (end < HEAD_START || new TextEncoder().encode(MAGIC).some((code, i) => code !== bytes[i])) {
    throw new ValueError(`${caller}: expected what toBytes gives, but got ${length} bytes of something else.`);
  }
  const view = new DataView(buffer, byteOffset, length);
  checkFormat(view.getUint32(FORMAT_START, true), [FORMAT], caller);
  const words = end % WORD_BYTES === 0 && new Int32Array(buffer, byteOffset, end / WORD_BYTES);
  if (!words || checksum(words) !== view.getUint32(end, true)) {
    throw new ValueError(
      `${caller}: expected all that toBytes gave, but of ${length} bytes some are changed or missing.`,
    );
  }
  const start = HEAD_START + view.getUint32(FORMAT_START + WORD_BYTES, true);
  const data = start % WORD_BYTES === 0 && start <= end ? parse(bytes.subarray(HEAD_START, start)) : undefined;
  const head = readHead(data, ['templates', ...COLUMNS], caller);
  const {labels, names, samples, thresholds} = data as Partial<Record<(typeof COLUMNS)[number], unknown>>;
  const rows = Array.isArray(labels) ? labels.length : NaN;
  const size = (end - start) / WORD_BYTES;
  // Without centers there may be no width.
  if ((rows && rows * (head.width ?? NaN)) !== size) {
    throw new ValueError(`${caller}: expected ${rows} centers of width ${head.width}, but got ${size} numbers.`);
  }
  const column = <T>(values: unknown, name: string, isOne: (value: unknown) => value is T): T[] => {
    if (!Array.isArray(values) || (values.length !== rows && name !== 'thresholds') || !values.every(isOne)) {
      throw new ValueError(`${caller}: expected ${name} of ${rows} centers, but got ${quote(values)}.`);
    }
    return values;
  };
  return {
    ...head,
    rows: {
      labels: column(labels, 'labels', isString),
      names: names === undefined ? undefined : column(names, 'names', isString),
      samples: samples === undefined ? undefined : column(samples, 'samples', isCount),
      values: new Float32Array(buffer, byteOffset + start, size),
    },
    thresholds: withOwn(head.thresholds, column(thresholds ?? [], 'thresholds', isThreshold), caller),
  };
}

/** Undefined for what is no JSON. */
function parse(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
    // Engines look up each short string of a JSON text in a table: to split the labels takes a tenth of the time.
    const start = text.indexOf(LABELS) + LABELS.length;
    const end = text.indexOf('"]', start);
    const labels = text.slice(start, end).split('","');
    // Not where some are written with escapes, or others than strings are among them.
    if (start < LABELS.length || end < 0 || labels.some((label) => /["\\\p{Cc}]/u.test(label))) {
      return JSON.parse(text);
    }
    return {...(JSON.parse(text.slice(0, start) + text.slice(end)) as object), labels};
  } catch {
    return undefined;
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isThreshold(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && isString(value[0]);
}
